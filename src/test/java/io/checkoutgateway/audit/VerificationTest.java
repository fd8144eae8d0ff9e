package io.checkoutgateway.audit;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A chain of any length, made as it is read, with answers that come later as a database's do. */
class VerificationTest {
    private static final int ENTRIES = 30_000;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private final class Endless implements ChainStore {
        private Link head = Link.NONE;

        private <T> Future<T> later(T answer) {
            Promise<T> promise = Promise.promise();
            vertx.runOnContext(turn -> promise.complete(answer));
            return promise.future();
        }

        @Override
        public Future<Integer> link(int most) {
            return later(0);
        }

        @Override
        public Future<State> state() {
            return later(new State(head, 0, 0));
        }

        @Override
        public Future<Boolean> alterable() {
            return later(false);
        }

        @Override
        public Future<List<Linked>> after(long position, int most) {
            if (position == ENTRIES) {
                return later(List.of());
            }
            long id = position + 1;
            AuditEntry entry = new AuditEntry(id, Instant.EPOCH, "test", "a", "b", "c", "d", null, null);
            head = head.next(entry);
            return later(List.of(new Linked(id, head.hash(), id, entry)));
        }

        @Override
        public Future<Long> lastEntry() {
            return later((long) ENTRIES);
        }

        @Override
        public Future<Optional<Long>> stray(long afterId, long throughId) {
            return later(Optional.empty());
        }

        @Override
        public Future<Long> waitingFor(Duration limit) {
            return later(0L);
        }
    }

    @Test
    void run_asManyPagesAsInYears_comesToTheEnd() {
        Verification.Outcome outcome = await(new Verification(new Endless(), Duration.ofMinutes(5), null, 1).run());

        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.head().position()).isEqualTo(ENTRIES);
    }
}
