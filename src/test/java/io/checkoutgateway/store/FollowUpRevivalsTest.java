package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.followup.FollowUpStore.Claimed;
import io.checkoutgateway.followup.FollowUpStore.Failed;
import io.checkoutgateway.followup.FollowUpStore.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What begins follow-ups again of which nobody wished anew: another key, an account's return. */
class FollowUpRevivalsTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    private static final String OTHER = "01KAMZ2V5Q8XG6T4N9R3W7B1CE";
    private static final Actor ACTOR = Actor.gateway("test", "test");
    private static final String LEFT = "SELECT subject, state, attempts, begun, next_attempt_at <= now()"
            + " FROM checkout_gateway.follow_ups ORDER BY subject";

    private final StoreScene scene = new StoreScene();
    private final PgFollowUps followUps = new PgFollowUps(scene.postgres);

    @BeforeEach
    void apps() {
        scene.app(APP, false);
        scene.app(OTHER, true);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    /** One that failed so often, and is tried again in an hour, if at all. */
    private void failed(String app, Kind kind, String subject, String state, String account) {
        scene.database.execute(
                """
                INSERT INTO checkout_gateway.follow_ups (
                    app_id, kind, subject, account, state, attempts, next_attempt_at, outcome)
                VALUES ('%s', '%s', '%s', nullif('%s', ''), '%s', 12, now() + interval '1 hour', 'no luck')
                """
                        .formatted(app, kind.word(), subject, account, state));
    }

    private void keyChanged() {
        await(scene.postgres.inTransaction(connection -> ConnectedAccountRows.keyChanged(connection, APP)));
    }

    private Optional<Claimed> claim() {
        return await(followUps.claim(Line.NEWS, Duration.ofHours(2)));
    }

    @Test
    void keyChanged_whatFailedOrWasGivenUp_isDueAtOnceAndOthersAreNot() {
        failed(APP, Kind.READ_SESSION, "cs_1", "pending", "");
        failed(APP, Kind.FETCH_LINE_ITEMS, "cs_2", "pending", "acct_a");
        failed(APP, Kind.READ_SESSION, "cs_3", "given_up", "");
        failed(OTHER, Kind.READ_SESSION, "cs_4", "pending", "");
        failed(OTHER, Kind.READ_SESSION, "cs_5", "given_up", "");

        keyChanged();

        assertThat(scene.database.rows(LEFT))
                .containsExactly(
                        List.of("cs_1", "pending", "0", "0", "t"),
                        List.of("cs_2", "pending", "0", "0", "t"),
                        List.of("cs_3", "pending", "0", "0", "t"),
                        List.of("cs_4", "pending", "12", "0", "f"),
                        List.of("cs_5", "given_up", "12", "0", "f"));
    }

    @Test
    void keyChanged_ofADisconnectedAccount_waitsForItsReturn() {
        scene.database.execute("INSERT INTO checkout_gateway.connected_accounts (app_id, account, seen_at,"
                + " disconnected_at, disconnected_by) VALUES ('" + APP + "', 'acct_gone', now(), now(), 'refused')");
        failed(APP, Kind.READ_SESSION, "cs_1", "pending", "acct_gone");

        keyChanged();

        assertThat(scene.database.rows(LEFT)).containsExactly(List.of("cs_1", "pending", "12", "0", "f"));
    }

    /** The call under way is made with the key of before, and fails; that must not cost a long pause. */
    @Test
    void keyChanged_whileSomebodyIsAtIt_staysTheirsAndIsTriedSoonAfterTheyFail() {
        failed(APP, Kind.READ_SESSION, "cs_1", "pending", "");
        scene.database.execute("UPDATE checkout_gateway.follow_ups SET next_attempt_at = now()");
        Claimed claimed = claim().orElseThrow();

        keyChanged();

        assertThat(claim()).isEmpty();
        assertThat(scene.database.rows("SELECT next_attempt_at > now() + interval '1 hour', begun"
                        + " FROM checkout_gateway.follow_ups"))
                .containsExactly(List.of("t", "1"));
        assertThat(await(followUps.failed(claimed, "the key is not accepted", 80)))
                .isEqualTo(Failed.RETRIED);
        assertThat(scene.database.rows("SELECT next_attempt_at <= now() + interval '2 seconds', attempts"
                        + " FROM checkout_gateway.follow_ups"))
                .containsExactly(List.of("t", "1"));
    }

    @Test
    void keyChanged_moreThanOneTransactionMayLock_endsAtALimit() {
        scene.database.execute(
                """
                INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state)
                SELECT '%s', 'read_session', 'cs_' || n, 'given_up' FROM generate_series(1, %d) n
                """
                        .formatted(APP, FollowUpRevivals.AT_ONCE_MAX + 1));

        keyChanged();

        assertThat(scene.database.rows("SELECT count(*) FROM checkout_gateway.follow_ups WHERE state = 'given_up'"))
                .containsExactly(List.of("1"));
    }

    @Test
    void seen_accountReturnsWhileSomebodyIsAtOne_staysTheirsAndIsDueWhenTheyEnd() {
        Wishes.add(scene.postgres, new FollowUp(Kind.READ_SESSION, APP, "acct_a", "cs_1"));
        Claimed claimed = claim().orElseThrow();
        scene.database.execute("INSERT INTO checkout_gateway.connected_accounts (app_id, account, seen_at,"
                + " disconnected_at, disconnected_by) VALUES ('" + APP
                + "', 'acct_a', now() - interval '2 days', now() - interval '1 day', 'refused')");

        await(scene.postgres.inTransaction(
                connection -> ConnectedAccountRows.seen(connection, ACTOR, APP, "acct_a", Instant.now())));

        assertThat(claim()).isEmpty();
        assertThat(await(followUps.met(claimed))).isPresent();
        assertThat(claim()).isPresent();
    }
}
