package io.checkoutgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Time passes when the test says so; it begins before zero, as {@link System#nanoTime} may. */
class FrontTest {
    private static final long BEGINNING = 0;

    private long now = -Duration.ofSeconds(3).toNanos();
    private final Front<Long> front = new Front<>(BEGINNING, Front.DISTANCE, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void find(long row) {
        front.found(row);
        pass(Front.DISTANCE);
    }

    @Test
    void lookFrom_nothingWasFoundYet_isTheBeginning() {
        assertThat(front.lookFrom()).isEqualTo(BEGINNING);
    }

    @Test
    void lookFrom_rowsWereFound_followsAtADistance() {
        pass(Front.DISTANCE);
        find(10);
        find(20);
        find(30);

        assertThat(front.lookFrom()).isEqualTo(20);
    }

    @Test
    void lookFrom_manyRowsWithinAMoment_staysBeforeAllOfThem() {
        pass(Front.DISTANCE);
        for (long row = 1; row < 1_000; row++) {
            front.found(row);
        }

        assertThat(front.lookFrom()).isEqualTo(BEGINNING);
    }

    @Test
    void lookFrom_everyFewSeconds_isTheBeginningOnce() {
        pass(Front.DISTANCE);
        find(10);
        find(20);
        find(30);
        pass(Front.LOOK_BACK_INTERVAL);

        assertThat(front.lookFrom()).isEqualTo(BEGINNING);
        assertThat(front.lookFrom()).isEqualTo(20);
    }

    @Test
    void lookFrom_aRowFromBeforeTheFront_takesItBackUntilThatIsWorkedOff() {
        pass(Front.DISTANCE);
        find(10);
        find(20);
        find(30);
        front.found(3L);

        assertThat(front.get()).isEqualTo(3);

        pass(Front.DISTANCE);
        find(4);
        find(31);
        assertThat(front.get()).isEqualTo(4);
    }
}
