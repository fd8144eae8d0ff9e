package io.checkoutgateway.settings;

import java.time.Duration;

/**
 * How the mirror is kept complete.
 *
 * @param catchUpInterval how often events that were not delivered, and sessions that are overdue, are looked for
 * @param driftGrace how long a difference between Stripe and the mirror must last to be one
 */
public record MirrorSettings(Duration catchUpInterval, Duration driftGrace) {}
