package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.checkoutgateway.events.EventStore.Outcome;
import io.checkoutgateway.events.EventStore.Settled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Postgres refuses for a reason that passes by itself is tried until it is over, whatever an event's attempts. */
class PostponedEventsTest {
    private static final String STATE = "SELECT state, attempts FROM stripe_events";

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    @BeforeEach
    void hearOfOne() {
        assertThat(INBOX.add(event(
                        "checkout.session.expired", 5, session("cs_1", "seti_1").put("status", "expired"))))
                .isTrue();
    }

    @AfterEach
    void refuseNoMore() {
        INBOX.execute("DROP TRIGGER IF EXISTS refusing ON checkout_sessions");
    }

    private static void refuse(String sqlState) {
        INBOX.execute(
                """
                CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    RAISE EXCEPTION 'refused' USING ERRCODE = '%s';
                END $$
                """
                        .formatted(sqlState));
        INBOX.execute(
                "CREATE TRIGGER refusing BEFORE INSERT ON checkout_sessions FOR EACH ROW EXECUTE FUNCTION refuse()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"57014", "55P03", "40P01", "40001", "25006", "53100", "53300"})
    void settleNext_databaseRefusesForAWhile_isAppliedWhenThatIsOver(String sqlState) {
        refuse(sqlState);
        for (int round = 0; round < 12; round++) {
            assertThat(INBOX.settle()).extracting(Settled::outcome).containsExactly(Outcome.RETRIED);
            assertThat(INBOX.settle()).as("it rests").isEmpty();
            INBOX.execute("UPDATE stripe_events SET next_attempt_at = now()");
        }
        assertThat(INBOX.rows(STATE)).containsExactly(List.of("pending", "0"));

        refuseNoMore();

        assertThat(INBOX.settle()).extracting(Settled::outcome).containsExactly(Outcome.APPLIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42703", "23514", "22003", "XX000"})
    void settleNext_databaseRefusesForGood_isQuarantined(String sqlState) {
        refuse(sqlState);

        assertThat(INBOX.settle()).extracting(Settled::outcome).containsExactly(Outcome.QUARANTINED);
    }

    @Test
    void settleNext_refusedForLong_restsATenthOfThatAndIsSeenToWait() {
        refuse("55P03");
        INBOX.execute("UPDATE stripe_events SET received_at = now() - interval '20 minutes'");

        assertThat(INBOX.settle()).hasSize(1);

        assertThat(INBOX.rows("SELECT round(extract(epoch FROM next_attempt_at - now()) / 10) * 10 FROM stripe_events"))
                .containsExactly(List.of("120"));
        assertThat(INBOX.add(event(
                        "checkout.session.expired", 5, session("cs_2", "seti_2").put("status", "expired"))))
                .isTrue();
        assertThat(await(INBOX.events.backlog()).oldestSeconds()).isCloseTo(1_200, within(60.0));
    }
}
