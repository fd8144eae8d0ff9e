package io.checkoutgateway.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.mirror.Window.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {
    private static final Instant TO = Instant.parse("2026-11-22T10:00:00Z");

    @ParameterizedTest
    @ValueSource(longs = {1, 60, 86_399, 86_400, 86_401, 8_640_000, 8_640_001, 250_000_007})
    void split_anyStretch_coversEachSecondOnce(long seconds) {
        Instant from = TO.minusSeconds(seconds);

        List<Range> windows = Windows.split(from, TO);

        assertThat(windows).hasSizeBetween(1, Windows.MOST);
        assertThat(windows.get(0).to()).isEqualTo(TO);
        assertThat(windows.get(windows.size() - 1).from()).isEqualTo(from);
        for (int next = 1; next < windows.size(); next++) {
            assertThat(windows.get(next).to()).isEqualTo(windows.get(next - 1).from());
        }
        assertThat(windows).allSatisfy(range -> assertThat(range.from()).isBefore(range.to()));
    }

    @Test
    void split_tenDays_makesAWindowOfEach() {
        assertThat(Windows.split(TO.minus(Duration.ofDays(10)), TO)).hasSize(10);
    }

    @Test
    void split_noTime_makesNone() {
        assertThat(Windows.split(TO, TO)).isEmpty();
    }

    @Test
    void pauseAfter_moreAndMoreAttempts_growsToFiveMinutes() {
        assertThat(MirrorWorker.pauseAfter(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(MirrorWorker.pauseAfter(8)).isEqualTo(Duration.ofSeconds(256));
        assertThat(MirrorWorker.pauseAfter(9)).isEqualTo(Duration.ofMinutes(5));
        assertThat(MirrorWorker.pauseAfter(1_000_000)).isEqualTo(Duration.ofMinutes(5));
    }
}
