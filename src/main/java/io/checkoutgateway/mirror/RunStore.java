package io.checkoutgateway.mirror;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where runs, their windows and their findings are remembered. */
public interface RunStore {
    /** How many findings of a run are listed; further ones are judged, mended and counted. A person reads fewer. */
    int FINDINGS_MAX = 1_000;

    /** How many differences may wait for a second look before no further page is compared: some megabytes. */
    int SUSPECTS_MAX = 10_000;

    /**
     * A run to be started.
     *
     * @param account the connected account; {@code null} for the app's own
     * @param from {@code null} for the account's beginning
     * @param to exclusive
     */
    record NewRun(
            String id,
            String namespace,
            String appId,
            @Nullable String account,
            MirrorRun.Kind kind,
            boolean repair,
            @Nullable Instant from,
            Instant to) {}

    /**
     * Starts a run, once for all requests with this key.
     *
     * @return fails with {@link io.checkoutgateway.failure.Reason#CONFLICT} while one of this kind runs
     */
    Future<Answered> start(
            Actor actor, NewRun run, Optional<IdempotencyKey> key, Function<MirrorRun, StoredAnswer> answer);

    /** The run of this id; empty for another namespace's or kind's. */
    Future<Optional<MirrorRun>> find(String namespace, MirrorRun.Kind kind, String id);

    /** The run that is under way at the app's account, if any; {@code null} for its own. */
    Future<Optional<MirrorRun>> active(String appId, @Nullable String account, MirrorRun.Kind kind);

    /** Some of the runs of this kind that are under way, of all apps. */
    Future<List<MirrorRun>> active(MirrorRun.Kind kind);

    /** The namespace's runs of this kind after this place, oldest first. */
    Future<List<MirrorRun>> list(String namespace, MirrorRun.Kind kind, long after, int most);

    /** Calls a running run off; tells whether it was running. */
    Future<Boolean> cancel(Actor actor, MirrorRun.Kind kind, String id);

    /** Goes on with a run that failed or was called off, where it stopped; tells whether it was one. */
    Future<Boolean> resume(Actor actor, MirrorRun.Kind kind, String id);

    /**
     * Sends a completed report over its findings again, this time to mend them; tells whether it was completed.
     *
     * @return fails with {@link io.checkoutgateway.failure.Reason#CONFLICT} while another report runs
     */
    Future<Boolean> repair(Actor actor, String id);

    /** A run's findings after this place, in the order of their discovery. */
    Future<List<Finding>> findings(String runId, long after, int most);

    /**
     * The oldest findings that are to be looked at again: those that were only seen once and, when the run mends, those
     * that were confirmed and are not mended yet.
     *
     * @param grace how long they must have waited
     */
    Future<List<Finding>> suspects(Window window, Duration grace, int most);

    /** Notes that a finding is a difference, before it is mended: its mending may be all that is left of it. */
    Future<Void> confirm(String runId, long finding);

    /**
     * Takes a window that is due and that nobody works at.
     *
     * @param lease how long it is this process's
     * @param grace how long findings wait before they are looked at again
     * @param othersApps ids of apps whose runs are left to other processes
     */
    Future<Optional<Window>> claim(Duration lease, Duration grace, Set<String> othersApps);

    /** What became of the outcome of a step. */
    enum Written {
        /** Nothing: the window is another process's by now, or the run is over. */
        TOO_LATE,
        NOTED,
        /** It is noted, and was the last of the run. */
        COMPLETED
    }

    /** Splits a run into these windows, newest first. */
    Future<Written> plan(Window plan, List<Window.Range> ranges);

    /** Writes down what a page brought, and lets the window go. */
    Future<Written> done(Window window, Window.Page page);

    /** The page cannot be done: the run has failed. */
    Future<Void> failed(Window window, String reason);

    /**
     * The page could not be done: the window is due again after the pause.
     *
     * @param counted whether it is one of the failures after which the run gives up
     */
    Future<Void> postponed(Window window, String reason, Duration pause, boolean counted);
}
