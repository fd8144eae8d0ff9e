/** The billing family, {@code /api/v3/openmeter}: one file for each operation, and the wire forms it speaks. */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.billing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
