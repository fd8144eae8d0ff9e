package io.checkoutgateway.followup;

import static io.checkoutgateway.followup.FollowUpScene.selling;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.followup.FollowUpScene.Link;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReadingsTest {
    private static final long AN_HOUR_AGO = Instant.now().getEpochSecond() - 3_600;

    private static FollowUpScene scene;

    @BeforeAll
    static void start() {
        scene = new FollowUpScene();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static int read(Kind kind, String subject) {
        scene.wish(kind, subject);
        return scene.meetAll();
    }

    @Test
    void readSession_ofAnotherService_isKnownFromThenOn() throws StripeException {
        String session = scene.open(selling(1));

        read(Kind.READ_SESSION, session);

        assertThat(scene.session(session, "status")).isEqualTo("open");
        assertThat(scene.session(session, "customer_id")).isEqualTo("null");
        assertThat(scene.value(
                        "source",
                        "checkout_session_transitions",
                        "session_id = '" + scene.session(session, "id") + "'"))
                .isEqualTo("follow_up");
    }

    @Test
    void readSession_again_changesOnlyWhatChanged() throws StripeException {
        String session = scene.open(selling(1));
        read(Kind.READ_SESSION, session);
        String version = scene.session(session, "version");

        read(Kind.READ_SESSION, session);
        assertThat(scene.session(session, "version")).isEqualTo(version);

        HostedPage.of(scene.sandbox, session).pay(HostedPage.GOOD_CARD);
        read(Kind.READ_SESSION, session);
        assertThat(scene.session(session, "status || ' ' || payment_status")).isEqualTo("complete paid");
    }

    @Test
    void readSession_somethingElseIsMissing_isNotTakenForGone() throws StripeException {
        String session = scene.open(selling(1));
        Map<String, String> missing = Map.of(
                "type", "invalid_request_error",
                "code", "resource_missing",
                "message", "No such payment_intent: 'pi_elsewhere'");
        scene.sandbox
                .faults()
                .once("GET", "/v1/checkout/sessions/" + session, new Effect.Answer(404, Map.of(), missing, false));
        scene.wish(Kind.READ_SESSION, session);

        assertThat(scene.meet().of(FollowUps.Result.GIVEN_UP)).isEqualTo(1);

        assertThat(read(Kind.READ_SESSION, session)).isPositive();
        assertThat(scene.session(session, "status")).isEqualTo("open");
    }

    /** An event of another API version, so that only its envelope can be relied on. */
    private static JsonObject toldInAnotherVersion(String id, String type, long created, String session) {
        return new JsonObject()
                .put("id", id)
                .put("object", "event")
                .put("api_version", "2020-08-27")
                .put("created", created)
                .put("livemode", false)
                .put("type", type)
                .put("data", new JsonObject().put("object", new JsonObject().put("id", session)));
    }

    private static String completedAt(String session) {
        return scene.session(session, "extract(epoch FROM completed_at)::bigint");
    }

    @Test
    void readSession_completionToldInAnotherApiVersion_isDatedByTheEventWhateverWasReadBefore() throws StripeException {
        String told = scene.open(selling(1));
        String read = scene.open(selling(1));
        HostedPage.of(scene.sandbox, told).pay(HostedPage.GOOD_CARD);
        HostedPage.of(scene.sandbox, read).pay(HostedPage.GOOD_CARD);
        read(Kind.READ_SESSION, read);

        scene.hear(toldInAnotherVersion("evt_told", "checkout.session.completed", AN_HOUR_AGO + 10, told));
        scene.hear(toldInAnotherVersion("evt_read", "checkout.session.completed", AN_HOUR_AGO + 20, read));
        scene.meetAll();

        assertThat(completedAt(told)).isEqualTo(String.valueOf(AN_HOUR_AGO + 10));
        assertThat(completedAt(read)).isEqualTo(String.valueOf(AN_HOUR_AGO + 20));
    }

    @Test
    void readSession_completionAndItsPaymentToldInAnotherApiVersion_isDatedByTheEarlierInAnyOrder()
            throws StripeException {
        for (boolean together : List.of(true, false)) {
            String session = scene.open(selling(1));
            HostedPage.of(scene.sandbox, session).pay(HostedPage.GOOD_CARD);

            scene.hear(toldInAnotherVersion(
                    "evt_paid_" + together, "checkout.session.async_payment_succeeded", AN_HOUR_AGO + 900, session));
            if (!together) {
                scene.meetAll();
                assertThat(completedAt(session)).isEqualTo(String.valueOf(AN_HOUR_AGO + 900));
            }
            scene.hear(toldInAnotherVersion(
                    "evt_completed_" + together, "checkout.session.completed", AN_HOUR_AGO + 30, session));
            scene.meetAll();

            assertThat(completedAt(session)).isEqualTo(String.valueOf(AN_HOUR_AGO + 30));
        }
    }

    @Test
    void readSession_ofAConnectedAccount_isReadThere() throws StripeException {
        String session = scene.stripe(FollowUpScene.CONNECTED)
                .v1()
                .checkout()
                .sessions()
                .create(selling(1))
                .getId();

        scene.wish(Kind.READ_SESSION, session, FollowUpScene.CONNECTED);
        assertThat(scene.meetAll()).isEqualTo(2);

        assertThat(scene.session(session, "stripe_account_id")).isEqualTo(FollowUpScene.CONNECTED);
        assertThat(scene.session(session, "jsonb_array_length(line_items)")).isEqualTo("1");
    }

    @Test
    void readSession_thatStripeDoesNotHave_isDoneWithout() {
        assertThat(read(Kind.READ_SESSION, "cs_test_none")).isEqualTo(1);
        assertThat(read(Kind.READ_SETUP_INTENT, "seti_none")).isEqualTo(1);
        assertThat(read(Kind.FETCH_LINE_ITEMS, "cs_test_none")).isEqualTo(1);

        assertThat(scene.session("cs_test_none", "id")).isEqualTo("no row");
        assertThat(scene.left("kind")).isEmpty();
    }

    @Test
    void readSession_ofAnAttemptThatWasOvertaken_makesNoSecondRow() throws StripeException {
        String adopted = scene.open(selling(1));
        read(Kind.READ_SESSION, adopted);
        String other = scene.open(Selling.any(SessionCreateParams.Mode.SETUP)
                .putMetadata("gateway_session_id", scene.session(adopted, "id"))
                .build());

        assertThat(read(Kind.READ_SESSION, other)).isEqualTo(1);

        assertThat(scene.session(other, "id")).isEqualTo("no row");
    }

    @Test
    void readSetupIntent_succeeded_completesTheSessionsAndBecomesTheDefault() throws StripeException {
        Link link = scene.link();
        String session = scene.openSetup(link.stripeCustomerId());
        read(Kind.READ_SESSION, session);
        scene.own(session, link);
        String intent = scene.session(session, "setup_intent_id");
        HostedPage.of(scene.sandbox, session).pay(HostedPage.GOOD_CARD);

        assertThat(read(Kind.READ_SETUP_INTENT, intent))
                .as("the reading and the default")
                .isEqualTo(2);

        assertThat(scene.session(session, "setup_intent_status")).isEqualTo("succeeded");
        String method = scene.session(session, "payment_method_id");
        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo(method);
        assertThat(scene.link(link, "default_payment_method_set")).isEqualTo(method);
    }

    /** A card that a customer of ours has left, of which only a reading with this wish will tell. */
    private static FollowUp leftCard(Link link, String setUp) throws StripeException {
        String session = scene.openSetup(link.stripeCustomerId());
        read(Kind.READ_SESSION, session);
        scene.own(session, link);
        HostedPage.of(scene.sandbox, session).pay(HostedPage.GOOD_CARD);
        return new FollowUp(
                Kind.READ_SETUP_INTENT,
                scene.app.id(),
                null,
                scene.session(session, "setup_intent_id"),
                Instant.parse(setUp));
    }

    private static void read(FollowUp wanted) {
        scene.wish(wanted);
        assertThat(scene.meetAll()).isPositive();
    }

    @Test
    void readSetupIntents_setUpInAnotherOrderThanOpened_theLastSetUpIsTheDefault() throws StripeException {
        Link link = scene.link();
        FollowUp openedFirst = leftCard(link, "2126-11-22T10:00:20Z");
        FollowUp openedLast = leftCard(link, "2126-11-22T10:00:10Z");

        read(openedLast);
        read(openedFirst);

        assertThat(scene.link(link, "default_payment_method_id"))
                .isEqualTo(scene.value(
                        "payment_method_id", "checkout_sessions", "setup_intent_id = '" + openedFirst.subject() + "'"));
    }

    @Test
    void readSetupIntent_readBeforeByWhoeverKnewNoTime_isDatedAllTheSame() throws StripeException {
        Link link = scene.link();
        FollowUp reading = leftCard(link, "2126-11-22T10:00:20Z");
        read(Kind.READ_SETUP_INTENT, reading.subject());

        read(reading);

        assertThat(scene.link(link, "default_payment_method_as_of = timestamptz '2126-11-22T10:00:20Z'"))
                .isEqualTo("t");
    }

    @Test
    void readSetupIntent_olderThanTheChoice_leavesTheChoice() throws StripeException {
        Link link = scene.link();
        String session = scene.openSetup(link.stripeCustomerId());
        read(Kind.READ_SESSION, session);
        scene.own(session, link);
        HostedPage.of(scene.sandbox, session).pay(HostedPage.GOOD_CARD);
        scene.database.execute(
                "UPDATE checkout_gateway.stripe_customer_links SET default_payment_method_id = 'pm_newer', default_payment_method_as_of = now() + interval '1 minute' WHERE id = '"
                        + link.id() + "'");

        String intent = scene.session(session, "setup_intent_id");
        assertThat(read(Kind.READ_SETUP_INTENT, intent)).isEqualTo(1);

        assertThat(scene.link(link, "default_payment_method_id")).isEqualTo("pm_newer");
    }

    @Test
    void sessionThatSells_becameKnownAndChanged_hasItsLineItemsFetched() throws StripeException {
        String session = scene.open(selling(3));
        assertThat(read(Kind.READ_SESSION, session))
                .as("the reading and the line items")
                .isEqualTo(2);

        JsonArray items = new JsonArray(scene.session(session, "line_items"));
        assertThat(items.stream().map(item -> ((JsonObject) item).getString("description")))
                .containsExactly("Thing 1", "Thing 2", "Thing 3");

        assertThat(read(Kind.READ_SESSION, session)).as("nothing changed").isEqualTo(1);
        HostedPage.of(scene.sandbox, session).pay(HostedPage.GOOD_CARD);
        assertThat(read(Kind.READ_SESSION, session)).as("it changed").isEqualTo(2);
    }

    @Test
    void sessionInSetupMode_hasNoLineItemsFetched() throws StripeException {
        String session = scene.openSetup(scene.link().stripeCustomerId());

        assertThat(read(Kind.READ_SESSION, session)).isEqualTo(1);
    }

    @Test
    void fetchLineItems_olderThanThoseStored_doesNotOverwrite() throws StripeException {
        String session = scene.open(selling(1));
        read(Kind.READ_SESSION, session);
        scene.database.execute(
                "UPDATE checkout_gateway.checkout_sessions SET line_items = '[]', line_items_as_of = now() + interval '1 minute' WHERE stripe_session_id = '"
                        + session + "'");

        read(Kind.FETCH_LINE_ITEMS, session);

        assertThat(scene.session(session, "line_items")).isEqualTo("[]");
    }
}
