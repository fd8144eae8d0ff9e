package io.checkoutgateway.followup;

import static io.checkoutgateway.followup.FollowUpScene.ATTEMPTS;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.followup.FollowUps.Counts;
import io.checkoutgateway.followup.FollowUps.Result;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.settings.StripeSettings;
import io.checkoutgateway.testing.SignedEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowUpsTest {
    private static final String SESSION = "/v1/checkout/sessions/*";
    private static final String UNKNOWN = "cs_test_unknown";

    private static FollowUpScene scene;

    @BeforeAll
    static void start() {
        scene = new FollowUpScene();
    }

    @AfterEach
    void forget() {
        scene.sandbox.faults().clear();
        scene.database.execute("DELETE FROM checkout_gateway.follow_ups");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void runOnce_failingEachTime_isGivenUpAtLastAndRevivedByARepeatedWish() {
        scene.sandbox.faults().add("GET", SESSION, ATTEMPTS, Effect.unavailable());
        scene.wish(Kind.READ_SESSION, UNKNOWN);

        int retried = 0;
        int givenUp = 0;
        // A pause may be over before the round is, which then tries again.
        for (Counts counts = scene.meet(); counts.total() > 0; counts = scene.meet()) {
            retried += counts.of(Result.RETRIED);
            givenUp += counts.of(Result.GIVEN_UP);
        }

        assertThat(retried).isEqualTo(ATTEMPTS - 1);
        assertThat(givenUp).isEqualTo(1);
        assertThat(scene.left("state, attempts")).containsExactly(List.of("given_up", Integer.toString(ATTEMPTS)));
        assertThat(scene.left("outcome").get(0).get(0)).contains("Stripe failed while it answered");
        scene.wish(Kind.READ_SESSION, UNKNOWN);
        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);
    }

    @Test
    void runOnce_failed_waitsBeforeTheNextAttempt() {
        scene.sandbox.faults().once("GET", SESSION, Effect.unavailable());
        scene.wish(Kind.READ_SESSION, UNKNOWN);
        String before = scene.database.rows("SELECT now()").get(0).get(0);
        assertThat(scene.meet().of(Result.RETRIED)).isEqualTo(1);

        scene.wish(Kind.READ_SESSION, UNKNOWN);

        assertThat(scene.left("next_attempt_at > timestamptz '%s' + interval '1 second'".formatted(before)))
                .containsExactly(List.of("t"));
    }

    @Test
    void runOnce_refusedByStripe_isGivenUpAtOnce() {
        scene.sandbox.faults().once("GET", SESSION, Effect.status(400));
        scene.wish(Kind.READ_SESSION, UNKNOWN);

        assertThat(scene.meet().of(Result.GIVEN_UP)).isEqualTo(1);
    }

    @Test
    void runOnce_readingOfAnEvent_isItsLagOnceItIsDoneAndNotBefore() {
        scene.sandbox.faults().once("GET", SESSION, Effect.unavailable());
        scene.hear(SignedEvent.event("checkout.session.completed", new JsonObject().put("id", UNKNOWN))
                .put("api_version", "2020-08-27")
                .put("created", Instant.now().minusSeconds(3_600).getEpochSecond()));
        Timer lag = scene.metrics.get("gateway.events.lag").timer();
        long before = lag.count();
        double seconds = lag.totalTime(TimeUnit.SECONDS);
        assertThat(scene.meet().of(Result.RETRIED)).isEqualTo(1);
        assertThat(lag.count()).isEqualTo(before);

        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);

        assertThat(lag.count()).isEqualTo(before + 1);
        assertThat(lag.totalTime(TimeUnit.SECONDS) - seconds).isBetween(3_600.0, 3_700.0);
        scene.wish(new FollowUp(Kind.READ_SESSION, scene.app.id(), null, UNKNOWN).inBackground());
        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);
        assertThat(lag.count()).as("nothing called for that one").isEqualTo(before + 1);
    }

    /** Another process has it: one of before or after a change of the settings. */
    private static String appOfAnotherKey() {
        String id = "01KAMZ2V5Q8XG6T4N9R3W7B1ZZ";
        scene.database.execute(
                """
                INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured, state)
                SELECT '%s', namespace, type, NOT livemode, true, 'ready'
                FROM checkout_gateway.apps WHERE id = '%s'
                ON CONFLICT DO NOTHING
                """
                        .formatted(id, scene.app.id()));
        return id;
    }

    @Test
    void runOnce_appWhoseKeyThisProcessDoesNotHave_isPutOffUncounted() {
        scene.wish(new FollowUp(Kind.READ_SESSION, appOfAnotherKey(), null, UNKNOWN));

        assertThat(scene.meet().of(Result.PUT_OFF)).isEqualTo(1);

        assertThat(scene.left("state, attempts, begun, outcome, next_attempt_at > now() + interval '30 seconds'"))
                .containsExactly(List.of("pending", "0", "0", "this process has no key of its app", "t"));
    }

    @Test
    void runOnce_inTheBackground_isMetInWhatCallersLeave() {
        long callers = scene.callsInLane("caller");
        long background = scene.callsInLane("background");
        scene.wish(new FollowUp(Kind.READ_SESSION, scene.app.id(), null, UNKNOWN).inBackground());

        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);

        assertThat(scene.callsInLane("background")).isEqualTo(background + 1);
        assertThat(scene.callsInLane("caller")).isEqualTo(callers);
    }

    private Counts round() {
        return await(scene.followUps().runOnce());
    }

    @Test
    void runOnce_manyOfAnAppWithoutKey_arePutOffRoundByRoundAndTheNextIsMet() {
        String app = appOfAnotherKey();
        for (int i = 0; i < 50; i++) {
            scene.wish(new FollowUp(Kind.READ_SESSION, app, null, "cs_test_" + i));
        }
        scene.wish(Kind.READ_SESSION, UNKNOWN);

        int putOff = 0;
        int done = 0;
        for (Counts counts = round(); counts.total() > 0; counts = round()) {
            putOff += counts.of(Result.PUT_OFF);
            done += counts.of(Result.DONE);
        }

        assertThat(putOff).isEqualTo(50);
        assertThat(done).isEqualTo(1);
    }

    @Test
    void runOnce_uninstalledApp_isDoneWithout() {
        String app = appOfAnotherKey();
        scene.wish(new FollowUp(Kind.READ_SESSION, app, null, UNKNOWN));
        scene.database.execute(
                "UPDATE checkout_gateway.apps SET configured = false, state = 'leaving', deleted_at = now()"
                        + " WHERE id = '" + app + "'");

        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);

        scene.database.execute(
                "UPDATE checkout_gateway.apps SET state = 'ready', deleted_at = NULL, configured = true WHERE id = '"
                        + app + "'");
    }

    @Test
    void runOnce_twoReplicas_neverWorkAtTheSame() throws StripeException {
        Fault held = scene.sandbox.faults().add("GET", SESSION, 100, Effect.holdBefore());
        scene.wish(Kind.READ_SESSION, scene.openSetup(scene.link().stripeCustomerId()));
        Future<Counts> one = scene.followUps().runOnce();
        await(held.struck());

        Counts other = await(scene.replica().runOnce());

        assertThat(other.total()).isZero();
        held.release();
        assertThat(await(one).of(Result.DONE)).isEqualTo(1);
        assertThat(held.hits()).isEqualTo(1);
    }

    private static double settled() {
        return scene.metrics.find("gateway.follow.ups.settled").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void next_overtakenByAnotherReplica_isCountedOnceByWhoeverWroteItDown() {
        double before = settled();
        Fault held = scene.sandbox.faults().once("GET", SESSION, Effect.holdBefore());
        scene.wish(Kind.READ_SESSION, UNKNOWN);
        Future<?> slow = await(scene.followUps().next(Line.NEWS)).orElseThrow().get();
        await(held.struck());
        scene.endPauses();
        assertThat(await(scene.replica().runOnce()).of(Result.DONE)).isEqualTo(1);

        held.release();

        assertThat(await(slow)).isEqualTo(Optional.empty());
        assertThat(settled()).isEqualTo(before + 1);
    }

    @Test
    void runOnce_cannotBeWrittenDown_costsNoAttemptAndIsDoneAgain() {
        scene.database.execute("CREATE FUNCTION checkout_gateway.refuse() RETURNS trigger LANGUAGE plpgsql"
                + " AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$");
        scene.database.execute("CREATE TRIGGER refuse BEFORE DELETE ON checkout_gateway.follow_ups"
                + " FOR EACH ROW EXECUTE FUNCTION checkout_gateway.refuse()");
        try {
            scene.wish(Kind.READ_SESSION, UNKNOWN);

            assertThat(await(scene.followUps().runOnce().map(true).otherwise(false)))
                    .as("the round succeeds")
                    .isFalse();
        } finally {
            scene.database.execute("DROP FUNCTION checkout_gateway.refuse() CASCADE");
        }
        assertThat(scene.left("state, attempts, begun, outcome")).containsExactly(List.of("pending", "0", "1", "null"));
        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);
    }

    /** Has Postgres refuse such a statement so often. */
    private static void refuse(String statement, String table, String sqlState, int times) {
        scene.database.execute("CREATE SEQUENCE checkout_gateway.refusals");
        scene.database.execute(
                """
                CREATE FUNCTION checkout_gateway.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('checkout_gateway.refusals') <= %d THEN
                        RAISE EXCEPTION 'not now' USING ERRCODE = '%s';
                    END IF;
                    RETURN coalesce(NEW, OLD);
                END $$
                """
                        .formatted(times, sqlState));
        scene.database.execute(
                "CREATE TRIGGER refuse BEFORE %s ON checkout_gateway.%s FOR EACH ROW EXECUTE FUNCTION checkout_gateway.refuse()"
                        .formatted(statement, table));
    }

    private static void refuseNoMore() {
        scene.database.execute("DROP FUNCTION checkout_gateway.refuse() CASCADE");
        scene.database.execute("DROP SEQUENCE checkout_gateway.refusals");
    }

    @Test
    void runOnce_databaseIsAwayForAMomentAsItIsWrittenDown_isWrittenDownThenAndNotDoneAgain() {
        refuse("DELETE", "follow_ups", "53200", 2);
        try {
            scene.wish(Kind.READ_SESSION, UNKNOWN);

            assertThat(await(scene.followUps().runOnce()).of(Result.DONE)).isEqualTo(1);
        } finally {
            refuseNoMore();
        }
        assertThat(scene.left("kind")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"57014", "55P03", "40P01", "53200"})
    void runOnce_databaseRefusesForAMomentWhatWasRead_isSoonDoneAgainUncounted(String sqlState) throws StripeException {
        String session = scene.openSetup(scene.link().stripeCustomerId());
        refuse("INSERT", "checkout_sessions", sqlState, 1);
        try {
            scene.wish(Kind.READ_SESSION, session);

            assertThat(scene.meet().of(Result.PUT_OFF)).isEqualTo(1);
            assertThat(scene.left("attempts, begun, next_attempt_at < now() + interval '3 seconds'"))
                    .containsExactly(List.of("0", "0", "t"));
            assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);
        } finally {
            refuseNoMore();
        }
    }

    @Test
    void runOnce_someOfTheNewsIsSlow_theOthersDoNotWaitForIt() {
        Fault held = scene.sandbox.faults().add("GET", SESSION, 2, Effect.holdBefore());
        for (int i = 0; i < 30; i++) {
            scene.wish(Kind.READ_SESSION, UNKNOWN + i);
        }

        Future<Counts> round = scene.followUps().runOnce();

        Awaitility.await().untilAsserted(() -> assertThat(scene.left("begun")).hasSize(2));
        held.release();
        assertThat(await(round).of(Result.DONE)).isEqualTo(30);
    }

    @ParameterizedTest(name = "{0} workers, {1} calls a second")
    @CsvSource({"32, 20, 8", "200, 20, 10", "32, 100, 8", "8, 20, 2", "1, 1, 2"})
    void newsLanes_leaveCallersMostWorkersAndHalfTheRate(int workers, int perSecond, int lanes) {
        StripeSettings settings = new StripeSettings(
                null,
                List.of(),
                null,
                URI.create("http://127.0.0.1"),
                workers,
                0,
                0,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                perSecond,
                perSecond,
                1);

        assertThat(FollowUps.newsLanes(settings)).isEqualTo(lanes);
    }

    @Test
    void runOnce_wishedForAgainMeanwhile_isDoneAgainAfterwards() throws StripeException {
        String session = scene.openSetup(scene.link().stripeCustomerId());
        Fault held = scene.sandbox.faults().add("GET", SESSION, 100, Effect.holdBefore());
        scene.wish(Kind.READ_SESSION, session);
        Future<Counts> round = scene.followUps().runOnce();
        await(held.struck());

        scene.wish(Kind.READ_SESSION, session);
        held.release();

        assertThat(await(round).of(Result.DONE)).isEqualTo(2);
        assertThat(held.hits()).isEqualTo(2);
        assertThat(scene.left("kind")).isEmpty();
    }

    @Test
    void runOnce_processDiedBeforeBookkeeping_isDoneAgainByAnother() throws StripeException {
        String session = scene.openSetup(scene.link().stripeCustomerId());
        scene.wish(Kind.READ_SESSION, session);
        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);
        String version = scene.session(session, "version");
        scene.wish(Kind.READ_SESSION, session);
        claimedByADeadProcess(1);

        assertThat(await(scene.followUps().runOnce()).total()).isZero();
        assertThat(scene.meet().of(Result.DONE)).isEqualTo(1);

        assertThat(scene.session(session, "version")).isEqualTo(version);
        assertThat(scene.left("kind")).isEmpty();
    }

    @Test
    void runOnce_thatKillsTheProcessEachTime_isGivenUp() {
        scene.wish(Kind.READ_SESSION, UNKNOWN);
        claimedByADeadProcess(3);

        assertThat(scene.meet().of(Result.GIVEN_UP)).isEqualTo(1);

        assertThat(scene.left("outcome").get(0).get(0)).contains("the process died at it each time");
    }

    private static void claimedByADeadProcess(int times) {
        scene.database.execute(
                "UPDATE checkout_gateway.follow_ups SET begun = %d, next_attempt_at = now() + interval '1 minute'"
                        .formatted(times));
    }

    @Test
    void runOnce_lineItemsAreSlow_doNotKeepOthersWaiting() throws StripeException {
        Fault held = scene.sandbox.faults().add("GET", SESSION + "/line_items", 30, Effect.holdBefore());
        for (int i = 0; i < 30; i++) {
            scene.wish(Kind.FETCH_LINE_ITEMS, "cs_test_many" + i);
        }
        String session = scene.openSetup(scene.link().stripeCustomerId());
        scene.wish(Kind.READ_SESSION, session);

        Future<Counts> round = scene.followUps().runOnce();

        Awaitility.await().untilAsserted(() -> assertThat(scene.session(session, "status"))
                .isEqualTo("open"));
        assertThat(scene.left("kind")).contains(List.of("fetch_line_items"));
        held.release();
        assertThat(await(round).of(Result.DONE)).isEqualTo(31);
    }

    @Test
    void stop_leavesWhatIsDueToOthers() {
        scene.wish(Kind.READ_SESSION, UNKNOWN);
        FollowUps stopped = scene.replica();

        stopped.stop();

        assertThat(await(stopped.runOnce()).total()).isZero();
        assertThat(scene.left("begun")).containsExactly(List.of("0"));
    }
}
