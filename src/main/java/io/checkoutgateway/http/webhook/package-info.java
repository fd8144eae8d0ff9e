/** Where Stripe delivers, {@code /api/v1/apps/{appId}/stripe/webhook}. */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.http.webhook;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
