package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopMetricsTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private long nanos = 7;
    private final LoopMetrics loop = new LoopMetrics("events", Duration.ofSeconds(5), metrics, () -> nanos);

    private double gauge(String name) {
        return metrics.get(name).tag("loop", "events").gauge().value();
    }

    private double rounds(String outcome) {
        return metrics.get("gateway.loop.rounds")
                .tags("loop", "events", "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void age_untilTheFirstRoundEnds_growsFromTheStart() {
        nanos += Duration.ofMinutes(2).toNanos();

        assertThat(gauge("gateway.loop.round.age")).isEqualTo(120);
        assertThat(gauge("gateway.loop.pause")).isEqualTo(5);
    }

    @Test
    void ended_anyRound_isCountedAndBeginsTheAgeAnew() {
        nanos += Duration.ofMinutes(2).toNanos();
        loop.ended(true);
        assertThat(gauge("gateway.loop.round.age")).isZero();

        nanos += Duration.ofSeconds(3).toNanos();
        loop.ended(false);
        loop.ended(false);

        assertThat(gauge("gateway.loop.round.age")).isZero();
        assertThat(rounds("ok")).isEqualTo(1);
        assertThat(rounds("failed")).isEqualTo(2);
    }
}
