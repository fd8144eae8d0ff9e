package io.checkoutgateway.mirror;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.mirror.CatchUpStore.Gap;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the gaps that events leave which Stripe forgot before they were asked for: the sessions of that time are read by
 * a backfill. A gap is shown until a backfill that covers it is completed, whoever started that.
 */
final class Gaps {
    private static final Logger LOG = LoggerFactory.getLogger(Gaps.class);

    /** What waits for a backfill goes on waiting while there are so many: they share the background's rate. */
    private static final int STARTED_IN_A_ROUND = 20;

    /** Stands for the request in the audit trail. */
    private static final String REQUEST = "catch-up";

    private final CatchUpStore store;
    private final Mirror mirror;
    private final MirrorMetrics metrics;

    Gaps(CatchUpStore store, Mirror mirror, MirrorMetrics metrics) {
        this.store = store;
        this.mirror = mirror;
        this.metrics = metrics;
    }

    /** Starts what is to be started, and forgets what is closed. It is tried again: it does not fail. */
    Future<Void> tend() {
        return store.closed()
                .onSuccess(closed -> closed.forEach(Gaps::tell))
                .compose(closed -> store.gaps())
                .onSuccess(gaps -> metrics.gaps(gaps.size()))
                .compose(gaps ->
                        begin(gaps.stream().filter(gap -> gap.runId() == null).toList()))
                .recover(failure -> {
                    Failures.note(LOG.atWarn(), failure).log("gaps in the events could not be looked at");
                    return Future.succeededFuture();
                });
    }

    /** Those that have to wait for another backfill are not in the others' way. */
    private Future<Void> begin(List<Gap> gaps) {
        Future<Integer> begun = Future.succeededFuture(0);
        for (Gap gap : gaps) {
            begun = begun.compose(count -> count == STARTED_IN_A_ROUND
                    ? Future.succeededFuture(count)
                    : begin(gap).map(started -> started ? count + 1 : count));
        }
        return begun.mapEmpty();
    }

    /** Tells whether it was begun. */
    private Future<Boolean> begin(Gap gap) {
        Mirror.Wish wish =
                new Mirror.Wish(MirrorRun.Kind.BACKFILL, gap.appId(), gap.account(), gap.backfillFrom(), null, false);
        AtomicReference<String> runId = new AtomicReference<>("");
        return mirror.start(Actor.gateway(gap.namespace(), REQUEST), wish, Optional.empty(), run -> {
                    runId.set(run.id());
                    return new StoredAnswer(201, "", Buffer.buffer(), null);
                })
                .compose(started -> store.closing(gap, Objects.requireNonNull(runId.get())))
                .onSuccess(noted -> begun(gap, Objects.requireNonNull(runId.get())))
                .map(true)
                .recover(failure -> postponed(gap, failure));
    }

    private void begun(Gap gap, String runId) {
        metrics.gapFound();
        LOG.atWarn()
                .addKeyValue("app", gap.appId())
                .addKeyValue("account", gap.accountOrOwn())
                .addKeyValue("from", gap.from())
                .addKeyValue("to", gap.to())
                .addKeyValue("backfill", runId)
                .log("Stripe forgot events before they were asked for; a backfill reads their sessions");
    }

    /** While another backfill of the account is under way, this one waits for its end. */
    private static Future<Boolean> postponed(Gap gap, Throwable failure) {
        if (!GatewayException.is(failure, Reason.CONFLICT)) {
            Failures.note(
                            LOG.atWarn().addKeyValue("app", gap.appId()).addKeyValue("account", gap.accountOrOwn()),
                            failure)
                    .log("a backfill of a gap in the events could not be started");
        }
        return Future.succeededFuture(false);
    }

    private static void tell(Gap gap) {
        LOG.atInfo()
                .addKeyValue("app", gap.appId())
                .addKeyValue("account", gap.accountOrOwn())
                .addKeyValue("from", gap.from())
                .addKeyValue("to", gap.to())
                .log("a gap in the events was closed by a backfill");
    }
}
