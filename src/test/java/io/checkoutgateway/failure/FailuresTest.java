package io.checkoutgateway.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.spi.DefaultLoggingEventBuilder;
import org.slf4j.spi.LoggingEventBuilder;

class FailuresTest {
    private static final Throwable REFUSED = stripe("resource_missing");
    private static final Throwable UNFORESEEN = new NullPointerException();

    private static StripeFailure stripe(@Nullable String code) {
        return new StripeFailure(
                Reason.STRIPE_REFUSED,
                StripeFailure.Effect.REFUSED,
                "Stripe refused: no such session",
                code,
                List.of(),
                null,
                new IllegalStateException("cause"));
    }

    /** A line that is kept instead of written. */
    private static final class Line extends DefaultLoggingEventBuilder {
        Line() {
            super(LoggerFactory.getLogger(FailuresTest.class), Level.WARN);
        }

        LoggingEvent event() {
            return loggingEvent;
        }

        List<String> pairs() {
            List<KeyValuePair> pairs = loggingEvent.getKeyValuePairs();
            return pairs.stream().map(pair -> pair.key + "=" + pair.value).toList();
        }
    }

    @Test
    void note_foreseen_isItsCodeAndSentenceWithoutATrace() {
        Line line = new Line();

        LoggingEventBuilder noted = Failures.note(line, REFUSED);

        assertThat(noted).isSameAs(line);
        assertThat(line.pairs()).containsExactly("reason=stripe_refused", "detail=Stripe refused: no such session");
        assertThat(line.event().getThrowable()).isNull();
    }

    /** Whose sentence tells callers nothing of it. */
    @Test
    void note_databaseAway_saysWhatAilsIt() {
        Line line = new Line();
        Throwable refused = new IllegalStateException("Connection refused");

        LoggingEventBuilder noted = Failures.note(
                line,
                GatewayException.retryable(Reason.DATABASE_UNAVAILABLE, "It is away", Duration.ofSeconds(1), refused));

        assertThat(noted).isSameAs(line);
        assertThat(line.pairs())
                .containsExactly("reason=database_unavailable", "detail=It is away: Connection refused");
    }

    /** Such as a fault of ours that has no message at all. */
    @Test
    void note_unforeseen_isItsTrace() {
        Line line = new Line();

        LoggingEventBuilder noted = Failures.note(line, UNFORESEEN);

        assertThat(noted).isSameAs(line);
        assertThat(line.pairs()).containsExactly("reason=internal");
        assertThat(line.event().getThrowable()).isSameAs(UNFORESEEN);
    }

    @Test
    void note_foreseenAsAFaultOfOurs_isItsTrace() {
        Line line = new Line();
        GatewayException fault = new GatewayException(Reason.INTERNAL, "A secret cannot be opened");

        LoggingEventBuilder noted = Failures.note(line, fault);

        assertThat(noted).isSameAs(line);
        assertThat(line.event().getThrowable()).isSameAs(fault);
    }

    @Test
    void reason_foreseen_leavesOutWhatMayQuoteTheRequest() {
        Line line = new Line();

        LoggingEventBuilder noted = Failures.reason(line, REFUSED);

        assertThat(noted).isSameAs(line);
        assertThat(line.pairs()).containsExactly("reason=stripe_refused");
    }

    @Test
    void sentence_ofAnyFailure_saysSomething() {
        assertThat(Failures.sentence(REFUSED)).isEqualTo("Stripe refused: no such session");
        assertThat(Failures.sentence(UNFORESEEN)).isEqualTo("NullPointerException: null");
    }

    @Test
    void is_ofThisReasonOrAnotherOrNoneOfOurs_tells() {
        assertThat(GatewayException.is(REFUSED, Reason.NOT_FOUND, Reason.STRIPE_REFUSED))
                .isTrue();
        assertThat(GatewayException.is(REFUSED, Set.of(Reason.NOT_FOUND))).isFalse();
        assertThat(GatewayException.is(UNFORESEEN, Reason.INTERNAL)).isFalse();
    }

    @Test
    void saysMissing_byStripesWordOnly() {
        assertThat(StripeFailure.saysMissing(REFUSED)).isTrue();
        assertThat(StripeFailure.saysMissing(stripe(null))).isFalse();
        assertThat(StripeFailure.saysMissing(UNFORESEEN)).isFalse();
    }
}
