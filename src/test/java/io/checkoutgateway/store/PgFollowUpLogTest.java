package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.followup.FollowUpStore.Claimed;
import io.checkoutgateway.followup.FollowUpStore.Failed;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.listing.Repeated;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Beginning follow-ups again, beside those who are at them. */
class PgFollowUpLogTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    private static final Actor ACTOR = Actor.gateway("test", "test");
    private static final FollowUpLog.Filter GIVEN_UP = new FollowUpLog.Filter("given_up", null, null, null);

    private static StoreScene scene;
    private static PgFollowUps followUps;
    private static FollowUpLog log;

    @BeforeAll
    static void start() {
        scene = new StoreScene();
        scene.database.execute("INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured) VALUES ('"
                + APP + "', 'test', 'stripe', false, false)");
        followUps = new PgFollowUps(scene.postgres);
        log = new PgFollowUpLog(scene.postgres);
    }

    @AfterEach
    void forget() {
        scene.database.execute("DELETE FROM checkout_gateway.follow_ups");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static Claimed claimed() {
        Wishes.add(scene.postgres, new FollowUp(Kind.READ_SESSION, APP, null, "cs_1"));
        return await(followUps.claim(Line.NEWS, Duration.ofMinutes(1))).orElseThrow();
    }

    @Test
    void retry_ofWhatSomebodyIsAt_staysTheirsAndIsDueWhenTheyEnd() {
        Claimed claimed = claimed();

        assertThat(await(log.retry(ACTOR, claimed.row()))).isPresent();

        assertThat(await(followUps.claim(Line.NEWS, Duration.ofMinutes(1)))).isEmpty();
        assertThat(await(followUps.met(claimed))).isPresent();
        assertThat(await(followUps.claim(Line.NEWS, Duration.ofMinutes(1)))).isPresent();
    }

    @Test
    void retry_ofWhatWaitsAfterAFailure_isDueAtOnceWithAllAttempts() {
        Claimed claimed = claimed();
        assertThat(await(followUps.failed(claimed, "no luck", 10))).isEqualTo(Failed.RETRIED);

        assertThat(await(log.retry(ACTOR, claimed.row()))).isPresent();

        assertThat(await(followUps.claim(Line.NEWS, Duration.ofMinutes(1))))
                .hasValueSatisfying(again -> assertThat(again.attempt()).isEqualTo(1));
    }

    @Test
    void retryAll_moreThanOneCallTakes_goesOnWhereItEnded() {
        scene.database.execute("INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state) SELECT '" + APP
                + "', 'read_session', 'cs_' || n, 'given_up' FROM generate_series(1, 1200) n");

        Repeated first = await(log.retryAll(ACTOR, GIVEN_UP, 0, false));
        Repeated second = await(log.retryAll(ACTOR, GIVEN_UP, Objects.requireNonNull(first.next()), false));

        assertThat(first.count()).isEqualTo(FollowUpLog.RETRIED_MAX);
        assertThat(second).isEqualTo(new Repeated(200, null));
        assertThat(scene.database.rows("SELECT DISTINCT state FROM checkout_gateway.follow_ups"))
                .containsExactly(List.of("pending"));
    }

    @Test
    void retryAll_whatSomebodyElseHasLocked_isLeftOutAndNotWaitedFor() throws Exception {
        scene.database.execute("INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state) SELECT '" + APP
                + "', 'read_session', 'cs_' || n, 'given_up' FROM generate_series(1, 3) n");
        try (var connection = scene.database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThat(statement.execute("SELECT id FROM follow_ups WHERE subject = 'cs_2' FOR UPDATE"))
                    .isTrue();

            assertThat(await(log.retryAll(ACTOR, GIVEN_UP, 0, false)).count()).isEqualTo(2);
        }
    }

    @Test
    void list_outOfMany_findsWhatWasGivenUpAndWhatHasASubjectByIndex() {
        scene.database.execute("INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state) SELECT '" + APP
                + "', CASE n % 4 WHEN 0 THEN 'read_session' ELSE 'fetch_line_items' END, 'cs_' || n,"
                + " CASE n % 20000 WHEN 0 THEN 'given_up' ELSE 'pending' END FROM generate_series(1, 100000) n");
        scene.database.execute("ANALYZE checkout_gateway.follow_ups");

        assertThat(plan(GIVEN_UP)).contains("follow_ups_given_up").doesNotContain("Seq Scan on follow_ups", "Sort");
        assertThat(plan(new FollowUpLog.Filter(null, null, null, "cs_4711")))
                .contains("follow_ups_app_id_kind_subject_key")
                .doesNotContain("Seq Scan on follow_ups");
        assertThat(await(log.list("test", GIVEN_UP, 0, 20)).found()).hasSize(5);
    }

    private static String plan(FollowUpLog.Filter filter) {
        FollowUpSelect select = FollowUpSelect.of("test", filter);
        IdStretch whole = IdStretch.whole(0, false);
        return Plans.of(scene.postgres, select.page("f.id", whole, 51), select.parameters(whole), "generic");
    }
}
