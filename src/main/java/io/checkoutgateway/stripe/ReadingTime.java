package io.checkoutgateway.stripe;

import com.stripe.net.StripeResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The time at which an answer was true: just before it was asked for. By Stripe's clock, which its events are dated by,
 * where the answer says what that showed: a clock of ours that runs ahead would make a reading look later than events
 * which it has not seen.
 */
final class ReadingTime {
    private final Instant begun;
    private final long begunNanos = System.nanoTime();

    private ReadingTime(Instant begun) {
        this.begun = begun;
    }

    static ReadingTime begin(Clock clock) {
        return new ReadingTime(clock.instant());
    }

    Instant of(StripeResponse answer) {
        Duration taken = Duration.ofNanos(System.nanoTime() - begunNanos);
        return answer.headers()
                .firstValue("Date")
                .flatMap(ReadingTime::parse)
                .map(answered -> answered.minus(taken))
                .orElse(begun);
    }

    /** RFC 9110, section 5.6.7: whole seconds, in GMT. */
    private static Optional<Instant> parse(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
