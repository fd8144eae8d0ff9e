package io.checkoutgateway.settings;

import java.time.Duration;
import java.util.List;

/**
 * How others are told of news by webhooks.
 *
 * @param networks where endpoints may lie besides public addresses
 * @param interval how often news and due deliveries are looked for
 * @param concurrency how many messages one process sends at once
 * @param timeout how long an endpoint may take to answer
 * @param disableAfter for how long an endpoint may fail without a success
 * @param retention how long settled deliveries are kept
 */
public record OutgoingSettings(
        List<Network> networks,
        Duration interval,
        int concurrency,
        Duration timeout,
        Duration disableAfter,
        Duration retention) {

    public OutgoingSettings {
        networks = List.copyOf(networks);
    }
}
