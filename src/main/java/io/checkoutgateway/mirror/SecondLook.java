package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.checkout.StripeCheckout.Snapshot;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.failure.UnstorableException;
import io.checkoutgateway.mirror.Finding.Kind;
import io.checkoutgateway.mirror.MirrorSessions.Kept;
import io.checkoutgateway.mirror.Window.Verdict;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads both sides of each finding again. What was a difference for a moment only, since an event was on its way, is
 * forgotten; the rest is confirmed, or mended when the run is to repair.
 */
final class SecondLook implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(SecondLook.class);

    /** A read of Stripe each: few, so that a page is done long before its lease ends. */
    private static final int PAGE = 10;

    /** After that no further finding is begun: with the longest reading of one, a page ends before its lease does. */
    private static final Duration PAGE_TIME = Duration.ofMinutes(1);

    /** A row that changes more often than this while it is looked at is not drifting. */
    private static final int LOOKS = 3;

    private final RunStore runs;
    private final MirrorSessions sessions;
    private final StripeCheckout stripe;
    private final Duration grace;
    private final Clock clock;

    /** @param grace how long what was found must last to be a difference */
    SecondLook(RunStore runs, MirrorSessions sessions, StripeCheckout stripe, Duration grace, Clock clock) {
        this.runs = runs;
        this.sessions = sessions;
        this.stripe = stripe;
        this.grace = grace;
        this.clock = clock;
    }

    /** Both sides at one moment, and how they differ; {@code kind} is {@code null} when they do not. */
    private record Look(
            Instant asOf, Optional<Snapshot> theirs, Optional<Kept> ours, @Nullable Kind kind, List<String> fields) {
        @Nullable
        String sessionId() {
            return ours.map(kept -> kept.session().id()).orElse(null);
        }
    }

    @Override
    public Future<Window.Page> page(StripeApp app, Window window) {
        return runs.suspects(window, grace, PAGE).compose(findings -> judgeAll(app, window, findings));
    }

    private Future<Window.Page> judgeAll(StripeApp app, Window window, List<Finding> findings) {
        long endNanos = System.nanoTime() + PAGE_TIME.toNanos();
        Future<List<Verdict>> verdicts = Future.succeededFuture(new ArrayList<>());
        for (Finding finding : findings) {
            verdicts = verdicts.compose(all -> endNanos - System.nanoTime() <= 0
                    ? Future.succeededFuture(all)
                    : judge(app, window, finding).map(verdict -> {
                        all.add(verdict);
                        return all;
                    }));
        }
        return verdicts.map(all -> new Window.Page(next(findings, all), 0, tally(findings, all), List.of(), all));
    }

    /** What is judged is no suspect any more, so the next page begins with the first that is one. */
    private static Window.@Nullable Place next(List<Finding> findings, List<Verdict> verdicts) {
        return findings.size() < PAGE && verdicts.size() == findings.size()
                ? null
                : new Window.Place(Long.toString(findings.get(0).number()), null, List.of());
    }

    /** One session that Stripe will not show, or that cannot be read, must not keep the others from being judged. */
    private Future<Verdict> judge(StripeApp app, Window window, Finding finding) {
        return looked(app, window, finding)
                .recover(failure -> isRefused(failure) || UnstorableException.explains(failure)
                        ? Future.succeededFuture(new Verdict(
                                finding.number(),
                                left(finding, finding.kind()),
                                finding.kind(),
                                finding.sessionId(),
                                finding.fields()))
                        : Future.failedFuture(failure));
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof StripeFailure refused && refused.reason() == Reason.STRIPE_REFUSED;
    }

    private Future<Verdict> looked(StripeApp app, Window window, Finding finding) {
        return look(app, finding.stripeSessionId(), LOOKS).compose(look -> {
            Finding.Kind kind = look.kind();
            if (kind == null) {
                Finding.@Nullable State state =
                        finding.state() == Finding.State.SUSPECTED ? null : Finding.State.REPAIRED;
                return Future.succeededFuture(
                        new Verdict(finding.number(), state, finding.kind(), finding.sessionId(), finding.fields()));
            }
            Future<Finding.State> state = window.repair()
                    ? confirmed(window, finding).compose(noted -> mend(app, finding, look, kind))
                    : Future.succeededFuture(Finding.State.CONFIRMED);
            return state.map(known -> new Verdict(finding.number(), known, kind, look.sessionId(), look.fields()));
        });
    }

    /** Committed before the mending is: else, if only that were, nobody would know of the difference. */
    private Future<Void> confirmed(Window window, Finding finding) {
        return finding.state() == Finding.State.SUSPECTED
                ? runs.confirm(window.runId(), finding.number())
                : Future.succeededFuture();
    }

    /** Our side is read before and after Stripe's: when it changed meanwhile, the two are not of one moment. */
    private Future<Look> look(StripeApp app, String stripeId, int looksLeft) {
        Instant now = clock.instant();
        return sessions.find(app, stripeId).compose(before -> read(app.connected(accountOf(before)), stripeId)
                .compose(theirs -> sessions.find(app, stripeId).compose(ours -> {
                    boolean still = versionOf(before).equals(versionOf(ours));
                    return still || looksLeft <= 1
                            ? compared(app, theirs.map(Snapshot::asOf).orElse(now), theirs, ours)
                            : look(app, stripeId, looksLeft - 1);
                })));
    }

    /** {@code null} for the app's own. */
    private static @Nullable String accountOf(Optional<Kept> kept) {
        return kept.map(row -> row.session().accountId()).orElse(null);
    }

    /** Also a confirmation makes the row another: what was read before it is old. */
    private static Optional<List<Long>> versionOf(Optional<Kept> kept) {
        return kept.map(row -> List.of(row.session().version(), row.session().heard()));
    }

    private Future<Optional<Snapshot>> read(StripeApp app, String stripeId) {
        return stripe.retrieve(app, stripeId)
                .map(Optional::of)
                .recover(failure -> StripeFailure.saysMissing(failure, stripeId)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    private Future<Look> compared(StripeApp app, Instant asOf, Optional<Snapshot> theirs, Optional<Kept> ours) {
        if (theirs.isEmpty()) {
            boolean open = ours.filter(kept -> kept.session().status() != CheckoutStatus.FAILED)
                    .isPresent();
            Finding.Kind kind = open ? Finding.Kind.MISSING_AT_STRIPE : null;
            return Future.succeededFuture(new Look(asOf, theirs, ours, kind, List.of()));
        }
        Snapshot snapshot = theirs.get();
        if (ours.isPresent()) {
            List<String> fields = Differences.of(ours.get(), entry(snapshot));
            Finding.Kind kind = fields.isEmpty() ? null : Finding.Kind.DIFFERS;
            return Future.succeededFuture(new Look(asOf, theirs, ours, kind, fields));
        }
        return sessions.known(app, List.of(snapshot.session()))
                .map(known -> known.leftAlone().isEmpty() ? Finding.Kind.MISSING_HERE : null)
                .map(kind -> new Look(asOf, theirs, ours, kind, List.of()));
    }

    private Future<Finding.State> mend(StripeApp app, Finding finding, Look look, Finding.Kind kind) {
        Future<Boolean> mended =
                switch (kind) {
                    case MISSING_HERE ->
                        sessions.apply(app, seen(look)).map(applied -> applied != MirrorSessions.Applied.LEFT_ALONE);
                    case DIFFERS -> sessions.overwrite(look.ours().orElseThrow(), seen(look));
                    case MISSING_AT_STRIPE -> giveUp(look);
                };
        return mended.recover(failure -> UnstorableException.explains(failure)
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(failure))
                .map(done -> done ? Finding.State.REPAIRED : left(finding, kind));
    }

    /** What is final is history, and stays; only an open session would wait for ever. */
    private Future<Boolean> giveUp(Look look) {
        Kept kept = look.ours().orElseThrow();
        return kept.session().status() == CheckoutStatus.OPEN
                ? sessions.giveUp(kept.session(), look.asOf())
                : Future.succeededFuture(false);
    }

    private static Observation seen(Look look) {
        Snapshot snapshot = look.theirs().orElseThrow();
        return Backfill.seen(entry(snapshot), look.asOf());
    }

    private static ListedPage.Entry entry(Snapshot snapshot) {
        return new ListedPage.Entry(snapshot.session(), snapshot.setupIntent(), snapshot.payment());
    }

    private static Finding.State left(Finding finding, Finding.Kind kind) {
        LOG.atWarn()
                .addKeyValue("stripe_session", finding.stripeSessionId())
                .addKeyValue("session", Objects.requireNonNullElse(finding.sessionId(), "none"))
                .addKeyValue("finding", kind.word())
                .log("a difference could not be mended and is left");
        return Finding.State.LEFT;
    }

    /** What the verdicts add to the counts; what was counted and is no difference is taken off again. */
    private static Tally tally(List<Finding> findings, List<Verdict> verdicts) {
        Tally sum = Tally.NOTHING;
        for (Verdict verdict : verdicts) {
            Finding finding = findings.stream()
                    .filter(candidate -> candidate.number() == verdict.finding())
                    .findFirst()
                    .orElseThrow();
            sum = sum.plus(Tally.of(finding.kind(), -1));
            if (verdict.state() != null) {
                sum = sum.plus(Tally.of(verdict.kind(), 1));
            }
            if (verdict.state() == Finding.State.REPAIRED) {
                sum = sum.plus(Tally.REPAIRED);
            }
        }
        return sum;
    }
}
