package io.checkoutgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PgFeedListenerTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database = TestDatabase.create();
    private final Postgres postgres = Postgres.of(
            vertx,
            Settings.of(Map.of("DATABASE_URL", database.url(), "STRIPE_API_KEY", "sk_test_none"))
                    .database());
    private final PgFeedListener listener = new PgFeedListener(postgres);
    private final AtomicInteger rung = new AtomicInteger();

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
        database.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'checkout-gateway listener'");
        Awaitility.await().ignoreExceptions().until(() -> {
            listen();
            return rung.get() == 2;
        });

        announce();
        Awaitility.await().until(() -> rung.get() == 3);
        assertThat(listeners()).isEqualTo(1);
    }

    private int listeners() {
        return database.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'checkout-gateway listener'")
                .size();
    }
}
