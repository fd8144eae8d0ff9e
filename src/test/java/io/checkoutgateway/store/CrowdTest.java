package io.checkoutgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Time passes when the test says so; it begins before zero, as {@link System#nanoTime} may. */
class CrowdTest {
    private static final Duration WINDOW = Duration.ofMillis(100);

    private long now = -10 * WINDOW.toNanos();
    private final Crowd crowd = new Crowd(() -> now);

    private void come(int many) {
        for (int i = 0; i < many; i++) {
            crowd.add();
        }
    }

    @Test
    void isThere_fewerThanTwoThousandASecond_isFalse() {
        for (int window = 0; window < 10; window++) {
            come(199);
            assertThat(crowd.isThere()).isFalse();
            now += WINDOW.toNanos();
        }
    }

    @Test
    void isThere_manyInOneWindow_isTrueUntilTheEndOfTheNext() {
        come(200);
        assertThat(crowd.isThere()).isTrue();
        now += WINDOW.toNanos();
        assertThat(crowd.isThere()).isTrue();
        now += WINDOW.toNanos();
        assertThat(crowd.isThere()).isFalse();
    }

    @Test
    void isThere_nothingCameForLong_isFalse() {
        come(1_000);
        now += 50 * WINDOW.toNanos();
        assertThat(crowd.isThere()).isFalse();
        come(1);
        assertThat(crowd.isThere()).isFalse();
    }
}
