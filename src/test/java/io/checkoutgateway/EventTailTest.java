package io.checkoutgateway;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.store.PgEventLog;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.testing.Relay;
import io.checkoutgateway.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever follows the inbox is told of each event, at once and once. */
class EventTailTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";

    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database = TestDatabase.create();
    private final Relay relay = new Relay(vertx);
    private final DatabaseSettings settings =
            TestDatabase.settings(database.urlBy(relay)).database();
    private final Postgres postgres = Postgres.of(vertx, settings);
    private final List<String> told = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private final EventTail tail = new EventTail(
            new PgEventLog(postgres),
            "test",
            EventLog.Filter.ALL,
            0,
            entry -> told.add(entry.eventId()),
            troubles::add);

    @BeforeEach
    void anApp() {
        database.execute("INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured) VALUES ('" + APP
                + "', 'test', 'stripe', false, false)");
    }

    @AfterEach
    void close() {
        await(postgres.close());
        await(vertx.close());
    }

    private static String event(String id, String age) {
        return """
            INSERT INTO checkout_gateway.stripe_events (app_id, event_id, type, created, body, received_at)
            VALUES ('%s', '%s', 'invoice.paid', now(), '{}', now() - interval '%s')
            """
                .formatted(APP, id, age);
    }

    @Test
    void runOnce_newEvents_areToldAtOnceAndOnce() {
        database.execute(event("evt_1", "1 hour"));
        database.execute(event("evt_2", "0 seconds"));
        await(tail.runOnce());
        assertThat(told).containsExactly("evt_1", "evt_2");

        database.execute(event("evt_3", "0 seconds"));
        await(tail.runOnce());
        database.execute("UPDATE checkout_gateway.stripe_events SET received_at = received_at - interval '1 minute'");
        await(tail.runOnce());

        assertThat(told).containsExactly("evt_1", "evt_2", "evt_3");
    }

    /** Its insert took longer than that of the one after it. */
    @Test
    void runOnce_eventAppearsBehindOneThatWasTold_isToldToo() throws SQLException {
        try (Connection slow = database.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            // From the future: no tail is so late that it goes past them before its first look.
            statement.execute(event("evt_slow", "-10 minutes"));
            database.execute(event("evt_quick", "-10 minutes"));
            await(tail.runOnce());
            assertThat(told).containsExactly("evt_quick");

            slow.commit();
        }
        await(tail.runOnce());

        assertThat(told).containsExactly("evt_quick", "evt_slow");
    }

    @Test
    void lookOn_postgresIsAwayForAWhile_isSaidOnceAndGoneOnWith() {
        database.execute(event("evt_1", "0 seconds"));
        await(tail.lookOn());
        relay.cut();
        await(tail.lookOn());
        await(tail.lookOn());
        assertThat(troubles).singleElement().asString().startsWith("The inbox cannot be looked at now");
        database.execute(event("evt_2", "0 seconds"));

        relay.restore();

        Awaitility.await().until(() -> {
            await(tail.lookOn());
            return told.size() > 1;
        });
        assertThat(told).containsExactly("evt_1", "evt_2");
        assertThat(troubles).hasSize(1);
    }
}
