/** The sessions family, {@code /api/v1/checkout-sessions}: one file for each operation, and the resource's wire form. */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.sessions;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
