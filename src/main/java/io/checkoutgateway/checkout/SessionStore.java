package io.checkoutgateway.checkout;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where sessions are remembered. Every method is one short transaction; none spans a call to Stripe. */
public interface SessionStore {
    /** Claims the idempotency key, if there is one, and remembers the session as {@code creating}. */
    Future<Reservation> reserve(NewSession session);

    /** Freezes the Stripe customer into the attempt; fails when the lease is gone. */
    Future<CreateAttempt> bind(CreateAttempt attempt, String stripeCustomerId, JsonObject parameters);

    /** Starts the next attempt with these parameters; fails when the lease is gone. */
    Future<CreateAttempt> nextAttempt(CreateAttempt attempt, JsonObject parameters);

    /**
     * What a completed create came to.
     *
     * @param stripeSessionId the session that the row holds, which may be an earlier attempt's
     * @param answer what the caller is answered, now and whenever the request is repeated
     */
    record Completed(String stripeSessionId, StoredAnswer answer) {}

    /** Writes down what Stripe answered, and the answer to the caller, under the row's lock. */
    Future<Completed> complete(
            CreateAttempt attempt, Observation opened, Function<CheckoutSession, StoredAnswer> answer);

    /**
     * Ends a create that opened nothing.
     *
     * @param answer what every repetition of the request is answered; empty frees the idempotency key instead
     */
    Future<Void> fail(CreateAttempt attempt, CheckoutSession.Failure failure, Optional<StoredAnswer> answer);

    /** Gives the lease back, for anyone to go on after this while. */
    Future<Void> release(CreateAttempt attempt, Duration pause);

    /** Leases creates that nobody works at, oldest first. */
    Future<List<CreateAttempt>> claimUnfinished(int most);

    /** Applies what was seen to the session of ours that the observation is about; empty when there is none. */
    Future<Optional<CheckoutSession>> observe(String namespace, String sessionId, Observation seen);

    /** The session of this ULID or this {@code cs_…} id; empty for another namespace's. */
    Future<Optional<CheckoutSession>> find(String namespace, String id);

    Future<SessionPage> list(String namespace, SessionQuery query);

    /** The session's history, oldest first. */
    Future<List<Transition>> transitions(String namespace, String sessionId);

    /** Forgets answers that are older than this; tells how many. */
    Future<Integer> forgetAnswers(Duration retention);
}
