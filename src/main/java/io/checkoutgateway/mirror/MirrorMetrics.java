package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.ConnectedAccountStore.Standing;
import io.checkoutgateway.cache.Recent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How complete the mirror is, as numbers. Gauges show what the last round saw, whichever replica did the work, for as long
 * as that is recent; ages go on growing.
 */
public final class MirrorMetrics {
    private final MeterRegistry metrics;
    private final Clock clock;
    private final Recent<Map<MirrorRun.Kind, List<MirrorRun>>> active = new Recent<>(Map.of(), System::nanoTime);
    private final Map<String, Instant> caughtUpThrough = new ConcurrentHashMap<>();
    private final Recent<Integer> gaps;
    private final Recent<Standing> connected;
    private volatile @Nullable Instant connectedThrough;

    /** @param catchUpInterval how often gaps and connected accounts are counted */
    public MirrorMetrics(MeterRegistry metrics, Clock clock, Duration catchUpInterval) {
        this.metrics = metrics;
        this.clock = clock;
        this.gaps = new Recent<>(0, catchUpInterval, System::nanoTime);
        this.connected = new Recent<>(new Standing(0, 0, null), catchUpInterval, System::nanoTime);
        for (MirrorRun.Kind kind : MirrorRun.Kind.values()) {
            gauge("gateway.mirror.run.active", "Runs of this kind under way", kind, run -> 1);
            gauge("gateway.mirror.windows", "Windows of the runs under way", kind, run -> run.progress()
                    .windows());
            gauge("gateway.mirror.windows.done", "Windows of them that are done", kind, run -> run.progress()
                    .windowsDone());
        }
        age(
                "gateway.mirror.catch.up.age",
                "How long ago the past of the app that is furthest behind was last known to be complete",
                () -> caughtUpThrough.values().stream()
                        .min(Comparator.naturalOrder())
                        .orElse(null));
        age(
                "gateway.mirror.connected.catch.up.age",
                "How long ago the past of the connected account that is furthest behind was last known to be complete",
                () -> connectedThrough);
        Gauge.builder("gateway.mirror.catch.up.gaps", () -> gaps.known(Integer::doubleValue))
                .description(
                        "Accounts of whose past Stripe forgot events before they were asked for, until a backfill is done")
                .register(metrics);
        accounts("connected", Standing::connected);
        accounts("disconnected", Standing::disconnected);
    }

    private void accounts(String state, ToDoubleFunction<Standing> number) {
        Gauge.builder("gateway.mirror.connected.accounts", () -> connected.known(number))
                .description("Connected accounts that the apps know of")
                .tag("state", state)
                .register(metrics);
    }

    /** NaN until there was a round, and while there is nobody to catch up with. */
    private void age(String name, String description, Supplier<@Nullable Instant> through) {
        Gauge.builder(name, () -> ageOf(through.get()))
                .description(description)
                .baseUnit("seconds")
                .register(metrics);
    }

    private double ageOf(@Nullable Instant through) {
        return through == null
                ? Double.NaN
                : Duration.between(through, clock.instant()).toMillis() / 1000.0;
    }

    private void gauge(String name, String description, MirrorRun.Kind kind, ToDoubleFunction<MirrorRun> value) {
        Gauge.builder(
                        name,
                        () -> active.known(runs -> runs.getOrDefault(kind, List.of()).stream()
                                .mapToDouble(value)
                                .sum()))
                .description(description)
                .tag("kind", kind.word())
                .register(metrics);
    }

    /** Reads what is under way. */
    public Future<Void> refresh(RunStore runs) {
        Map<MirrorRun.Kind, List<MirrorRun>> byKind = new EnumMap<>(MirrorRun.Kind.class);
        Future<Void> all = Future.succeededFuture();
        for (MirrorRun.Kind kind : MirrorRun.Kind.values()) {
            all = all.compose(read -> runs.active(kind))
                    .onSuccess(found -> byKind.put(kind, List.copyOf(found)))
                    .mapEmpty();
        }
        return all.onSuccess(read -> active.set(Map.copyOf(byKind)));
    }

    void page(Window window, Window.Page page) {
        count(window.kind(), "seen", page.seen());
        count(window.kind(), "added", page.tally().added());
        count(window.kind(), "changed", page.tally().changed());
        count(window.kind(), "unreadable", page.tally().unreadable());
        count(window.kind(), "repaired", page.tally().repaired());
        page.verdicts().forEach(this::verdict);
    }

    /** What was a difference for a moment only is none. One that is mended later is counted as both. */
    private void verdict(Window.Verdict verdict) {
        Finding.State state = verdict.state();
        if (state != null) {
            metrics.counter("gateway.mirror.findings", "finding", verdict.kind().word(), "state", state.word())
                    .increment();
        }
    }

    /** A session that should have ended was asked for. */
    void overdue(OverdueRead read) {
        metrics.counter(
                        "gateway.mirror.overdue.sessions",
                        "outcome",
                        read.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** What asking for an overdue session came to. */
    enum OverdueRead {
        READ,
        /** Stripe does not know it. */
        LOST,
        /** It is asked for again. */
        FAILED
    }

    private void count(MirrorRun.Kind kind, String outcome, long number) {
        if (number > 0) {
            metrics.counter("gateway.mirror.sessions", "kind", kind.word(), "outcome", outcome)
                    .increment(number);
        }
    }

    void finished(MirrorRun.Kind kind, MirrorRun.State state) {
        metrics.counter("gateway.mirror.runs.finished", "kind", kind.word(), "state", state.word())
                .increment();
    }

    void caughtUp(String appId, @Nullable Instant through) {
        if (through != null) {
            caughtUpThrough.put(appId, through);
        }
    }

    void fetched(int events) {
        if (events > 0) {
            metrics.counter("gateway.mirror.catch.up.events").increment(events);
        }
    }

    /** An event that Stripe listed cannot be kept. */
    void unstored() {
        metrics.counter("gateway.mirror.catch.up.unstored").increment();
    }

    void gaps(int open) {
        gaps.set(open);
    }

    /** Stripe forgot events before they were asked for. */
    void gapFound() {
        metrics.counter("gateway.mirror.catch.up.gaps.found").increment();
    }

    void connected(Standing standing) {
        connected.set(standing);
        connectedThrough = standing.caughtUpThrough();
    }

    /** Apps that were uninstalled fall behind no further. */
    void caughtUpAreOnly(Collection<String> appIds) {
        caughtUpThrough.keySet().retainAll(appIds);
    }
}
