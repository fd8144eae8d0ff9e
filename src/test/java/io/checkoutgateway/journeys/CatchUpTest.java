package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.Gateway;
import io.checkoutgateway.mirror.CatchUp;
import io.checkoutgateway.sandbox.events.DeliveryMode;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Stripe could not tell is asked for. */
class CatchUpTest {
    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension();

    private static final String CAUGHT_UP =
            "SELECT event_id FROM checkout_gateway.stripe_events WHERE origin = 'catch_up'";

    /** Events that earlier tests left to be fetched are none of this test's. */
    @BeforeEach
    void startInStep() {
        Awaitility.await().until(() -> await(gateway().catchUpNow()).looked());
    }

    private static Gateway gateway() {
        return GATEWAY.get().gateway();
    }

    private static void dropDeliveries() {
        GATEWAY.sandbox().deliveries().mode(new DeliveryMode(false, 0, 1, Duration.ZERO));
    }

    private static void deliverAgain() {
        GATEWAY.sandbox().deliveries().mode(DeliveryMode.kind());
    }

    private static int caughtUp() {
        return GATEWAY.database().rows(CAUGHT_UP).size();
    }

    /** A session that no event will change any more, until something happens to it. */
    private static JsonObject settledSession() {
        JsonObject session = GATEWAY.openSession();
        GATEWAY.settle();
        return session;
    }

    private static void complete(JsonObject session) {
        HostedPage.of(GATEWAY.sandbox(), session.getString("session_id")).pay(HostedPage.GOOD_CARD);
    }

    @Test
    void catchUp_deliveriesWereLost_findsTheEventsAndAppliesThemOnce() {
        JsonObject session = settledSession();
        dropDeliveries();
        complete(session);
        deliverAgain();
        assertThat(GATEWAY.read(session.getString("session_id")).getString("status"))
                .isEqualTo("open");
        int before = caughtUp();

        CatchUp.Outcome outcome = await(gateway().catchUpNow());
        GATEWAY.settle();

        assertThat(outcome.looked()).isTrue();
        assertThat(outcome.found()).isEqualTo(caughtUp() - before).isPositive();
        assertThat(GATEWAY.read(session.getString("session_id")).getString("status"))
                .isEqualTo("complete");
        assertThat(await(gateway().catchUpNow()).found())
                .as("Stripe lists them still, the inbox knows them")
                .isZero();
        assertThat(transitionsTo("complete", session)).hasSize(1);
    }

    @Test
    void catchUp_databaseRefusesAnEventForAMoment_fetchesItTheNextTime() {
        JsonObject session = settledSession();
        dropDeliveries();
        complete(session);
        deliverAgain();
        refuseOneEvent();

        CatchUp.Outcome failed = await(gateway().catchUpNow());

        assertThat(failed.found()).isZero();
        assertThat(GATEWAY.database().rows("SELECT failure FROM checkout_gateway.catch_ups"))
                .as("what was not stored is asked for again")
                .first()
                .asString()
                .contains("The database cannot be used at the moment");
        assertThat(GATEWAY.database().execute("DROP TRIGGER refusing ON checkout_gateway.stripe_events"))
                .isZero();
        Awaitility.await().until(() -> await(gateway().catchUpNow()).looked());
        GATEWAY.settle();

        assertThat(GATEWAY.read(session.getString("session_id")).getString("status"))
                .isEqualTo("complete");
    }

    private static void refuseOneEvent() {
        for (String statement : List.of(
                "CREATE SEQUENCE checkout_gateway.refusals",
                """
                CREATE FUNCTION checkout_gateway.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('checkout_gateway.refusals') = 1 THEN
                        RAISE EXCEPTION 'refused for a moment' USING ERRCODE = '40P01';
                    END IF;
                    RETURN NEW;
                END $$
                """,
                "CREATE TRIGGER refusing BEFORE INSERT ON checkout_gateway.stripe_events"
                        + " FOR EACH ROW EXECUTE FUNCTION checkout_gateway.refuse()")) {
            assertThat(GATEWAY.database().execute(statement)).isZero();
        }
    }

    private static List<JsonObject> transitionsTo(String status, JsonObject session) {
        return GATEWAY
                .client()
                .get("/api/v1/checkout-sessions/" + session.getString("session_id") + "/transitions")
                .expect(200)
                .json()
                .getJsonArray("data")
                .stream()
                .map(JsonObject.class::cast)
                .filter(transition ->
                        !status.equals(transition.getString("from")) && status.equals(transition.getString("to")))
                .toList();
    }

    @Test
    void catchUp_everythingWasDelivered_addsNothing() {
        complete(GATEWAY.openSession());
        GATEWAY.settle();
        int before = caughtUp();

        assertThat(await(gateway().catchUpNow()).found()).isZero();
        assertThat(caughtUp()).isEqualTo(before);
    }

    @Test
    void catchUp_moreThanAPage_findsAll() {
        dropDeliveries();
        List<JsonObject> sessions =
                Stream.generate(GATEWAY::openSession).limit(55).toList();
        sessions.forEach(CatchUpTest::complete);
        deliverAgain();

        CatchUp.Outcome outcome = await(gateway().catchUpNow());
        GATEWAY.settle();

        assertThat(outcome.found()).isGreaterThan(100);
        GATEWAY.get().ledgers().agree();
    }

    @Test
    void catchUp_twoReplicas_oneLooks() {
        Gateway other = await(Gateway.start(Settings.of(GATEWAY.get().settings())));
        try {
            // Long enough for the other to come meanwhile.
            GATEWAY.sandbox().faults().once("GET", "/v1/events", Effect.holdBefore());
            Future<CatchUp.Outcome> mine = gateway().catchUpNow();
            var held = GATEWAY.sandbox().faults().list().get(0);
            await(held.struck());

            CatchUp.Outcome others = await(other.catchUpNow());

            held.release();
            assertThat(others.looked()).isFalse();
            assertThat(await(mine).looked()).isTrue();
        } finally {
            await(other.close());
        }
    }

    @Test
    void catchUp_stripeFails_saysSoAndGoesOnNextTime() {
        JsonObject session = settledSession();
        dropDeliveries();
        complete(session);
        deliverAgain();
        GATEWAY.sandbox().faults().once("GET", "/v1/events", Effect.status(400));

        CatchUp.Outcome failed = await(gateway().catchUpNow());

        assertThat(failed.found()).isZero();
        assertThat(GATEWAY.database().rows("SELECT failure FROM checkout_gateway.catch_ups"))
                .first()
                .asString()
                .contains("refused");
        assertThat(await(gateway().catchUpNow()).found()).isPositive();
        GATEWAY.settle();
        assertThat(GATEWAY.read(session.getString("session_id")).getString("status"))
                .isEqualTo("complete");
    }

    @Test
    void overdue_endWasNeverTold_isReadOnceItIsDue() {
        JsonObject session = settledSession();
        dropDeliveries();
        GATEWAY.sandbox().clock().advance(Duration.ofHours(25));
        deliverAgain();
        GATEWAY.sandbox().clock().reset();
        anHourPastItsEnd(session.getString("session_id"));

        await(gateway().readOverdueNow());

        assertThat(GATEWAY.read(session.getString("session_id")).getString("status"))
                .isEqualTo("expired");
        assertThat(GATEWAY.get().metrics())
                .containsPattern("gateway_mirror_overdue_sessions_total\\{outcome=\"read\",?} [1-9]");
        assertThat(await(gateway().catchUpNow()).looked())
                .as("the other sessions that ran out meanwhile")
                .isTrue();
        GATEWAY.settle();
    }

    private static void anHourPastItsEnd(String stripeId) {
        assertThat(GATEWAY.database()
                        .execute("UPDATE checkout_gateway.checkout_sessions SET expires_at = now() - interval '1 hour',"
                                + " stripe_as_of = now() - interval '2 hours' WHERE stripe_session_id = '"
                                + stripeId + "'"))
                .isEqualTo(1);
    }

    @Test
    void overdue_outcomeOfTheSetupIntentWasNeverTold_isReadAndMadeTheDefault() {
        JsonObject session = settledSession();
        String id = session.getString("session_id");
        complete(session);
        GATEWAY.settle();
        String known = GATEWAY.read(id).getJsonObject("setup_intent").getString("payment_method_id");
        assertThat(GATEWAY.database()
                        .execute("UPDATE checkout_gateway.checkout_sessions SET setup_intent_status = NULL,"
                                + " payment_method_id = NULL, setup_intent_as_of = NULL, read_due_at = now()"
                                + " WHERE stripe_session_id = '" + id + "'"))
                .isEqualTo(1);

        await(gateway().readOverdueNow());

        JsonObject setupIntent = GATEWAY.read(id).getJsonObject("setup_intent");
        assertThat(setupIntent.getString("status")).isEqualTo("succeeded");
        assertThat(setupIntent.getString("payment_method_id")).isEqualTo(known);
        assertThat(GATEWAY.database()
                        .rows("SELECT read_due_at FROM checkout_gateway.checkout_sessions WHERE stripe_session_id = '"
                                + id + "'"))
                .containsExactly(List.of("null"));
    }

    private static double failedReads() {
        return GATEWAY.get()
                .metric("gateway_mirror_overdue_sessions_total{outcome=\"failed\"}")
                .orElse(0);
    }

    @Test
    void overdue_stripeIsAway_endsTheRoundAndKeepsTheReadings() {
        List<String> ids = IntStream.range(0, 12)
                .mapToObj(number -> {
                    JsonObject session = settledSession();
                    complete(session);
                    return session.getString("session_id");
                })
                .toList();
        GATEWAY.settle();
        String ours = " WHERE stripe_session_id IN ('" + String.join("', '", ids) + "')";
        assertThat(GATEWAY.database()
                        .execute("UPDATE checkout_gateway.checkout_sessions SET setup_intent_status = NULL,"
                                + " setup_intent_as_of = NULL, completed_at = now() - interval '20 days',"
                                + " read_due_at = now()" + ours))
                .isEqualTo(ids.size());
        double failedBefore = failedReads();
        GATEWAY.sandbox().faults().add("GET", "/v1/checkout/sessions/*", 100, Effect.status(403));

        assertThat(await(gateway().readOverdueNow()))
                .as("it is not worth another round now")
                .isFalse();

        GATEWAY.sandbox().faults().clear();
        assertThat(GATEWAY.database()
                        .rows("SELECT DISTINCT read_due_at <= now() + interval '10 minutes'"
                                + " FROM checkout_gateway.checkout_sessions" + ours))
                .containsExactly(List.of("t"));
        assertThat(failedReads() - failedBefore).isBetween(3.0, 5.0);
    }

    @Test
    void overdue_stripeDoesNotKnowTheSession_isNotAskedForEver() {
        JsonObject session = settledSession();
        String id = session.getString("session_id");
        anHourPastItsEnd(id);
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET stripe_session_id = 'cs_test_gone'"
                        + " WHERE stripe_session_id = '" + id + "'");

        await(gateway().readOverdueNow());

        assertThat(GATEWAY.database()
                        .rows("SELECT status, overdue_read_at FROM checkout_gateway.checkout_sessions"
                                + " WHERE stripe_session_id = 'cs_test_gone'"))
                .containsExactly(List.of("open", "infinity"));
        assertThat(GATEWAY.get().metrics())
                .containsPattern("gateway_mirror_overdue_sessions_total\\{outcome=\"lost\",?} [1-9]");
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET stripe_session_id = '" + id
                        + "' WHERE stripe_session_id = 'cs_test_gone'");
    }
}
