/** The admin family, {@code /api/v1/admin}: one file for each operation. */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.admin;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
