package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.followup.FollowUpStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowUpMetricsTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Counted followUps = new Counted();
    private long nanos;
    private final FollowUpMetrics backlog = new FollowUpMetrics(followUps, metrics, () -> nanos);

    private double gauge(String name) {
        return metrics.get(name).gauge().value();
    }

    private void look() {
        assertThat(backlog.runOnce().result()).isFalse();
    }

    @Test
    void runOnce_counted_isShown() {
        followUps.answer = Future.succeededFuture(new FollowUpStore.Backlog(3, 2, 7_200.5));

        look();

        assertThat(gauge("gateway.follow.ups.pending")).isEqualTo(3);
        assertThat(gauge("gateway.follow.ups.given.up")).isEqualTo(2);
        assertThat(gauge("gateway.follow.ups.overdue")).isEqualTo(7_200.5);
    }

    @Test
    void runOnce_cannotBeCounted_isNoNumberAfterAMinute() {
        followUps.answer = Future.succeededFuture(new FollowUpStore.Backlog(3, 2, 1));
        look();
        followUps.answer = Future.failedFuture("away");

        nanos += Recent.KNOWN_FOR.toNanos();
        look();
        assertThat(gauge("gateway.follow.ups.pending")).isEqualTo(3);

        nanos += Duration.ofSeconds(1).toNanos();
        look();
        assertThat(gauge("gateway.follow.ups.pending")).isNaN();
        assertThat(gauge("gateway.follow.ups.overdue")).isNaN();
    }

    /** Follow-ups that can only be counted. */
    private static final class Counted implements FollowUpStore {
        private Future<Backlog> answer = Future.succeededFuture(new Backlog(0, 0, 0));

        @Override
        public Future<Optional<Claimed>> claim(Line line, Duration lease) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Optional<Instant>> met(Claimed claimed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Failed> failed(Claimed claimed, String reason, int attemptsMax) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Boolean> putOff(Claimed claimed, String reason, Duration least) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Backlog> backlog() {
            return answer;
        }
    }
}
