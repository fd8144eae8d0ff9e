package io.checkoutgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.Relay;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PgFeedListenerTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database = TestDatabase.create();
    private final Relay relay = new Relay(vertx);
    private final Postgres postgres =
            Postgres.of(vertx, TestDatabase.settings(database.urlBy(relay)).database());
    private final PgFeedListener listener = new PgFeedListener(postgres, Patience.LIMIT, this::timeOfALoss);
    private final AtomicInteger rung = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();

    /** Asked for once with each loss. */
    private long timeOfALoss() {
        losses.incrementAndGet();
        return nanos.get();
    }

    @BeforeEach
    void hearOfLosses() {
        listener.onLost(lost::incrementAndGet);
    }

    @AfterEach
    void close() {
        TestGateway.await(listener.close());
        TestGateway.await(postgres.close());
        TestGateway.await(vertx.close());
    }

    private void listen() {
        TestGateway.await(listener.listen(rung::incrementAndGet));
    }

    private void announce() {
        database.rows("SELECT pg_notify('checkout_feed', '')");
    }

    @Test
    void listen_announcement_ringsTheBell() {
        listen();
        int opened = rung.get();
        announce();

        Awaitility.await().until(() -> rung.get() == opened + 1);
        assertThat(opened).as("what was missed before").isEqualTo(1);
    }

    @Test
    void listen_again_keepsTheConnectionThatLives() {
        listen();
        listen();

        assertThat(rung).hasValue(1);
        assertThat(listeners()).isEqualTo(1);
    }

    @Test
    void listen_connectionWasKilled_opensAnother() {
        listen();
        kill();
        Awaitility.await().ignoreExceptions().until(() -> {
            listen();
            return rung.get() == 2;
        });

        announce();
        Awaitility.await().until(() -> rung.get() == 3);
        assertThat(listeners()).isEqualTo(1);
    }

    private void kill() {
        database.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'checkout-gateway listener'");
    }

    @Test
    void listen_connectionDiedSilently_opensAnotherInTheSameLookAndCallsItNoLoss() {
        PgFeedListener impatient = new PgFeedListener(postgres, Duration.ofMillis(500), this::timeOfALoss);
        impatient.onLost(lost::incrementAndGet);
        TestGateway.await(impatient.listen(rung::incrementAndGet));
        relay.silence();
        relay.letNewOnesThrough();

        TestGateway.await(impatient.listen(rung::incrementAndGet));

        assertThat(rung).hasValue(2);
        Awaitility.await().until(() -> listeners() == 1);
        announce();
        Awaitility.await().until(() -> rung.get() == 3);
        assertThat(lost).hasValue(0);
        TestGateway.await(impatient.close());
    }

    @Test
    void onLost_connectionWasKilled_isToldOnce() {
        listen();
        kill();

        Awaitility.await().until(() -> lost.get() == 1);
        TestGateway.await(listener.close());
        assertThat(lost).hasValue(1);
    }

    @Test
    void onLost_closedHere_isNotTold() {
        listen();

        TestGateway.await(listener.close());

        Awaitility.await().until(() -> listeners() == 0);
        assertThat(losses).hasValue(0);
    }

    @Test
    void onLost_twiceWithinASecond_isToldOnceUntilSomeTimeHasPassed() {
        loseAnother(1);
        Awaitility.await().until(() -> lost.get() == 1);
        nanos.addAndGet(PgFeedListener.OFTEN.toNanos() - 1);
        loseAnother(2);
        assertThat(lost).hasValue(1);

        nanos.addAndGet(PgFeedListener.OFTEN.toNanos());
        loseAnother(3);
        Awaitility.await().until(() -> lost.get() == 2);
    }

    private void loseAnother(int sum) {
        listen();
        kill();
        Awaitility.await().until(() -> losses.get() == sum);
    }

    private int listeners() {
        return database.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'checkout-gateway listener'")
                .size();
    }
}
