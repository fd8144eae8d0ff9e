package io.checkoutgateway.settings;

import java.time.Duration;

/**
 * How Stripe's events are taken in and applied.
 *
 * @param tolerance how far a webhook's time stamp may be from now, in both directions
 * @param workInterval how often the inbox is looked at when nothing announced an event
 * @param batch how many events one look takes at most
 * @param attempts how often an event is tried before it is set aside
 * @param retention how long settled events are kept
 * @param historyRetention how long the changes of sessions are kept
 */
public record EventSettings(
        Duration tolerance,
        Duration workInterval,
        int batch,
        int attempts,
        Duration retention,
        Duration historyRetention) {}
