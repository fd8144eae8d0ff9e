/**
 * What Stripe tells: webhooks are taken in, stored, and applied afterwards. The doors are
 * {@link io.checkoutgateway.events.Inbox}, which only checks and stores, and
 * {@link io.checkoutgateway.events.EventWorker}, which applies. What a state means for a session is decided in
 * {@code checkout}, not here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.events;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
