package io.checkoutgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentTest {
    private long nanos;

    @Test
    void known_ofTheLastCount_isANumberForAMinute() {
        Recent<Integer> recent = new Recent<>(0, () -> nanos);
        recent.set(7);

        nanos += Recent.KNOWN_FOR.toNanos();
        assertThat(recent.known(Integer::doubleValue)).isEqualTo(7);
        nanos++;
        assertThat(recent.known(Integer::doubleValue)).isNaN();

        recent.set(8);
        assertThat(recent.known(Integer::doubleValue)).isEqualTo(8);
    }

    @Test
    void known_ofWhatIsCountedRarely_isANumberUntilSomeCountsAreMissed() {
        Recent<Integer> recent = new Recent<>(0, Duration.ofMinutes(1), () -> nanos);
        recent.set(7);

        nanos += Duration.ofMinutes(Recent.MISSED_MAX).toNanos();
        assertThat(recent.known(Integer::doubleValue)).isEqualTo(7);
        nanos++;
        assertThat(recent.known(Integer::doubleValue)).isNaN();
    }
}
