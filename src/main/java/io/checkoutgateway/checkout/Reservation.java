package io.checkoutgateway.checkout;

import io.checkoutgateway.idempotency.StoredAnswer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of an attempt to claim a create. */
public final class Reservation {
    /** The four ways it can end. */
    public enum Outcome {
        /** The caller is the first: the session is to be opened. */
        NEW,
        /** An earlier call died on the way: the session is to be finished. */
        TAKEN_OVER,
        /** It was answered before. */
        ANSWERED,
        /** It is under way elsewhere. */
        IN_USE,
        /** The key came with another request before. */
        REUSED
    }

    private final Outcome outcome;
    private final @Nullable CreateAttempt attempt;
    private final @Nullable StoredAnswer answer;
    private final Duration retryAfter;

    private Reservation(
            Outcome outcome, @Nullable CreateAttempt attempt, @Nullable StoredAnswer answer, Duration retryAfter) {
        this.outcome = outcome;
        this.attempt = attempt;
        this.answer = answer;
        this.retryAfter = retryAfter;
    }

    public static Reservation started(CreateAttempt attempt) {
        return new Reservation(Outcome.NEW, attempt, null, Duration.ZERO);
    }

    public static Reservation takenOver(CreateAttempt attempt) {
        return new Reservation(Outcome.TAKEN_OVER, attempt, null, Duration.ZERO);
    }

    public static Reservation answered(StoredAnswer answer) {
        return new Reservation(Outcome.ANSWERED, null, answer, Duration.ZERO);
    }

    public static Reservation inUse(Duration retryAfter) {
        return new Reservation(Outcome.IN_USE, null, null, retryAfter);
    }

    public static Reservation reused() {
        return new Reservation(Outcome.REUSED, null, null, Duration.ZERO);
    }

    public Outcome outcome() {
        return outcome;
    }

    /** The work to do; only for {@link Outcome#NEW} and {@link Outcome#TAKEN_OVER}. */
    public CreateAttempt attempt() {
        return Objects.requireNonNull(attempt, "this reservation brings no work");
    }

    /** What was answered; only for {@link Outcome#ANSWERED}. */
    public StoredAnswer answer() {
        return Objects.requireNonNull(answer, "this reservation brings no answer");
    }

    /** When the call under way will be done or given up; only for {@link Outcome#IN_USE}. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
