package io.checkoutgateway.events;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts deliveries that were not taken, by reason. A line in the log comes with the first of a reason, the second, the
 * fourth, the eighth and so on: a wrong secret is seen at once, and whoever knocks all day cannot fill the disk.
 */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final MeterRegistry metrics;

    Refusals(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void count(String appId, Throwable failure) {
        String reason = reasonOf(failure);
        Counter counter = metrics.counter("gateway.events.refused", "reason", reason);
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
