/** The webhook endpoints family, {@code /api/v1/webhook-endpoints}: one file for each operation. */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.outgoing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
