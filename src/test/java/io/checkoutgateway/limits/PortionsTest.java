package io.checkoutgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.MovableClock;
import io.checkoutgateway.testing.Patience;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A clock that stands still: what is given out is a second's worth, whoever asks. */
class PortionsTest {
    private static final String ACCOUNT = "acct";

    private final MovableClock clock = new MovableClock();
    private final SharedShelf shelf = new SharedShelf();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private Portions process(int perSecond, Duration patience) {
        return new Portions("background", perSecond, shelf, clock, metrics, patience);
    }

    private static boolean taken(Portions portions, String whose) {
        boolean has = portions.hasPlace(whose);
        if (has) {
            portions.take(whose);
        }
        return has;
    }

    @Test
    void hasPlace_ofSeveralProcesses_isTheRateOfOne() {
        List<Portions> processes = List.of(process(20, Patience.LIMIT), process(20, Patience.LIMIT));

        long taken = IntStream.range(0, 200)
                .filter(time -> taken(processes.get(time % 2), ACCOUNT))
                .count();

        assertThat(taken).isEqualTo(20);
        assertThat(shelf.writes).as("a look for a portion, not for a place").isLessThanOrEqualTo(7);
    }

    @Test
    void hasPlace_ofAnotherAccount_isAnotherRate() {
        Portions portions = process(1, Patience.LIMIT);
        assertThat(taken(portions, ACCOUNT)).isTrue();
        assertThat(taken(portions, ACCOUNT)).isFalse();

        assertThat(taken(portions, "other")).isTrue();
    }

    @Test
    void hasPlace_usedUp_asksTheStoreNoMoreUntilThereCanBeSome() {
        Portions portions = process(1, Patience.LIMIT);
        assertThat(taken(portions, ACCOUNT)).isTrue();
        assertThat(taken(portions, ACCOUNT)).isFalse();
        int reads = shelf.reads;

        assertThat(IntStream.range(0, 100)
                        .filter(time -> taken(portions, ACCOUNT))
                        .count())
                .isZero();
        assertThat(shelf.reads).isEqualTo(reads);
    }

    @Test
    void hasPlace_storeSilent_goesOnUncountedAfterAWhile() {
        Portions portions = process(5, Duration.ofMillis(20));
        shelf.silent = true;

        assertThat(taken(portions, ACCOUNT)).isFalse();
        Awaitility.await().until(() -> taken(portions, ACCOUNT));

        assertThat(metrics.counter("gateway.rate.share.uncounted", "share", "background")
                        .count())
                .isEqualTo(1);
    }
}
