package io.checkoutgateway.settings;

import java.time.Duration;

/**
 * How changes of sessions are told to others.
 *
 * @param interval how often the outbox is looked at when nothing announced a change
 * @param retention how long a reader may be away and still miss nothing
 * @param streamsMax how many streams one process serves
 * @param heartbeat how often a silent stream shows that it lives
 * @param streamAge how long a stream lives before its reader has to come again
 */
public record FeedSettings(
        Duration interval, Duration retention, int streamsMax, Duration heartbeat, Duration streamAge) {}
