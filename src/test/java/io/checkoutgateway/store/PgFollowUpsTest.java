package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.followup.FollowUpStore.Claimed;
import io.checkoutgateway.followup.FollowUpStore.Failed;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may work at a follow-up, and when. */
class PgFollowUpsTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int ATTEMPTS_MAX = 3;

    private static Vertx vertx;
    private static TestDatabase database;
    private static Postgres postgres;
    private static Postgres otherPool;
    private static PgFollowUps followUps;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        database = TestDatabase.create();
        Settings settings = database.settings();
        database.execute("INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured) VALUES ('" + APP
                + "', 'test', 'stripe', false, false)");
        postgres = Postgres.of(vertx, settings.database());
        otherPool = Postgres.of(vertx, settings.database());
        followUps = new PgFollowUps(postgres);
    }

    @AfterEach
    void forget() {
        database.execute("DELETE FROM checkout_gateway.follow_ups");
    }

    @AfterAll
    static void stop() {
        await(postgres.close());
        await(otherPool.close());
        await(vertx.close());
    }

    private static void wish(String subject) {
        Wishes.add(postgres, new FollowUp(Kind.READ_SESSION, APP, null, subject));
    }

    private static Optional<Claimed> claim() {
        return await(followUps.claim(Line.NEWS, LEASE));
    }

    private static void endLeases() {
        database.execute("UPDATE checkout_gateway.follow_ups SET next_attempt_at = now()");
    }

    private static List<List<String>> rows(String columns) {
        return database.rows("SELECT " + columns + " FROM checkout_gateway.follow_ups ORDER BY id");
    }

    private static Failed failed(Claimed claimed) {
        return await(followUps.failed(claimed, "no luck", ATTEMPTS_MAX));
    }

    @Test
    void claim_twoReplicasAtOnce_neverGetTheSame() {
        IntStream.range(0, 40).forEach(i -> wish("cs_" + i));
        PgFollowUps other = new PgFollowUps(otherPool);

        List<Future<Optional<Claimed>>> claims = IntStream.range(0, 30)
                .boxed()
                .flatMap(i -> Stream.of(followUps.claim(Line.NEWS, LEASE), other.claim(Line.NEWS, LEASE)))
                .toList();
        await(Future.join(claims));

        assertThat(claims.stream().flatMap(claim -> claim.result().stream()))
                .extracting(Claimed::row)
                .doesNotHaveDuplicates();
        assertThat(rows("begun")).containsOnly(List.of("1")).hasSize(40);
    }

    @Test
    void claim_leased_isNobodyElsesUntilItsTimeIsOver() {
        wish("cs_1");
        Claimed first = claim().orElseThrow();

        assertThat(claim()).isEmpty();
        endLeases();

        Claimed second = claim().orElseThrow();
        assertThat(second.row()).isEqualTo(first.row());
        assertThat(second.begun()).isEqualTo(2);
        assertThat(second.attempt()).isEqualTo(2);
    }

    @Test
    void claim_ofADisconnectedAccount_isPutOffUncountedAndKeepsNobodyWaiting() {
        database.execute("INSERT INTO checkout_gateway.connected_accounts (app_id, account, seen_at, disconnected_at,"
                + " disconnected_by) VALUES ('" + APP + "', 'acct_gone', now(), now(), 'refused')");
        IntStream.range(0, 3)
                .forEach(i -> Wishes.add(postgres, new FollowUp(Kind.READ_SESSION, APP, "acct_gone", "cs_" + i)));
        wish("cs_9");

        assertThat(claim())
                .hasValueSatisfying(
                        claimed -> assertThat(claimed.wish().subject()).isEqualTo("cs_9"));

        assertThat(claim()).isEmpty();
        assertThat(rows("subject, state, attempts, begun, next_attempt_at > now() + interval '23 hours'"))
                .containsExactly(
                        List.of("cs_0", "pending", "0", "0", "t"),
                        List.of("cs_1", "pending", "0", "0", "t"),
                        List.of("cs_2", "pending", "0", "0", "t"),
                        List.of("cs_9", "pending", "0", "1", "f"));
    }

    @Test
    void putOff_young_waitsAMinuteAndOldWaitsATenthOfItsAge() {
        wish("cs_1");
        Claimed claimed = claim().orElseThrow();
        String before = database.rows("SELECT now()").get(0).get(0);
        assertThat(await(followUps.putOff(claimed, "not yet", Duration.ofMinutes(1))))
                .isTrue();
        assertThat(rows("attempts, begun, state, outcome, next_attempt_at - interval '1 minute' BETWEEN timestamptz '"
                        + before + "' AND now() + interval '15 seconds'"))
                .containsExactly(List.of("0", "0", "pending", "not yet", "t"));

        database.execute("UPDATE checkout_gateway.follow_ups SET created_at = now() - interval '100 minutes'");
        endLeases();
        String later = database.rows("SELECT now()").get(0).get(0);
        assertThat(await(followUps.putOff(claim().orElseThrow(), "not yet", Duration.ofMinutes(1))))
                .isTrue();
        assertThat(rows("next_attempt_at BETWEEN timestamptz '" + later
                        + "' + interval '10 minutes' AND now() + interval '13 minutes'"))
                .containsExactly(List.of("t"));
    }

    @Test
    void putOff_claimedByAnotherSince_changesNothing() {
        wish("cs_1");
        Claimed overtaken = claim().orElseThrow();
        endLeases();
        Claimed later = claim().orElseThrow();

        assertThat(await(followUps.putOff(overtaken, "not yet", Duration.ofMinutes(1))))
                .isFalse();

        assertThat(rows("begun, outcome")).containsExactly(List.of("2", "null"));
        assertThat(await(followUps.met(later))).isPresent();
        assertThat(rows("id")).isEmpty();
    }

    @Test
    void add_repeatedByWhoeverKnowsLess_keepsWhenItWasSetUp() {
        Instant happenedAt = Instant.parse("2026-11-22T10:00:20Z");
        Wishes.add(postgres, new FollowUp(Kind.READ_SETUP_INTENT, APP, null, "seti_1", happenedAt));
        Wishes.add(postgres, new FollowUp(Kind.READ_SETUP_INTENT, APP, null, "seti_1"));

        assertThat(claim())
                .hasValueSatisfying(
                        claimed -> assertThat(claimed.wish().happenedAt()).isEqualTo(happenedAt));
    }

    @Test
    void claim_inTheBackground_isInALineOfItsOwnUntilSomebodyWaitsForIt() {
        FollowUp wanted = new FollowUp(Kind.READ_SESSION, APP, null, "cs_1");
        Wishes.add(postgres, wanted.inBackground());
        assertThat(claim()).isEmpty();

        Wishes.add(postgres, wanted);
        Wishes.add(postgres, wanted.inBackground());

        assertThat(await(followUps.claim(Line.BACKGROUND, LEASE))).isEmpty();
        assertThat(claim())
                .hasValueSatisfying(claimed -> assertThat(claimed.wish()).isEqualTo(wanted));
    }

    @Test
    void claim_lineItems_standInALineOfTheirOwn() {
        Wishes.add(postgres, new FollowUp(Kind.FETCH_LINE_ITEMS, APP, "acct_1", "cs_1"));

        assertThat(claim()).isEmpty();
        assertThat(await(followUps.claim(Line.BACKGROUND, LEASE)))
                .hasValueSatisfying(claimed -> assertThat(claimed.wish())
                        .isEqualTo(new FollowUp(Kind.FETCH_LINE_ITEMS, APP, "acct_1", "cs_1")));
    }

    @Test
    void met_isForgotten() {
        wish("cs_1");

        assertThat(await(followUps.met(claim().orElseThrow()))).isPresent();

        assertThat(rows("id")).isEmpty();
    }

    @Test
    void add_whileSomebodyWorksAtIt_isDueAgainOnlyAfterwards() {
        wish("cs_1");
        Claimed claimed = claim().orElseThrow();

        wish("cs_1");
        assertThat(claim()).isEmpty();
        assertThat(await(followUps.met(claimed))).isPresent();

        assertThat(claim()).hasValueSatisfying(again -> {
            assertThat(again.generation()).isEqualTo(2);
            assertThat(again.attempt()).isEqualTo(1);
        });
    }

    @Test
    void add_whileItWaitsBrieflyAfterAFailure_comesNoEarlier() {
        wish("cs_1");
        assertThat(failed(claim().orElseThrow())).isEqualTo(Failed.RETRIED);
        List<List<String>> waiting = rows("next_attempt_at, attempts, outcome");

        wish("cs_1");

        assertThat(rows("next_attempt_at, attempts, outcome")).isEqualTo(waiting);
        assertThat(claim()).isEmpty();
    }

    /** As after an outage of Stripe: the longest pause has just begun. */
    private static void waitAnHour() {
        database.execute("UPDATE checkout_gateway.follow_ups SET begun = 0, attempts = 20, outcome = 'no luck',"
                + " next_attempt_at = now() + interval '1 hour'");
    }

    private static String now() {
        return database.rows("SELECT now()").get(0).get(0);
    }

    /** Whether a statement that began after the first and ended before the second made it wait for so long from then. */
    private static void assertDue(String since, String pause, String until) {
        assertThat(rows(
                        "next_attempt_at BETWEEN timestamptz '%1$s' + interval '%2$s' AND timestamptz '%3$s' + interval '%2$s'"
                                .formatted(since, pause, until)))
                .containsExactly(List.of("t"));
    }

    @Test
    void add_whileItWaitsForLong_comesWithinAboutAMinute() {
        wish("cs_1");
        waitAnHour();
        String before = now();

        wish("cs_1");

        assertDue(before, "64 seconds", now());
        List<List<String>> due = rows("next_attempt_at");
        wish("cs_1");
        assertThat(rows("next_attempt_at"))
                .as("many wishes do not push it away")
                .isEqualTo(due);
    }

    @Test
    void add_whileSomebodyWorksAtIt_leavesTheEndOfTheClaim() {
        wish("cs_1");
        Claimed claimed = await(followUps.claim(Line.NEWS, Duration.ofHours(2))).orElseThrow();

        wish("cs_1");

        assertThat(rows("next_attempt_at > now() + interval '1 hour'")).containsExactly(List.of("t"));
        assertThat(await(followUps.met(claimed))).isPresent();
    }

    @Test
    void failed_oftenAndWishedForMeanwhile_waitsAboutAMinute() {
        wish("cs_1");
        waitAnHour();
        endLeases();
        Claimed claimed = claim().orElseThrow();
        wish("cs_1");
        String before = now();

        assertThat(failed(claimed)).isEqualTo(Failed.RETRIED);

        assertDue(before, "64 seconds", now());
        assertThat(rows("attempts")).containsExactly(List.of("5"));
    }

    @Test
    void failed_waitsLongerEachTime() {
        wish("cs_1");
        for (int attempt = 1; attempt <= 3; attempt++) {
            endLeases();
            Claimed claimed = claim().orElseThrow();
            assertThat(claimed.attempt()).isEqualTo(attempt);
            String before = database.rows("SELECT now()").get(0).get(0);
            assertThat(await(followUps.failed(claimed, "no luck", 10))).isEqualTo(Failed.RETRIED);
            assertThat(rows("next_attempt_at >= timestamptz '%s' + interval '%d seconds'"
                            .formatted(before, 1 << attempt)))
                    .containsExactly(List.of("t"));
        }
    }

    @Test
    void failed_theLastTime_isGivenUpUntilItIsWishedForAgain() {
        wish("cs_1");
        lastAttempt();

        assertThat(failed(claim().orElseThrow())).isEqualTo(Failed.GIVEN_UP);

        endLeases();
        assertThat(claim()).isEmpty();
        wish("cs_1");
        assertThat(claim())
                .hasValueSatisfying(revived -> assertThat(revived.attempt()).isEqualTo(1));
    }

    @Test
    void failed_theLastTimeButWishedForMeanwhile_isTriedAgain() {
        wish("cs_1");
        lastAttempt();
        Claimed claimed = claim().orElseThrow();

        wish("cs_1");

        assertThat(failed(claimed)).isEqualTo(Failed.RETRIED);
        endLeases();
        assertThat(claim()).isPresent();
    }

    private static void lastAttempt() {
        database.execute("UPDATE checkout_gateway.follow_ups SET attempts = " + (ATTEMPTS_MAX - 1));
    }

    @Test
    void failed_afterSomebodyElseTookOver_changesNothing() {
        wish("cs_1");
        Claimed late = claim().orElseThrow();
        endLeases();
        Claimed present = claim().orElseThrow();
        List<List<String>> theirs = rows("state, attempts, begun, next_attempt_at, outcome");

        assertThat(failed(late)).isEqualTo(Failed.OVERTAKEN);

        assertThat(rows("state, attempts, begun, next_attempt_at, outcome")).isEqualTo(theirs);
        assertThat(await(followUps.met(present))).isPresent();
        assertThat(rows("id")).isEmpty();
    }

    @Test
    void met_afterSomebodyElseTookOver_isMetForBothAndToldByOne() {
        wish("cs_1");
        Claimed late = claim().orElseThrow();
        endLeases();
        Claimed present = claim().orElseThrow();

        assertThat(await(followUps.met(late))).isPresent();
        assertThat(await(followUps.met(present))).isEmpty();

        assertThat(failed(present)).isEqualTo(Failed.OVERTAKEN);
        assertThat(rows("id")).isEmpty();
    }

    @Test
    void backlog_countsWhatWaitsAndWhatWasGivenUp() {
        wish("cs_1");
        wish("cs_2");
        database.execute("UPDATE checkout_gateway.follow_ups SET state = 'given_up' WHERE subject = 'cs_1'");
        database.execute("UPDATE checkout_gateway.follow_ups SET next_attempt_at = now() - interval '1 hour'");

        assertThat(await(followUps.backlog())).satisfies(backlog -> {
            assertThat(backlog.pending()).isEqualTo(1);
            assertThat(backlog.givenUp()).isEqualTo(1);
            assertThat(backlog.overdueSeconds()).isBetween(3600.0, 3700.0);
        });
    }

    @Test
    void claim_outOfMillions_readsAnIndex() {
        database.execute("INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject) SELECT '" + APP
                + "', CASE WHEN n % 2 = 0 THEN 'fetch_line_items' ELSE 'read_session' END, 'cs_' || n"
                + " FROM generate_series(1, 20000) n");
        database.execute("ANALYZE checkout_gateway.follow_ups");

        for (String condition :
                List.of("NOT (background OR kind = 'fetch_line_items')", "(background OR kind = 'fetch_line_items')")) {
            String plan = database.rows(
                            "EXPLAIN SELECT id FROM checkout_gateway.follow_ups WHERE state = 'pending' AND "
                                    + condition + " AND next_attempt_at <= now() ORDER BY next_attempt_at, id LIMIT 1")
                    .toString();
            assertThat(plan).contains("Index").doesNotContain("Seq Scan", "Sort");
        }
    }
}
