package io.checkoutgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.testing.EventReader;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever the writers do, readers hear of each change once, and in an order that never goes back. */
class FeedRelayTest {
    private static final String EVENTS = "/api/v1/checkout-sessions/events";
    private static final String MADE_UP = "made up";
    private static final int WRITERS = 4;
    private static final int TRANSACTIONS = 40;

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("GATEWAY_FEED_INTERVAL", "PT0.05S"));

    @CanIgnoreReturnValue
    private static String session() {
        String stripeId = GATEWAY.openSession().getString("session_id");
        GATEWAY.settle();
        return GATEWAY.read(stripeId).getString("id");
    }

    private static List<JsonObject> madeUp(EventReader reader) {
        return reader.data().stream()
                .filter(data -> MADE_UP.equals(data.getString("reason")))
                .toList();
    }

    private static List<Long> sequences(EventReader reader) {
        return madeUp(reader).stream().map(data -> data.getLong("sequence")).toList();
    }

    @Test
    void publish_writerThatBeganFirstCommitsLast_isStillHeardByTheReader() throws SQLException {
        String session = session();
        try (EventReader reader = GATEWAY.client().watch(EVENTS);
                Changes slow = new Changes(GATEWAY.database());
                Changes fast = new Changes(GATEWAY.database())) {
            slow.write(session, 1_001);
            fast.write(session, 1_002).commit();
            reader.until(any -> sequences(any).equals(List.of(1_002L)));
            long position = Long.parseLong(reader.lastId());

            slow.commit();

            reader.until(any -> sequences(any).equals(List.of(1_002L, 1_001L)));
            assertThat(Long.parseLong(reader.lastId())).isGreaterThan(position);
        }
    }

    @Test
    void publish_rolledBackChange_isNotTold() throws SQLException {
        String session = session();
        try (EventReader reader = GATEWAY.client().watch(EVENTS);
                Changes changes = new Changes(GATEWAY.database())) {
            changes.write(session, 1_001).rollback();
            changes.write(session, 1_002).commit();

            reader.until(any -> !sequences(any).isEmpty());

            assertThat(sequences(reader)).containsExactly(1_002L);
        }
    }

    @Test
    void publish_manyWritersAndTwoReplicas_losesNothingAndRepeatsNothing() throws SQLException {
        List<String> sessions =
                IntStream.range(0, WRITERS).mapToObj(each -> session()).toList();
        try (TestGateway other = GATEWAY.get().replica();
                EventReader here = GATEWAY.client().watch(EVENTS);
                EventReader there = other.client().watch(EVENTS)) {
            List<Long> written = sessions.stream().map(FeedRelayTest::writeMany).toList().stream()
                    .map(CompletableFuture::join)
                    .toList();
            long all = written.stream().mapToLong(Long::longValue).sum();

            for (EventReader reader : List.of(here, there)) {
                reader.until(any -> madeUp(any).size() >= all);
                assertEachOnceAndInOrder(reader, all);
            }
            assertThat(here.ids()).isEqualTo(there.ids());
        }
    }

    private static void assertEachOnceAndInOrder(EventReader reader, long all) {
        List<JsonObject> told = madeUp(reader);
        assertThat(told).hasSize((int) all);
        assertThat(reader.ids().stream().map(Long::parseLong)).isSorted().doesNotHaveDuplicates();
        Map<String, List<Long>> bySession = told.stream()
                .collect(Collectors.groupingBy(
                        data -> data.getString("id"),
                        Collectors.mapping(data -> data.getLong("sequence"), Collectors.toList())));
        assertThat(bySession.values())
                .hasSize(WRITERS)
                .allSatisfy(sequences -> assertThat(sequences).isSorted().doesNotHaveDuplicates());
    }

    /** Transactions of one to three changes; some are rolled back. Answers how many changes were committed. */
    private static CompletableFuture<Long> writeMany(String session) {
        return CompletableFuture.supplyAsync(() -> {
            long committed = 0;
            try (Changes changes = new Changes(GATEWAY.database())) {
                for (int transaction = 0; transaction < TRANSACTIONS; transaction++) {
                    int size = 1 + transaction % 3;
                    for (int change = 0; change < size; change++) {
                        changes.write(session, 1_000 + 10L * transaction + change);
                    }
                    if (transaction % 7 == 0) {
                        changes.rollback();
                    } else {
                        changes.commit();
                        committed += size;
                    }
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return committed;
        });
    }

    @Test
    void publish_connectionDiesInTheMiddle_isDoneOnceAllTheSame() throws SQLException {
        String session = session();
        try (EventReader reader = GATEWAY.client().watch(EVENTS);
                Changes changes = new Changes(GATEWAY.database());
                Connection lock = GATEWAY.database().connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE feed IN SHARE MODE");
            changes.write(session, 1_001).commit();
            List<String> relay = Awaitility.await().until(FeedRelayTest::blockedRelays, pids -> !pids.isEmpty());

            relay.forEach(pid -> GATEWAY.database().rows("SELECT pg_terminate_backend(" + pid + ")"));
            lock.rollback();
            changes.write(session, 1_002).commit();

            reader.until(any -> sequences(any).contains(1_002L));
            assertThat(sequences(reader)).containsExactly(1_001L, 1_002L);
        }
        assertThat(GATEWAY.database().rows("SELECT id FROM checkout_gateway.outbox"))
                .isEmpty();
    }

    /** The relay is held up while a reader begins, so that the snapshot is ahead of the feed. */
    @Test
    void publish_readerOfASnapshotComesAgain_isNotToldWhatTheSnapshotShowed() throws SQLException {
        String events;
        String lastId;
        long shown;
        try (Connection lock = GATEWAY.database().connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE feed IN SHARE MODE");
            events = "/api/v1/checkout-sessions/" + GATEWAY.openSession().getString("session_id") + "/events";
            try (EventReader reader = GATEWAY.client().watch(events)) {
                lastId = reader.untilType("checkout_session.snapshot").lastId();
                shown = reader.data().get(0).getLong("sequence");
            }
            lock.rollback();
        }
        GATEWAY.awaitPublished();

        try (EventReader reader = GATEWAY.client().with("Last-Event-ID", lastId).watch(events)) {
            GATEWAY.client().post(events.replace("/events", "/expire")).expect(200);
            reader.untilEnd();

            // The end of its SetupIntent, which is news too, may be applied first.
            assertThat(reader.types()).contains("checkout_session.expired");
            assertThat(reader.data())
                    .extracting(data -> data.getLong("sequence"))
                    .isSorted()
                    .allMatch(sequence -> sequence > shown);
        }
    }

    /** The relay is held up until the session is at its end; the change before must still tell what was true then. */
    @Test
    void publish_sessionHasMovedOn_tellsWhatEachChangeLeft() throws SQLException {
        try (EventReader reader = GATEWAY.client().watch(EVENTS);
                Connection lock = GATEWAY.database().connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE feed IN SHARE MODE");
            String sessionId = GATEWAY.openSession().getString("session_id");
            HostedPage.of(GATEWAY.sandbox(), sessionId).pay(HostedPage.GOOD_CARD);
            GATEWAY.settle();
            lock.rollback();

            reader.untilType("checkout_session.completed");
            reader.until(any -> setupIntents(any).contains("succeeded"));
            assertThat(setupIntents(reader)).contains("requires_payment_method");
        }
    }

    /** What waits is counted and timed: the change was committed a minute before the relay could come. */
    @Test
    void metrics_relayIsHeldUp_tellWhatWaitsAndForHowLong() throws SQLException {
        String session = session();
        GATEWAY.awaitPublished();
        try (Changes changes = new Changes(GATEWAY.database());
                Connection lock = GATEWAY.database().connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE feed IN SHARE MODE");
            changes.write(session, 1_001).write(session, 1_002).commit();
            Awaitility.await().until(() -> metric("gateway_feed_outbox") == 2);
            GATEWAY.database().execute("UPDATE checkout_gateway.outbox SET created_at = now() - interval '1 minute'");
            double published = metric("gateway_feed_published_total");
            double waited = metric("gateway_feed_lag_seconds_sum");
            FeedRelayTest.blockedRelays()
                    .forEach(pid -> GATEWAY.database().rows("SELECT pg_terminate_backend(" + pid + ")"));
            lock.rollback();

            Awaitility.await().until(() -> metric("gateway_feed_outbox") == 0);
            // Counted after the commit that the look at the outbox may have seen already.
            Awaitility.await().until(() -> metric("gateway_feed_published_total") == published + 2);
            assertThat(metric("gateway_feed_lag_seconds_sum") - waited).isBetween(60.0, 120.0);
        }
    }

    private static double metric(String name) {
        return GATEWAY.get().metric(name).orElse(0);
    }

    private static List<String> setupIntents(EventReader reader) {
        return reader.data().stream()
                .map(data -> data.getString("setup_intent_status", "none"))
                .toList();
    }

    private static List<String> blockedRelays() {
        return GATEWAY
                .database()
                .rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock' AND query LIKE '%DELETE FROM outbox%'")
                .stream()
                .map(row -> row.get(0))
                .toList();
    }

    @Test
    void forget_entriesThatAreOld_resetsTheReadersThatMissThem() {
        List<String> ids = new ArrayList<>();
        try (EventReader reader = GATEWAY.client().watch(EVENTS)) {
            session();
            ids.addAll(reader.until(any -> any.types().size() >= 2).ids());
        }
        GATEWAY.awaitPublished();
        GATEWAY.database().execute("UPDATE checkout_gateway.feed SET created_at = now() - interval '8 days'");

        boolean more = TestGateway.await(GATEWAY.get().gateway().forgetFeedNow());

        assertThat(more).isFalse();
        assertThat(GATEWAY.database().rows("SELECT position FROM checkout_gateway.feed"))
                .hasSize(1);
        try (EventReader late =
                GATEWAY.client().with("Last-Event-ID", ids.get(0)).watch(EVENTS)) {
            late.until(any -> any.types().size() >= 2);
            assertThat(late.types()).first().isEqualTo("reset");
            assertThat(late.types()).filteredOn("reset"::equals).hasSize(1);
        }
    }

    @Test
    void forget_nothingIsOld_keepsEverything() {
        session();
        GATEWAY.awaitPublished();
        GATEWAY.database().execute("UPDATE checkout_gateway.feed SET created_at = now() - interval '6 days'");
        List<List<String>> before = GATEWAY.database().rows("SELECT position FROM checkout_gateway.feed");

        boolean more = TestGateway.await(GATEWAY.get().gateway().forgetFeedNow());

        assertThat(more).isFalse();
        assertThat(GATEWAY.database().rows("SELECT position FROM checkout_gateway.feed"))
                .hasSize(before.size());
    }
}
