package io.checkoutgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.RateSettings;
import io.checkoutgateway.testing.MovableClock;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.TestGateway;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is counted where, and how far off two replicas can be. */
class RateLimitsTest {
    private static final RateSettings LARGE = new RateSettings(100, 200, 30);
    private static final int OWN = 200 / RateLimits.OWN_PARTS;

    private final MovableClock clock = new MovableClock();
    private final SharedShelf shelf = new SharedShelf();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private RateLimits replica(RateSettings settings) {
        return new RateLimits(settings, shelf, clock, metrics, Patience.LIMIT);
    }

    private static Optional<Standing> ask(RateLimits limits) {
        return TestGateway.await(limits.request("test", "api_key:a"));
    }

    private static long granted(RateLimits limits, int times) {
        return IntStream.range(0, times)
                .filter(time -> ask(limits).orElseThrow().granted())
                .count();
    }

    @Test
    void request_ofALargeBucket_isMostlyCountedWithoutTheStore() {
        RateLimits limits = replica(LARGE);

        assertThat(granted(limits, 200)).isEqualTo(200);

        assertThat(shelf.writes).isLessThanOrEqualTo(200 / OWN + 1);
    }

    @Test
    void request_refused_asksTheStoreNoMore() {
        RateLimits limits = replica(LARGE);
        assertThat(granted(limits, 220)).isEqualTo(200);
        int reads = shelf.reads;

        assertThat(granted(limits, 1_000)).isZero();

        assertThat(shelf.reads - reads).isLessThanOrEqualTo(1);
        assertThat(metrics.counter("gateway.rate.limited", "policy", "credential")
                        .count())
                .isEqualTo(1_020);
    }

    @Test
    void request_atTwoReplicasByTurns_exceedsTheBurstByWhatEachMayGiveOutAtMost() {
        List<RateLimits> replicas = List.of(replica(LARGE), replica(LARGE));

        long granted = IntStream.range(0, 400)
                .filter(time -> ask(replicas.get(time % 2)).orElseThrow().granted())
                .count();

        assertThat(granted).isBetween(200L, 200L + 2 * OWN);
    }

    @Test
    void request_afterASilence_findsItsBurstAgainButForWhatWasNotToldYet() {
        RateLimits limits = replica(LARGE);
        assertThat(granted(limits, 200)).isEqualTo(200);
        clock.advance(Duration.ofSeconds(2));

        assertThat(granted(limits, 201)).isBetween(200L - OWN, 200L);
    }

    @Test
    void request_steadily_isGrantedTheRate() {
        RateLimits limits = replica(LARGE);
        assertThat(granted(limits, 200)).isEqualTo(200);
        clock.advance(Duration.ofMillis(100));

        assertThat(granted(limits, 20)).isEqualTo(10);
    }

    @Test
    void request_limitSwitchedOff_isNotCounted() {
        assertThat(ask(replica(new RateSettings(0, 1, 0)))).isEmpty();
        assertThat(shelf.reads).isZero();
    }

    @Test
    void request_storeSilent_goesOnUncountedAfterAWhile() {
        RateLimits limits = new RateLimits(LARGE, shelf, clock, metrics, Duration.ofMillis(20));
        shelf.silent = true;

        assertThat(ask(limits)).isEmpty();

        assertThat(metrics.counter("gateway.rate.limit.uncounted").count()).isEqualTo(1);
    }

    @Test
    void request_moreCallersThanAreKeptInMemory_keepTheirCountsInTheStore() {
        RateLimits limits = replica(new RateSettings(1, 1, 0));
        assertThat(ask(limits).orElseThrow().granted()).isTrue();
        for (int other = 0; other < RateLimits.BUCKETS_MAX; other++) {
            assertThat(TestGateway.await(limits.request("test", "api_key:other" + other)))
                    .isPresent();
        }

        assertThat(ask(limits).orElseThrow().granted()).isFalse();
    }
}
