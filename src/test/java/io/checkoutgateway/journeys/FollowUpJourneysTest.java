package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.param.EventListParams;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.sandbox.world.Ledger;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Selling;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.SignedEvents;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From an event to what it calls for at Stripe, with everything working in the background. */
class FollowUpJourneysTest {
    private static final String FOLLOW_UPS = "SELECT kind, state FROM checkout_gateway.follow_ups";

    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension();

    /** The customer finishes the session; answers the payment method that came of it. */
    private static String finished(JsonObject session) {
        String id = session.getString("session_id");
        HostedPage.of(GATEWAY.sandbox(), id).pay(HostedPage.GOOD_CARD);
        soon(() -> assertThat(GATEWAY.read(id).getJsonObject("setup_intent").getString("status"))
                .isEqualTo("succeeded"));
        return GATEWAY.read(id).getJsonObject("setup_intent").getString("payment_method_id");
    }

    private static void everythingIsDone() {
        soon(() -> {
            GATEWAY.settle();
            assertThat(GATEWAY.database().rows(FOLLOW_UPS)).isEmpty();
        });
    }

    private static String defaultAtStripe(JsonObject session) {
        return String.valueOf(GATEWAY.sandbox().ledger().customers().stream()
                .filter(customer -> customer.id().equals(session.getString("stripe_customer_id")))
                .findFirst()
                .map(Ledger.Customer::defaultPaymentMethod)
                .orElse(null));
    }

    private static List<Event> changesOf(JsonObject session) throws StripeException {
        return GATEWAY
                .stripe()
                .v1()
                .events()
                .list(EventListParams.builder()
                        .setType("customer.updated")
                        .setLimit(100L)
                        .build())
                .getData()
                .stream()
                .filter(event -> event.getDataObjectDeserializer()
                        .getRawJson()
                        .contains(session.getString("stripe_customer_id")))
                .toList();
    }

    private static List<List<String>> link(JsonObject session) {
        return GATEWAY.database()
                .rows(
                        "SELECT default_payment_method_id, default_payment_method_set FROM checkout_gateway.stripe_customer_links WHERE stripe_customer_id = '"
                                + session.getString("stripe_customer_id") + "'");
    }

    @Test
    void finishedSetup_becomesTheDefaultAtStripeOnce() throws StripeException {
        JsonObject session = GATEWAY.openSession();

        String method = finished(session);

        soon(() -> assertThat(defaultAtStripe(session)).isEqualTo(method));
        everythingIsDone();
        assertThat(link(session)).containsExactly(List.of(method, method));
        assertThat(changesOf(session)).hasSize(1);
    }

    @Test
    void anotherSetup_replacesTheDefault() {
        String customer = GATEWAY.customer();
        finished(GATEWAY.openSession(customer));
        JsonObject session = GATEWAY.openSession(customer);
        everythingIsDone();
        // Two choices in one second are told apart by their ids, which says nothing about the test's order.
        GATEWAY.database()
                .execute(
                        "UPDATE checkout_gateway.stripe_customer_links SET default_payment_method_as_of = default_payment_method_as_of - interval '2 seconds'");

        String method = finished(session);

        soon(() -> assertThat(defaultAtStripe(session)).isEqualTo(method));
        everythingIsDone();
    }

    private static JsonObject chosenByOthers(JsonObject session, String method) {
        return new JsonObject()
                .put("id", session.getString("stripe_customer_id"))
                .put("object", "customer")
                .put("invoice_settings", new JsonObject().put("default_payment_method", method));
    }

    /** Theirs was made before Stripe was told ours, and after ours was set up; the event comes when that is over. */
    @Test
    void choiceOfOthersThatComesLate_isRestored() {
        String customer = GATEWAY.customer();
        String theirs = finished(GATEWAY.openSession(customer));
        everythingIsDone();
        GATEWAY.database()
                .execute(
                        "UPDATE checkout_gateway.stripe_customer_links SET default_payment_method_as_of = default_payment_method_as_of - interval '2 seconds'");
        JsonObject session = GATEWAY.openSession(customer);
        String method = finished(session);
        soon(() -> assertThat(defaultAtStripe(session)).isEqualTo(method));
        everythingIsDone();
        JsonObject event = SignedEvent.event("customer.updated", chosenByOthers(session, theirs));
        event.put("created", Instant.now().getEpochSecond() + 1)
                .getJsonObject("data")
                .put(
                        "previous_attributes",
                        new JsonObject().put("invoice_settings", new JsonObject().putNull("default_payment_method")));

        assertThat(new SignedEvents(GATEWAY.get()).post(event.encode())).isEqualTo(200);

        soon(() -> assertThat(defaultAtStripe(session)).isEqualTo(theirs));
        everythingIsDone();
        assertThat(link(session)).containsExactly(List.of(theirs, theirs));
    }

    @Test
    void choiceOfOthersInTheSecondOfASetUp_endsAsStripes() {
        JsonObject session = GATEWAY.openSession();
        String method = finished(session);
        soon(() -> assertThat(defaultAtStripe(session)).isEqualTo(method));
        everythingIsDone();
        String second = GATEWAY.database()
                .rows("SELECT extract(epoch FROM default_payment_method_as_of)::bigint"
                        + " FROM checkout_gateway.stripe_customer_links WHERE stripe_customer_id = '"
                        + session.getString("stripe_customer_id") + "'")
                .get(0)
                .get(0);
        JsonObject event = SignedEvent.event("customer.updated", chosenByOthers(session, "pm_zzz"));
        event.put("created", Long.parseLong(second))
                .getJsonObject("data")
                .put(
                        "previous_attributes",
                        new JsonObject().put("invoice_settings", new JsonObject().putNull("default_payment_method")));

        assertThat(new SignedEvents(GATEWAY.get()).post(event.encode())).isEqualTo(200);

        everythingIsDone();
        assertThat(link(session)).containsExactly(List.of(method, method));
    }

    @Test
    void detachedDefault_isForgottenAndNotSetAgain() throws StripeException {
        JsonObject session = GATEWAY.openSession();
        String method = finished(session);
        soon(() -> assertThat(defaultAtStripe(session)).isEqualTo(method));
        everythingIsDone();

        assertThat(GATEWAY.stripe().v1().paymentMethods().detach(method).getCustomer())
                .isNull();

        soon(() -> assertThat(link(session)).containsExactly(List.of("null", "null")));
        everythingIsDone();
        assertThat(defaultAtStripe(session)).isEqualTo("null");
    }

    private static String openedByOthers() throws StripeException {
        return GATEWAY.openElsewhere(Selling.any(Mode.SETUP));
    }

    /** Which has the session read. */
    private static void tellInAnotherApiVersion(String session) {
        JsonObject event = SignedEvent.event(
                        "checkout.session.completed",
                        new JsonObject().put("id", session).put("object", "checkout.session"))
                .put("api_version", "2020-08-27");
        assertThat(new SignedEvents(GATEWAY.get()).post(event.encode())).isEqualTo(200);
    }

    @Test
    void eventWhileAReadingHangs_isFollowedUpAtOnce() throws StripeException {
        String hanging = openedByOthers();
        String other = openedByOthers();
        everythingIsDone();
        Fault held =
                GATEWAY.sandbox().faults().add("GET", "/v1/checkout/sessions/" + hanging, 1_000, Effect.holdBefore());
        tellInAnotherApiVersion(hanging);
        TestGateway.await(held.struck());

        tellInAnotherApiVersion(other);

        soon(() -> assertThat(transitionsOf(other)).contains("follow_up"));
        assertThat(GATEWAY.database().rows("SELECT subject, begun, attempts FROM checkout_gateway.follow_ups"))
                .as("the first reading of the other is still under way")
                .containsExactly(List.of(hanging, "1", "0"));
        held.release();
        GATEWAY.sandbox().faults().clear();
        everythingIsDone();
    }

    private static String transitionsOf(String session) {
        return GATEWAY.client()
                .get("/api/v1/checkout-sessions/" + session + "/transitions")
                .body();
    }

    @Test
    void eventOfAnotherApiVersion_hasTheSessionRead() throws StripeException {
        String session = openedByOthers();

        tellInAnotherApiVersion(session);

        soon(() -> assertThat(GATEWAY.read(session).getString("status")).isEqualTo("open"));
        assertThat(GATEWAY.client()
                        .get("/api/v1/checkout-sessions/" + session + "/transitions")
                        .expect(200)
                        .json()
                        .getJsonArray("data")
                        .getJsonObject(0)
                        .getString("source"))
                .isEqualTo("follow_up");
    }
}
