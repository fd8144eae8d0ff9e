package io.checkoutgateway.settings;

import java.time.Duration;
import java.util.List;

/**
 * Turns text into {@link Settings}. Reading goes on after a mistake, so that the operator sees them all at once; what
 * is read is also what is documented, since the catalogue is collected on the way.
 */
final class SettingsReader {
    private final Sources sources;
    private final Values values;

    SettingsReader(Sources sources) {
        this.sources = sources;
        this.values = new Values(sources);
    }

    Settings read() {
        Settings settings = readAll();
        checkLease(settings);
        checkHeartbeat(settings);
        checkRetentions(settings);
        new UnknownNames(sources, values.catalogue()).mistakes().forEach(values::refuse);
        if (!values.mistakes().isEmpty()) {
            throw new SettingsException(values.mistakes());
        }
        return settings;
    }

    private Settings readAll() {
        values.describe(
                Sources.CONFIG_FILE,
                null,
                false,
                false,
                "A properties file with any of these names and no others; the environment wins over it.");
        ServerReader server = new ServerReader(values);
        StripeReader stripe = new StripeReader(values);
        NewsReader news = new NewsReader(values);
        CallerReader callers = new CallerReader(values);
        return new Settings(
                server.http(),
                server.management(),
                server.database(),
                server.secretKeys(),
                stripe.stripe(),
                stripe.checkout(),
                stripe.apps(),
                news.events(),
                news.mirror(),
                news.feed(),
                news.outgoing(),
                callers.oidc(),
                callers.rates(),
                new LogReader(values, LogSettings.PRESET).log());
    }

    /** A create makes two calls, for the customer and for the session; the lease must not end in the middle. */
    private void checkLease(Settings settings) {
        Duration lease = settings.checkout().lease();
        Duration deadline = settings.stripe().deadline();
        if (lease.compareTo(deadline.multipliedBy(2)) <= 0) {
            values.refuse("GATEWAY_CREATE_LEASE must be longer than twice STRIPE_DEADLINE, was %s and %s"
                    .formatted(lease, deadline));
        }
    }

    /** A stream that is silent for longer than the server waits would be cut each time. */
    private void checkHeartbeat(Settings settings) {
        Duration heartbeat = settings.feed().heartbeat();
        Duration idle = settings.http().idleTimeout();
        if (heartbeat.compareTo(idle) >= 0) {
            values.refuse("GATEWAY_STREAM_HEARTBEAT must be shorter than GATEWAY_IDLE_TIMEOUT, was %s and %s"
                    .formatted(heartbeat, idle));
        }
    }

    /** What an endpoint missed is found by comparing the feed with its deliveries: one forgotten would be sent again. */
    private void checkRetentions(Settings settings) {
        Duration feed = settings.feed().retention();
        Duration deliveries = settings.outgoing().retention();
        if (deliveries.compareTo(feed) < 0) {
            values.refuse("GATEWAY_OUTGOING_RETENTION must not be shorter than GATEWAY_FEED_RETENTION, was %s and %s"
                    .formatted(deliveries, feed));
        }
    }

    List<Setting> catalogue() {
        Settings ignored = readAll();
        return values.catalogue();
    }
}
