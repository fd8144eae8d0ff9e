package io.checkoutgateway.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:30:00Z");

    private final Random random = new Random(7);

    @ParameterizedTest
    @CsvSource({"1, PT5S", "2, PT5M", "3, PT30M", "4, PT2H", "5, PT5H", "6, PT10H", "7, PT14H", "8, PT20H", "9, PT24H"})
    void waitAfter_eachAttempt_isTheScheduleAndAtMostATenthMore(int attempt, Duration planned) {
        assertThat(RetrySchedule.exhausted(attempt)).isFalse();
        Set<Duration> waits = IntStream.range(0, 100)
                .mapToObj(draw -> RetrySchedule.waitAfter(attempt, null, random))
                .collect(Collectors.toSet());
        assertThat(waits).hasSizeGreaterThan(50).allSatisfy(wait -> assertThat(wait)
                .isBetween(planned, planned.plus(planned.dividedBy(10))));
    }

    @Test
    void exhausted_tenthAttempt_isTheLast() {
        assertThat(RetrySchedule.exhausted(10)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"PT2S, PT5S, PT5.5S", "PT1H, PT1H, PT1H", "P365D, P1D, P1D", "-PT1H, PT5S, PT5.5S"})
    void waitAfter_askedFor_isGrantedWithinBounds(Duration asked, Duration least, Duration most) {
        assertThat(RetrySchedule.waitAfter(1, asked, random)).isBetween(least, most);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, none",
                "'', none",
                "0, PT0S",
                "120, PT2M",
                "-1, none",
                "1.5, none",
                "12345678901234567890, none",
                "soon, none",
                "'Sun, 22 Nov 2026 08:31:00 GMT', PT1M",
                "'Sun, 22 Nov 2026 08:29:00 GMT', PT0S",
                "'Mon, 22 Nov 2026 08:31:00 GMT', none"
            })
    void parse_retryAfter_isSecondsOrATime(String header, Duration asked) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(asked);
    }
}
