package io.checkoutgateway.checkout;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.StripeCustomers;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works at one leased create until it is settled or the lease is given back: the steps that a first request, a
 * repeated request and the reconciler share.
 *
 * <p>The process may die between any two steps. Before the call to Stripe, the row is committed and the next one makes
 * the call. During and after it, the next one makes the same call under the same key and Stripe answers what it
 * answered before; when Stripe may have forgotten the key, it is asked for a session that carries our ULID.
 */
final class SessionOpener {
    private static final Logger LOG = LoggerFactory.getLogger(SessionOpener.class);

    /** Stripe may forget a key after 24 h; an hour less keeps clear of the edge. (Idempotent requests, API v1.) */
    private static final Duration KEY_LIFETIME = Duration.ofHours(23);

    /** A new attempt needs Stripe's least life of 30 minutes and a little time to arrive. */
    private static final Duration LIFE_LEAST = Duration.ofMinutes(31);

    /** Stripe's longest life: a create began no earlier than this before the expiry that it wished for. */
    private static final Duration LIFE_MOST = Duration.ofHours(24);

    /** How much later than wished a session may run out because opening it took so long. */
    private static final Duration EXPIRY_SLACK = Duration.ofMinutes(10);

    private static final String EXPIRES_AT = "expires_at";

    /** How far Stripe's clock may be from ours when sessions are looked for by their creation time. */
    private static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

    /** The pause before anyone goes on with a create whose outcome is unknown, doubled with each try. */
    private static final Duration PAUSE_LEAST = Duration.ofSeconds(1);

    private static final Duration PAUSE_MOST = Duration.ofMinutes(5);

    /** Which of several sessions of one create is kept: a finished one, else one that can be finished. */
    private static final List<CheckoutStatus> USEFULNESS =
            List.of(CheckoutStatus.COMPLETE, CheckoutStatus.OPEN, CheckoutStatus.EXPIRED);

    private final CreateJournal journal;
    private final StripeCheckout stripe;
    private final StripeCustomers stripeCustomers;
    private final Answers answers;
    private final Clock clock;

    /** @param answers writes the answers that are stored with what is done here */
    SessionOpener(
            CreateJournal journal,
            StripeCheckout stripe,
            StripeCustomers stripeCustomers,
            Answers answers,
            Clock clock) {
        this.journal = journal;
        this.stripe = stripe;
        this.stripeCustomers = stripeCustomers;
        this.answers = answers;
        this.clock = clock;
    }

    /** The first try, for a caller who waits. */
    Future<StoredAnswer> open(CreateAttempt attempt, Parties parties) {
        return bound(attempt, parties.app(), parties.customer())
                .compose(ready -> call(ready, parties.app(), Observation.Source.API))
                .recover(failure -> settle(attempt, failure));
    }

    /** A later try, after the one before it died or learnt nothing. */
    Future<StoredAnswer> resume(CreateAttempt attempt, StripeApp app, Customer customer, Observation.Source source) {
        Future<StoredAnswer> resumed = keyExpired(attempt)
                ? adoptOrTryAgain(attempt, app, customer, source)
                : bound(attempt, app, customer).compose(ready -> call(ready, app, source)
                        .recover(failure -> spent(ready, failure)
                                ? adoptOrTryAgain(ready, app, customer, source)
                                : Future.failedFuture(failure)));
        return resumed.recover(failure -> settle(attempt, failure));
    }

    /** The same when it is yet to be found out who it is between; else the lease is given back. */
    Future<StoredAnswer> resume(CreateAttempt attempt, Future<Parties> parties, Observation.Source source) {
        return parties.transform(found -> found.succeeded()
                ? resume(attempt, found.result().app(), found.result().customer(), source)
                : settle(attempt, found.cause()));
    }

    /**
     * Whether this attempt will not end otherwise: Stripe repeats a 500 for as long as the key lives, and an expiry that
     * was far enough away when it was frozen comes too near.
     */
    private boolean spent(CreateAttempt attempt, Throwable failure) {
        if (!(failure instanceof StripeFailure known)) {
            return false;
        }
        boolean tooNear = attempt.expiresAt().isBefore(clock.instant().plus(LIFE_LEAST));
        return known.reason() == Reason.STRIPE_FAILED || (known.effect() == StripeFailure.Effect.REFUSED && tooNear);
    }

    private boolean keyExpired(CreateAttempt attempt) {
        return attempt.startedAt().plus(KEY_LIFETIME).isBefore(clock.instant());
    }

    private Future<CreateAttempt> bound(CreateAttempt attempt, StripeApp app, Customer customer) {
        if (attempt.stripeCustomerId() != null) {
            return Future.succeededFuture(attempt);
        }
        return stripeCustomers
                .ensure(app, customer)
                .compose(id -> journal.bind(attempt, id, stripe.bind(attempt.parameters(), id, attempt.attempt())));
    }

    private Future<StoredAnswer> call(CreateAttempt attempt, StripeApp app, Observation.Source source) {
        return stripe.create(app, attempt.parameters(), attempt.stripeKey())
                .compose(opened -> record(attempt, app, opened, source));
    }

    /**
     * Writes down what Stripe opened. When another attempt was faster, or the caller was told no meanwhile, nobody
     * waits for this session: it is ended.
     */
    private Future<StoredAnswer> record(
            CreateAttempt attempt, StripeApp app, StripeSession opened, Observation.Source source) {
        Observation seen = new Observation(opened, null, opened.created(), source, null, "create");
        return journal.complete(attempt, app.connectedAccount(), seen, answers::created)
                .compose(completed -> completed.holds(opened)
                        ? Future.succeededFuture(completed.answer())
                        : stripe.expire(app, opened.id())
                                .onFailure(failure -> warnOfOrphan(attempt, opened, failure))
                                .transform(ended -> Future.succeededFuture(completed.answer())));
    }

    /** The create is settled whatever becomes of the orphan: nobody has its link, and Stripe ends it within a day. */
    private static void warnOfOrphan(CreateAttempt attempt, StripeSession orphan, Throwable failure) {
        Failures.note(
                        LOG.atWarn()
                                .addKeyValue("session", attempt.sessionId())
                                .addKeyValue("stripe_session", orphan.id()),
                        failure)
                .log("an overtaken checkout session could not be expired");
    }

    /** Stripe may hold a session of ours although no answer said so: take it, end its doubles, or open another. */
    private Future<StoredAnswer> adoptOrTryAgain(
            CreateAttempt attempt, StripeApp app, Customer customer, Observation.Source source) {
        String stripeCustomerId = attempt.stripeCustomerId();
        if (stripeCustomerId == null) {
            return tryAgain(attempt, app, customer, source);
        }
        return stripe.findOurs(
                        app,
                        stripeCustomerId,
                        attempt.sessionId(),
                        attempt.wishedExpiry().minus(LIFE_MOST).minus(CLOCK_SLACK))
                .compose(found -> found.isEmpty()
                        ? tryAgain(attempt, app, customer, source)
                        : adopt(attempt, app, found, source));
    }

    private Future<StoredAnswer> adopt(
            CreateAttempt attempt, StripeApp app, List<StripeSession> found, Observation.Source source) {
        StripeSession best = found.stream()
                .min(Comparator.comparing(session -> USEFULNESS.indexOf(session.status())))
                .orElseThrow();
        Future<Void> done = Future.succeededFuture();
        for (StripeSession other : found) {
            if (!other.id().equals(best.id()) && other.status() == CheckoutStatus.OPEN) {
                done = done.compose(before -> stripe.expire(app, other.id()).mapEmpty());
            }
        }
        return done.compose(ended -> record(attempt, app, best, source));
    }

    private Future<StoredAnswer> tryAgain(
            CreateAttempt attempt, StripeApp app, Customer customer, Observation.Source source) {
        Instant earliest = clock.instant().plus(LIFE_LEAST);
        if (earliest.isAfter(attempt.wishedExpiry().plus(EXPIRY_SLACK))) {
            return abandon(attempt);
        }
        Instant expiry = earliest.isAfter(attempt.expiresAt()) ? earliest : attempt.expiresAt();
        JsonObject parameters = attempt.parameters().copy().put(EXPIRES_AT, expiry.getEpochSecond());
        return stripeCustomers
                .ensure(app, customer)
                .compose(id -> journal.nextAttempt(attempt, id, stripe.bind(parameters, id, attempt.attempt() + 1)))
                .compose(next -> call(next, app, source));
    }

    /** Nothing was opened and nothing will be; the key is free for a request that still wants a session. */
    private Future<StoredAnswer> abandon(CreateAttempt attempt) {
        GatewayException tooLate = new GatewayException(
                Reason.STRIPE_TIMEOUT, "Stripe could not be asked before the session would have run out");
        CheckoutSession.Failure failure =
                new CheckoutSession.Failure("abandoned", String.valueOf(tooLate.getMessage()));
        return journal.fail(attempt, failure, Optional.empty()).map(ended -> answers.refused(tooLate));
    }

    /** Whatever Stripe may hold of this create has run out by now, so that nothing is left to be found out. */
    private boolean outlived(CreateAttempt attempt) {
        return attempt.wishedExpiry().plus(EXPIRY_SLACK).plus(CLOCK_SLACK).isBefore(clock.instant());
    }

    /**
     * Leaves the row in a state that follows from what is known. A refusal is an answer, stored like any other; every
     * other failure is passed on.
     */
    private Future<StoredAnswer> settle(CreateAttempt attempt, Throwable failure) {
        StripeFailure.Effect effect = StripeFailure.effectOf(failure);
        if (effect == StripeFailure.Effect.REFUSED) {
            return refuse(attempt, failureOf(failure), (GatewayException) failure);
        }
        if (outlived(attempt)) {
            return abandon(attempt);
        }
        boolean nothingHappened = effect == StripeFailure.Effect.NONE && attempt.tries() <= 1;
        return passOn(
                failure,
                nothingHappened
                        ? journal.fail(attempt, failureOf(failure), Optional.empty())
                        : journal.release(attempt, pauseAfter(attempt)));
    }

    private Future<StoredAnswer> refuse(
            CreateAttempt attempt, CheckoutSession.Failure failure, GatewayException refusal) {
        StoredAnswer answer = answers.refused(refusal);
        return journal.fail(attempt, failure, Optional.of(answer)).map(answer);
    }

    private static Future<StoredAnswer> passOn(Throwable failure, Future<Void> settled) {
        return settled.transform(done -> Future.failedFuture(failure));
    }

    private static CheckoutSession.Failure failureOf(Throwable failure) {
        StripeFailure known = (StripeFailure) failure;
        String code = known.stripeCode() == null ? known.reason().code() : known.stripeCode();
        return new CheckoutSession.Failure(code, String.valueOf(known.getMessage()));
    }

    private static Duration pauseAfter(CreateAttempt attempt) {
        Duration pause = PAUSE_LEAST.multipliedBy(1L << Math.min(attempt.tries(), 10));
        return pause.compareTo(PAUSE_MOST) < 0 ? pause : PAUSE_MOST;
    }
}
