package io.checkoutgateway.checkout;

import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where creates are written down, step by step, so that whoever comes after a crash knows where to go on. Every method
 * is one short transaction; none spans a call to Stripe.
 */
public interface CreateJournal {
    /** Claims the idempotency key, if there is one, and remembers the session as {@code creating}. */
    Future<Reservation> reserve(NewSession session);

    /**
     * What became of an earlier request with this key, without claiming it; empty when there was none. Work that nobody
     * goes on with is taken over.
     */
    Future<Optional<Reservation>> recall(String namespace, IdempotencyKey key);

    /** Freezes the Stripe customer into the attempt; fails when the lease is gone. */
    Future<CreateAttempt> bind(CreateAttempt attempt, String stripeCustomerId, JsonObject parameters);

    /** Starts the next attempt with these parameters; fails when the lease or the need for it is gone. */
    Future<CreateAttempt> nextAttempt(CreateAttempt attempt, String stripeCustomerId, JsonObject parameters);

    /**
     * What a completed create came to.
     *
     * @param stripeSessionId the session that the row holds, which may be an earlier attempt's
     * @param answer what the caller is answered, now and whenever the request is repeated
     */
    record Completed(String stripeSessionId, StoredAnswer answer) {
        boolean holds(StripeSession opened) {
            return stripeSessionId.equals(opened.id()) && answer.successful();
        }
    }

    /**
     * Writes down what Stripe answered, and the answer to the caller, under the row's lock.
     *
     * @param connectedAccount that Stripe was asked for; {@code null} for the app's own
     */
    Future<Completed> complete(
            CreateAttempt attempt,
            @Nullable String connectedAccount,
            Observation opened,
            Function<CheckoutSession, StoredAnswer> answer);

    /**
     * Ends a create that opened nothing; fails when the lease is gone.
     *
     * @param answer what every repetition of the request is answered; empty frees the idempotency key instead
     */
    Future<Void> fail(CreateAttempt attempt, CheckoutSession.Failure failure, Optional<StoredAnswer> answer);

    /** Gives the lease back, for anyone to go on after this while. */
    Future<Void> release(CreateAttempt attempt, Duration pause);

    /** Leases creates that nobody works at, oldest first. */
    Future<List<CreateAttempt>> claimUnfinished(int most);

    /** Forgets some answers that are older than this; tells whether there are more. */
    Future<Boolean> forgetAnswers(Duration retention);
}
