package io.checkoutgateway.mirror;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.mirror.MirrorRun.Kind;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs for people: start, watch, call off, mend. The work is {@link MirrorWorker}'s. */
public final class Mirror {
    private final RunStore runs;
    private final Apps apps;
    private final Clock clock;
    private volatile Runnable bell = () -> {};

    public Mirror(RunStore runs, Apps apps, Clock clock) {
        this.runs = runs;
        this.apps = apps;
        this.clock = clock;
    }

    /** Whom to wake when there is something to work at. */
    public void onStart(Runnable wake) {
        this.bell = wake;
    }

    /**
     * What is wanted of a run.
     *
     * @param appId whose account; {@code null} for the namespace's default app
     * @param account a connected account of the app's; {@code null} for its own
     * @param from the earliest creation at Stripe; {@code null} for the account's beginning
     * @param to the latest creation at Stripe, exclusive; {@code null} for now
     * @param repair whether what a report finds is mended
     */
    public record Wish(
            Kind kind,
            @Nullable String appId,
            @Nullable String account,
            @Nullable Instant from,
            @Nullable Instant to,
            boolean repair) {}

    /**
     * Starts a run, once for all requests with this key.
     *
     * @return fails with {@link Reason#CONFLICT} while one of its kind is under way, with
     *     {@link Reason#INVALID_REQUEST} when the time is none, with {@link Reason#NOT_FOUND} when the namespace has no
     *     Stripe app, or none of this id
     */
    public Future<Answered> start(
            Actor actor, Wish wish, Optional<IdempotencyKey> key, Function<MirrorRun, StoredAnswer> answer) {
        return app(actor.namespace(), wish.appId())
                .map(app -> newRun(actor.namespace(), app.connected(wish.account()), wish))
                .compose(run -> runs.start(actor, run, key, answer))
                .onSuccess(answered -> bell.run());
    }

    /** The app of this id, or the namespace's default app. */
    Future<StripeApp> app(String namespace, @Nullable String appId) {
        return appId == null
                ? apps.ofNamespace(namespace)
                : apps.in(namespace, appId)
                        .recover(failure -> Future.failedFuture(
                                GatewayException.is(failure, Reason.NOT_FOUND)
                                        ? GatewayException.notFound(List.of(
                                                InvalidParameter.inBody("app_id", "unknown", "names no Stripe app")))
                                        : failure));
    }

    private RunStore.NewRun newRun(String namespace, StripeApp app, Wish wish) {
        // The second that is not over yet is part of the past that the run looks at.
        Instant end = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        Instant to = wholeSecond(Objects.requireNonNullElse(wish.to(), end));
        Instant from = wish.from() == null ? null : wholeSecond(wish.from());
        if (to.isAfter(end)) {
            throw invalid("to", "must not be in the future");
        }
        if (from != null && !from.isBefore(to)) {
            throw invalid("from", "must be before to");
        }
        return new RunStore.NewRun(
                UlidCreator.getMonotonicUlid().toString(),
                namespace,
                app.id(),
                app.connectedAccount(),
                wish.kind(),
                wish.repair(),
                from,
                to);
    }

    private static Instant wholeSecond(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static GatewayException invalid(String field, String reason) {
        return GatewayException.invalid(InvalidParameter.inBody(field, "range", reason));
    }

    /** The run of this id; fails with {@link Reason#NOT_FOUND} for another namespace's or kind's. */
    public Future<MirrorRun> get(String namespace, Kind kind, String id) {
        return runs.find(namespace, kind, id)
                .map(found -> found.orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No run has this id")));
    }

    /** The run of this kind that is under way at the wished app's account, if any. */
    public Future<Optional<MirrorRun>> active(String namespace, Wish wish) {
        return app(namespace, wish.appId())
                .map(app -> app.connected(wish.account()))
                .compose(app -> runs.active(app.id(), app.connectedAccount(), wish.kind()));
    }

    /** The namespace's runs of this kind after this place, oldest first. */
    public Future<List<MirrorRun>> list(String namespace, Kind kind, long after, int most) {
        return runs.list(namespace, kind, after, most);
    }

    /** A report's findings after this place. */
    public Future<List<Finding>> findings(String namespace, String id, long after, int most) {
        return get(namespace, Kind.DRIFT_REPORT, id).compose(run -> runs.findings(run.id(), after, most));
    }

    /** Calls a run off; fails with {@link Reason#CONFLICT} when it is over. What it did stays done. */
    public Future<MirrorRun> cancel(Actor actor, Kind kind, String id) {
        return runs.cancel(actor, kind, id)
                .compose(canceled -> get(actor.namespace(), kind, id))
                .map(run -> {
                    if (run.state() != MirrorRun.State.CANCELED) {
                        throw new GatewayException(
                                Reason.CONFLICT,
                                "The run is over: " + run.state().word());
                    }
                    return run;
                });
    }

    /**
     * Goes on with a run that failed or was called off, where it stopped; fails with {@link Reason#CONFLICT} when it is
     * neither, or while another of its kind is under way.
     */
    public Future<MirrorRun> resume(Actor actor, Kind kind, String id) {
        return runs.resume(actor, kind, id)
                .compose(resumed -> get(actor.namespace(), kind, id).map(run -> {
                    if (!resumed) {
                        throw new GatewayException(
                                Reason.CONFLICT,
                                "Only a run that failed or was canceled can be resumed; this one is "
                                        + run.state().word());
                    }
                    bell.run();
                    return run;
                }));
    }

    /** Mends what a completed report found; fails with {@link Reason#CONFLICT} when it is not completed. */
    public Future<MirrorRun> repair(Actor actor, String id) {
        return runs.repair(actor, id).compose(started -> get(actor.namespace(), Kind.DRIFT_REPORT, id)
                .map(run -> {
                    if (!started) {
                        throw new GatewayException(
                                Reason.CONFLICT,
                                "Only a completed report can be mended; this one is "
                                        + run.state().word());
                    }
                    bell.run();
                    return run;
                }));
    }
}
