package io.checkoutgateway.events;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts deliveries that were not taken, by app and reason. A line in the log comes with the first of an app's for a
 * reason, the second, the fourth, the eighth and so on: a wrong secret is seen at once, whichever app's it is, and
 * whoever knocks all day cannot fill the disk.
 */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** Series of a counter cost memory here and wherever they are scraped to: these are ten thousand of them at most. */
    static final int APPS_MAX = 1_000;

    /** Which app was meant is for the caller to claim; only those that there are have a count of their own. */
    private static final String NO_APP = "none";

    private static final String OTHERS = "other";

    private final MeterRegistry metrics;
    private final Set<String> named = new HashSet<>();

    Refusals(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** A delivery to an app that there is. */
    void count(String appId, Throwable failure) {
        count(named(appId), appId, failure);
    }

    /** A delivery to no app, or to one that could not be looked up. */
    void countUnknown(String claimed, Throwable failure) {
        count(NO_APP, claimed, failure);
    }

    private void count(String label, String appId, Throwable failure) {
        String reason = reasonOf(failure);
        Counter counter = metrics.counter("gateway.events.refused", "app", label, "reason", reason);
        counter.increment();
        long count = (long) counter.count();
        if (Long.bitCount(count) == 1) {
            LOG.atWarn()
                    .addKeyValue("app", appId)
                    .addKeyValue("reason", reason)
                    .addKeyValue("count", count)
                    .log("deliveries refused");
        }
    }

    /** The first to be refused have a count of their own, and keep it. */
    private String named(String appId) {
        synchronized (named) {
            boolean counted = named.contains(appId) || (named.size() < APPS_MAX && named.add(appId));
            return counted ? appId : OTHERS;
        }
    }

    private static String reasonOf(Throwable failure) {
        if (failure instanceof SignatureRefusedException refused) {
            return "signature_" + refused.flaw().word();
        }
        if (!(failure instanceof GatewayException known)) {
            return Reason.INTERNAL.code();
        }
        return known.reason() == Reason.NOT_FOUND
                ? "unknown_app"
                : known.reason() == Reason.INVALID_REQUEST
                        ? "not_an_event"
                        : known.reason().code();
    }
}
