package io.checkoutgateway.events;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts deliveries that were not taken, by app and reason, and has them written down for people. A line in the log comes with the first of an app's for a
 * reason, the second, the fourth, the eighth and so on: a wrong secret is seen at once, whichever app's it is, and
 * whoever knocks all day cannot fill the disk.
 */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** Series of a counter cost memory here and wherever they are scraped to: these are ten thousand of them at most. */
    static final int APPS_MAX = 1_000;

    /** What waits to be written down while Postgres is away; what goes beyond it is only counted. */
    private static final int UNNOTED_MAX = 10_000;

    /** Which app was meant is for the caller to claim; only those that there are have a count of their own. */
    private static final String NO_APP = "none";

    private static final String OTHERS = "other";

    private final MeterRegistry metrics;
    private final RefusalLog log;
    private final Set<String> named = new HashSet<>();
    private Map<Kind, RefusalLog.Refused> unnoted = new HashMap<>();

    /** What has an entry of its own in the log. */
    private record Kind(String appId, String reason) {}

    Refusals(RefusalLog log, MeterRegistry metrics) {
        this.log = log;
        this.metrics = metrics;
    }

    /**
     * A delivery to an app that there is.
     *
     * @param address where its connection came from
     */
    void count(String appId, String address, Throwable failure) {
        count(appId, address, reasonOf(failure));
    }

    /**
     * A delivery to an app that there is.
     *
     * @param reason the word that metrics and logs use
     */
    void count(String appId, String address, String reason) {
        countUnder(named(appId), appId, reason);
        add(new RefusalLog.Refused(appId, reason, 1, address));
    }

    /** A delivery to no app, or to one that could not be looked up. */
    void countUnknown(String claimed, Throwable failure) {
        countUnder(NO_APP, claimed, reasonOf(failure));
    }

    /** The word for a refusal before the delivery was looked into; empty for one that is not the sender's fault. */
    static Optional<String> reasonOnTheWay(GatewayException failure) {
        return switch (failure.reason()) {
            case BODY_TOO_LARGE, BODY_TOO_SLOW, UNSUPPORTED_MEDIA_TYPE ->
                Optional.of(failure.reason().code());
            case INVALID_REQUEST ->
                Optional.of(
                        failure.invalidParameters().stream()
                                        .anyMatch(parameter -> parameter.rule().equals("repeated"))
                                ? "header_repeated"
                                : "malformed_request");
            default -> Optional.empty();
        };
    }

    /** Writes down what was refused since the last time: together, however much it was. */
    Future<Void> note() {
        List<RefusalLog.Refused> taken = take();
        return taken.isEmpty()
                ? Future.succeededFuture()
                : log.note(taken).onFailure(failure -> taken.forEach(this::add));
    }

    private synchronized List<RefusalLog.Refused> take() {
        List<RefusalLog.Refused> taken = List.copyOf(unnoted.values());
        unnoted = new HashMap<>();
        return taken;
    }

    private synchronized void add(RefusalLog.Refused refused) {
        Kind kind = new Kind(refused.appId(), refused.reason());
        RefusalLog.Refused before = unnoted.get(kind);
        if (before != null) {
            unnoted.put(
                    kind,
                    new RefusalLog.Refused(
                            kind.appId(), kind.reason(), before.count() + refused.count(), refused.lastAddress()));
        } else if (unnoted.size() < UNNOTED_MAX) {
            unnoted.put(kind, refused);
        }
    }

    private void countUnder(String label, String appId, String reason) {
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
