package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.mirror.CatchUpStore;
import io.checkoutgateway.mirror.CatchUpStore.Sweep;
import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgCatchUpsTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    private static final String RUN = "01KAMZ4C1F8Y3J6Q0S5V7X9ZA2";
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration OVERLAP = Duration.ofHours(1);
    private static final Duration HORIZON = Duration.ofDays(30);

    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database = TestDatabase.create();
    private Postgres postgres;
    private PgCatchUps catchUps;

    @BeforeEach
    void anApp() {
        DatabaseSettings settings = database.settings().database();
        postgres = Postgres.of(vertx, settings);
        catchUps = new PgCatchUps(postgres);
        database.execute("INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured)" + " VALUES ('"
                + APP + "', 'test', 'stripe', false, true)");
    }

    @AfterEach
    void stop() {
        await(postgres.close());
        await(vertx.close());
    }

    private Optional<Sweep> claim(Duration idle) {
        return await(catchUps.claim(APP, null, LEASE, idle, OVERLAP, HORIZON));
    }

    private Sweep claimed() {
        return claim(Duration.ZERO).orElseThrow();
    }

    @Test
    void claim_first_reachesBackAsFarAsStripeRemembers() {
        Sweep sweep = claimed();

        assertThat(Duration.between(sweep.from(), sweep.to())).isEqualTo(HORIZON);
        assertThat(sweep.after()).isNull();
        assertThat(await(catchUps.through(APP, null)))
                .as("since the app is there")
                .hasValueSatisfying(
                        through -> assertThat(through).isBetween(Instant.now().minusSeconds(600), Instant.now()));
    }

    @Test
    void claim_whileAnotherHasIt_isEmpty_untilItsLeaseIsOver() {
        Sweep first = claimed();
        assertThat(claim(Duration.ZERO)).isEmpty();

        database.execute("UPDATE checkout_gateway.catch_ups SET lease_until = now()");
        Sweep second = claimed();
        await(catchUps.done(first, 1, HORIZON));

        assertThat(second.lease()).isGreaterThan(first.lease());
        assertThat(await(catchUps.through(APP, null)))
                .as("the first was fenced off")
                .isNotEqualTo(Optional.of(first.to()));
    }

    @Test
    void paused_isTakenUpAtItsPlaceWhateverTheTime() {
        Sweep begun = claimed();
        await(catchUps.paused(begun, "evt_100", 100));

        Sweep next = claim(Duration.ofDays(1)).orElseThrow();

        assertThat(next.after()).isEqualTo("evt_100");
        assertThat(next.from()).isEqualTo(begun.from());
        assertThat(next.to()).isEqualTo(begun.to());
    }

    @Test
    void done_theNextReachesBackALittle_andNotTooSoon() {
        Sweep first = claimed();
        await(catchUps.done(first, 7, HORIZON));

        assertThat(await(catchUps.through(APP, null))).contains(first.to());
        assertThat(claim(Duration.ofMinutes(5))).isEmpty();
        assertThat(claimed().from()).isEqualTo(first.to().minus(OVERLAP));
    }

    @Test
    void askForAll_theNextSweepIsInFull_andOnlyThatOne() {
        await(catchUps.done(claimed(), 0, HORIZON));
        Instant since = Instant.now().minus(Duration.ofDays(2));

        await(catchUps.askForAll(Actor.gateway("test", "test"), APP, null, since));
        assertThat(await(catchUps.standing(APP)).waiting()).isEqualTo(1);
        Sweep full = claim(Duration.ofDays(1)).orElseThrow();

        assertThat(full.full()).isTrue();
        assertThat(full.from()).isBefore(since);
        assertThat(await(catchUps.standing(APP)).waiting())
                .as("while it is under way")
                .isEqualTo(1);
        assertThat(await(catchUps.done(full, 0, HORIZON)))
                .as("another one is wanted")
                .isFalse();
        assertThat(await(catchUps.standing(APP)).waiting()).isZero();
        assertThat(claimed().full()).isFalse();
    }

    @Test
    void askForAll_whileASweepIsUnderWay_isTheNextOnes() {
        await(catchUps.done(claimed(), 0, HORIZON));
        Sweep underWay = claimed();

        await(catchUps.askForAll(Actor.gateway("test", "test"), APP, null, Instant.now()));

        assertThat(await(catchUps.done(underWay, 0, HORIZON)))
                .as("another one is wanted")
                .isTrue();
        assertThat(claim(Duration.ofDays(1)).orElseThrow().full()).isTrue();
    }

    @Test
    void claim_moreIsPastThanStripeRemembers_leavesAGapUntilABackfillHasReadIt() {
        await(catchUps.done(claimed(), 0, HORIZON));
        database.execute("UPDATE checkout_gateway.catch_ups SET through = now() - interval '40 days'");

        await(catchUps.failed(claimed(), "the key is not accepted", false));
        assertThat(await(catchUps.gaps()))
                .as("while no sweep succeeds, nor would a backfill")
                .isEmpty();
        await(catchUps.done(claimed(), 0, HORIZON));

        CatchUpStore.Gap gap = await(catchUps.gaps()).get(0);
        assertThat(Duration.between(gap.from(), gap.to()))
                .isBetween(Duration.ofDays(10), Duration.ofDays(10).plusMinutes(10));
        assertThat(await(catchUps.standing(APP)).gaps()).containsExactly(gap);
        await(catchUps.closing(gap, RUN));
        addRun(RUN, "running", "NULL");
        assertThat(await(catchUps.closed())).isEmpty();
        database.execute("UPDATE checkout_gateway.mirror_runs SET state = 'completed', finished_at = now()");
        assertThat(await(catchUps.closed())).hasSize(1);
        assertThat(await(catchUps.gaps())).isEmpty();
    }

    private CatchUpStore.Gap anyGap() {
        await(catchUps.done(claimed(), 0, HORIZON));
        database.execute("UPDATE checkout_gateway.catch_ups SET through = now() - interval '40 days'");
        await(catchUps.done(claimed(), 0, HORIZON));
        return await(catchUps.gaps()).get(0);
    }

    /** What was opened three weeks before may have changed in the gap. */
    @ParameterizedTest
    @CsvSource({"0 days,false,1", "20 days,false,1", "21 days,false,0", "0 days,true,0"})
    void closed_backfillBeginsSoLongBeforeTheGap_readItOrNot(String before, boolean fromBeginning, int open) {
        CatchUpStore.Gap gap = anyGap();
        addRun(RUN, "completed", "now()");
        database.execute("UPDATE checkout_gateway.mirror_runs SET from_beginning = " + fromBeginning
                + ", range_from = (SELECT gap_from FROM checkout_gateway.catch_ups) - interval '" + before + "'");

        assertThat(await(catchUps.closed())).hasSize(1 - open);

        assertThat(await(catchUps.gaps())).hasSize(open);
        assertThat(gap.backfillFrom()).isEqualTo(gap.from().minus(Duration.ofDays(21)));
    }

    /** What an endpoint lost that was never seen in order, as the first look after an upgrade finds it. */
    @Test
    void done_moreWasWishedForThanStripeRemembers_leavesAGapSinceTheAppIsThere() {
        await(catchUps.done(claimed(), 0, HORIZON));
        database.execute("UPDATE checkout_gateway.apps SET created_at = now() - interval '100 days'");
        await(postgres.inTransaction(connection -> SweepWishes.ofKind(connection, APP, false, Instant.EPOCH)));

        Sweep sweep = claimed();
        await(catchUps.failed(sweep, "away", true));
        await(catchUps.done(claimed(), 0, HORIZON));

        assertThat(sweep.full()).isTrue();
        CatchUpStore.Gap gap = await(catchUps.gaps()).get(0);
        assertThat(Duration.between(gap.from(), gap.to()))
                .isBetween(Duration.ofDays(70), Duration.ofDays(70).plusMinutes(10));
        await(catchUps.done(claimed(), 0, HORIZON));
        assertThat(await(catchUps.gaps())).as("the wish is fulfilled").containsExactly(gap);
    }

    @Test
    void done_wishThatStripeRemembers_leavesNoGap() {
        await(catchUps.done(claimed(), 0, HORIZON));
        database.execute("UPDATE checkout_gateway.apps SET created_at = now() - interval '100 days'");
        assertThat(asked("")).isTrue();

        await(catchUps.done(claimed(), 0, HORIZON));

        assertThat(await(catchUps.gaps())).isEmpty();
    }

    @Test
    void gaps_itsBackfillFailed_canBeBegunAgainAfterAnHour() {
        await(catchUps.done(claimed(), 0, HORIZON));
        database.execute("UPDATE checkout_gateway.catch_ups SET through = now() - interval '40 days'");
        await(catchUps.done(claimed(), 0, HORIZON));
        CatchUpStore.Gap gap = await(catchUps.gaps()).get(0);
        String second = "01KAMZ4C1F8Y3J6Q0S5V7X9ZA3";
        addRun(RUN, "running", "NULL");
        database.execute(
                "UPDATE checkout_gateway.mirror_runs SET state = 'failed', failure = 'the key is not accepted',"
                        + " finished_at = now()");
        await(catchUps.closing(gap, RUN));
        assertThat(await(catchUps.gaps())).extracting(CatchUpStore.Gap::runId).containsExactly(RUN);

        database.execute("UPDATE checkout_gateway.mirror_runs SET finished_at = now() - interval '61 minutes'");

        assertThat(await(catchUps.gaps())).containsExactly(gap);
        addRun(second, "running", "NULL");
        await(catchUps.closing(gap, second));
        await(catchUps.closing(gap, RUN));
        assertThat(await(catchUps.gaps()))
                .as("one that is under way is not replaced")
                .extracting(CatchUpStore.Gap::runId)
                .containsExactly(second);
    }

    @Test
    void done_anotherGapBesideTheFirst_isWaitingForABackfillAgain() {
        await(catchUps.done(claimed(), 0, HORIZON));
        database.execute("UPDATE checkout_gateway.catch_ups SET through = now() - interval '40 days'");
        await(catchUps.done(claimed(), 0, HORIZON));
        CatchUpStore.Gap first = await(catchUps.gaps()).get(0);
        addRun(RUN, "running", "NULL");
        await(catchUps.closing(first, RUN));
        database.execute("UPDATE checkout_gateway.catch_ups SET through = now() - interval '35 days'");

        await(catchUps.done(claimed(), 0, HORIZON));

        CatchUpStore.Gap both = await(catchUps.gaps()).get(0);
        assertThat(both.runId()).isNull();
        assertThat(both.from()).isEqualTo(first.from());
        assertThat(both.to()).isAfter(first.to());
    }

    @Test
    void askForAll_accountThatIsUnknownOrDisconnected_isNotAskedFor() {
        database.execute("INSERT INTO checkout_gateway.connected_accounts (app_id, account, seen_at) VALUES ('" + APP
                + "', 'acct_shop', now())");
        assertThat(asked("acct_shop")).isTrue();
        assertThat(asked("")).as("the app's own").isTrue();
        assertThat(await(catchUps.standing(APP)).waiting()).isEqualTo(2);

        database.execute("UPDATE checkout_gateway.connected_accounts SET disconnected_at = now(),"
                + " disconnected_by = 'deauthorized'");

        assertThat(asked("acct_shop")).isFalse();
        assertThat(asked("acct_nobody")).isFalse();
        assertThat(await(catchUps.standing(APP)).waiting())
                .as("what cannot be asked is not waited for")
                .isEqualTo(1);
        assertThat(database.rows("SELECT 1 FROM checkout_gateway.audit_log WHERE action = 'app.catch_up_started'"))
                .hasSize(2);
    }

    private boolean asked(String account) {
        return await(catchUps.askForAll(
                Actor.gateway("test", "test"), APP, account, Instant.now().minusSeconds(600)));
    }

    private void addRun(String id, String state, String finished) {
        database.execute(
                ("INSERT INTO checkout_gateway.mirror_runs (id, namespace, app_id, kind, state, range_from, range_to,"
                                + " finished_at) VALUES ('%s', 'test', '%s', 'backfill', '%s', now() - interval '62 days', now(), %s)")
                        .formatted(id, APP, state, finished));
    }

    @Test
    void failed_keepsItsPlace_unlessStripeDoesNotKnowItAnyMore() {
        Sweep begun = claimed();
        await(catchUps.paused(begun, "evt_100", 0));
        await(catchUps.failed(claimed(), "away", false));
        assertThat(claimed().after()).isEqualTo("evt_100");

        database.execute("UPDATE checkout_gateway.catch_ups SET lease_until = now()");
        await(catchUps.failed(claimed(), "no such event", true));
        Sweep again = claimed();

        assertThat(again.after()).isNull();
        assertThat(again.from()).isEqualTo(begun.from());
    }
}
