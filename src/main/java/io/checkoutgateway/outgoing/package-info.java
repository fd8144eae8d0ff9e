/**
 * Telling others: signed webhooks to the endpoints that callers registered, as Standard Webhooks 1.0 describes. The
 * doors are {@link io.checkoutgateway.outgoing.WebhookEndpoints}, for what callers do with endpoints, and {@link
 * io.checkoutgateway.outgoing.Courier}, which turns news into deliveries and delivers them. What Stripe delivers to the
 * gateway does not belong here, nor where the news come from.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.outgoing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
