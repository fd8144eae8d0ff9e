package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.Meaning;
import io.checkoutgateway.events.StripeEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class BacklogMetricsTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Counted inbox = new Counted();
    private long nanos;
    private final BacklogMetrics backlog = new BacklogMetrics(inbox, metrics, () -> nanos);

    private double gauge(String name) {
        return metrics.get(name).gauge().value();
    }

    private void look() {
        assertThat(backlog.runOnce().result()).isFalse();
    }

    @Test
    void runOnce_inboxCounted_isShown() {
        inbox.answer = Future.succeededFuture(new EventStore.Backlog(3, 2, 7_200.5));

        look();

        assertThat(gauge("gateway.events.pending")).isEqualTo(3);
        assertThat(gauge("gateway.events.quarantined")).isEqualTo(2);
        assertThat(gauge("gateway.events.oldest.pending")).isEqualTo(7_200.5);
    }

    @Test
    void runOnce_cannotBeCounted_isNoNumberAfterAMinute() {
        inbox.answer = Future.succeededFuture(new EventStore.Backlog(3, 2, 1));
        look();
        inbox.answer = Future.failedFuture("away");

        nanos += Recent.KNOWN_FOR.toNanos();
        look();
        assertThat(gauge("gateway.events.pending")).isEqualTo(3);

        nanos += Duration.ofSeconds(1).toNanos();
        look();
        assertThat(gauge("gateway.events.pending")).isNaN();
        assertThat(gauge("gateway.events.oldest.pending")).isNaN();

        inbox.answer = Future.succeededFuture(new EventStore.Backlog(4, 2, 1));
        look();
        assertThat(gauge("gateway.events.pending")).isEqualTo(4);
    }

    /** An inbox that can only be counted. */
    private static final class Counted implements EventStore {
        private Future<Backlog> answer = Future.succeededFuture(new Backlog(0, 0, 0));

        @Override
        public Future<Boolean> add(String appId, StripeEvent event, Delivery delivery) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public Future<Optional<Settled>> settleNext(Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Boolean> forget(Duration retention) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Backlog> backlog() {
            return answer;
        }
    }
}
