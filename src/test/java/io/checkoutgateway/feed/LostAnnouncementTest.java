package io.checkoutgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.EventReader;
import io.checkoutgateway.testing.GatewayExtension;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Postgres' announcements may be lost; entries are not. */
class LostAnnouncementTest {
    private static final String EVENTS = "/api/v1/checkout-sessions/events";
    private static final String LISTENERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'checkout-gateway listener'";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static List<List<String>> listeners() {
        return GATEWAY.database().rows(LISTENERS);
    }

    @Test
    void watch_listeningConnectionIsKilled_hearsOfEverythingAndListensAgain() {
        List<List<String>> killed = Awaitility.await().until(LostAnnouncementTest::listeners, pids -> pids.size() == 1);
        try (EventReader reader = GATEWAY.client().watch(EVENTS)) {
            GATEWAY.database().rows(LISTENERS.replace("SELECT pid", "SELECT pg_terminate_backend(pid)"));
            GATEWAY.openSession();
            reader.untilType("checkout_session.opened");
        }

        List<List<String>> again = Awaitility.await()
                .until(LostAnnouncementTest::listeners, pids -> pids.size() == 1 && !pids.equals(killed));
        assertThat(again).doesNotContainAnyElementsOf(killed);
    }

    /** As if another replica had published it and nobody had heard the announcement. */
    @Test
    void watch_entryThatNobodyAnnounced_arrivesAllTheSame() {
        GATEWAY.awaitHeard();
        try (EventReader reader = GATEWAY.client().watch(EVENTS)) {
            GATEWAY.database()
                    .execute(
                            """
                            INSERT INTO checkout_gateway.feed (namespace, session_id, sequence, type, data)
                            VALUES ('test', '01G65Z755AFWAKHE12NY0CQ9FH', 1, 'checkout_session.updated', '{
                                "id": "01G65Z755AFWAKHE12NY0CQ9FH", "status": "open", "sequence": 1,
                                "occurred_at": "2026-11-22T07:33:20Z"}')
                            """);

            reader.untilType("checkout_session.updated");

            assertThat(reader.data().get(0).getString("id")).isEqualTo("01G65Z755AFWAKHE12NY0CQ9FH");
        }
    }
}
