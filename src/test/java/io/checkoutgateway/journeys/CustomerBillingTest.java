package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.stripe.exception.StripeException;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.StripeSide;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How customers are billed, as callers read and set it. */
class CustomerBillingTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("STRIPE_RETRIES", "0"));

    private StripeSide stripe;

    @BeforeEach
    void anotherService() {
        stripe = new StripeSide(GATEWAY.sandbox(), GATEWAY.stripe());
    }

    private static String billingOf(String customer) {
        return "/api/v3/openmeter/customers/" + customer + "/billing";
    }

    private static String appDataOf(String customer) {
        return billingOf(customer) + "/app-data";
    }

    private static String app() {
        return TestGateway.await(GATEWAY.get().gateway().app()).id();
    }

    private static JsonObject linkedTo(String stripeCustomer) {
        return new JsonObject().put("stripe", new JsonObject().put("customer_id", stripeCustomer));
    }

    private static JsonObject payingWith(String stripeCustomer, String method) {
        JsonObject data = linkedTo(stripeCustomer);
        data.getJsonObject("stripe").put("default_payment_method_id", method);
        return data;
    }

    private static JsonObject billing(JsonObject appData) {
        return new JsonObject().put("app_data", appData);
    }

    private static JsonObject read(String customer) {
        return GATEWAY.client().get(billingOf(customer)).expect(200).json();
    }

    private void assertAtStripe(String stripeCustomer, String method) {
        Awaitility.await().untilAsserted(() -> assertThat(stripe.defaultOf(stripeCustomer))
                .isEqualTo(method));
    }

    @Test
    void getBilling_nobodyKnowsTheCustomerAtStripe_isEmpty() {
        assertThat(read(GATEWAY.customer())).isEqualTo(new JsonObject());
    }

    @Test
    void getBilling_afterTheFirstSession_showsTheCounterpart() {
        String customer = GATEWAY.customer();
        String counterpart = GATEWAY.openSession(customer).getString("stripe_customer_id");

        assertThat(read(customer)).isEqualTo(billing(linkedTo(counterpart)));
    }

    @Test
    void updateAppData_existingCustomerAtStripe_isTakenByTheNextSession() throws StripeException {
        String customer = GATEWAY.customer();
        String counterpart = stripe.customer();
        JsonObject wanted = linkedTo(counterpart);
        wanted.getJsonObject("stripe").put("labels", new JsonObject().put("team", "billing"));

        Answer set = GATEWAY.client().put(appDataOf(customer), wanted).expect(200);

        assertThat(set.json()).isEqualTo(wanted);
        assertThat(read(customer)).isEqualTo(billing(wanted));
        assertThat(GATEWAY.openSession(customer).getString("stripe_customer_id"))
                .isEqualTo(counterpart);
        assertThat(GATEWAY.sandbox().ledger().customersWithMetadata("om_customer_id", customer))
                .isEmpty();
    }

    @Test
    void updateAppData_counterpartOfADeletedCustomer_isFree() throws StripeException {
        String gone = GATEWAY.customer();
        String counterpart = stripe.customer();
        GATEWAY.client().put(appDataOf(gone), linkedTo(counterpart)).expect(200);
        String next = GATEWAY.customer();
        GATEWAY.client().put(appDataOf(next), linkedTo(counterpart)).expect(409);

        GATEWAY.client()
                .send("DELETE", "/api/v3/openmeter/customers/" + gone, BodyPublishers.noBody(), null)
                .expect(204);

        GATEWAY.client().put(appDataOf(next), linkedTo(counterpart)).expect(200);
        assertThat(GATEWAY.openSession(next).getString("stripe_customer_id")).isEqualTo(counterpart);
    }

    @Test
    void updateBilling_newDefault_isKeptAndToldToStripe() throws StripeException {
        String customer = GATEWAY.customer();
        String counterpart = stripe.customer();
        String method = stripe.paymentMethodOf(counterpart);

        Answer set = GATEWAY.client()
                .put(billingOf(customer), billing(payingWith(counterpart, method)))
                .expect(200);

        assertThat(set.json()).isEqualTo(billing(payingWith(counterpart, method)));
        assertAtStripe(counterpart, method);
        GATEWAY.settle();
        assertThat(read(customer)).isEqualTo(set.json());
    }

    @Test
    void updateBilling_defaultOfTheCustomerAtStripe_isTakenOverWhereNoneIsChosen() throws StripeException {
        String counterpart = stripe.customer();
        String method = stripe.paymentMethodOf(counterpart);
        String first = GATEWAY.customer();
        GATEWAY.client().put(appDataOf(first), payingWith(counterpart, method)).expect(200);
        assertAtStripe(counterpart, method);
        GATEWAY.client().put(appDataOf(first), linkedTo(stripe.customer())).expect(200);

        JsonObject taken = GATEWAY.client()
                .put(appDataOf(GATEWAY.customer()), linkedTo(counterpart))
                .expect(200)
                .json();

        assertThat(taken).isEqualTo(payingWith(counterpart, method));
        assertThat(stripe.defaultOf(counterpart)).isEqualTo(method);
    }

    @Test
    void updateAppData_sameCustomerWithoutDefault_keepsItAndReplacesLabels() throws StripeException {
        String customer = GATEWAY.customer();
        String counterpart = stripe.customer();
        JsonObject first = payingWith(counterpart, stripe.paymentMethodOf(counterpart));
        first.getJsonObject("stripe").put("labels", new JsonObject().put("a", "b"));
        GATEWAY.client().put(appDataOf(customer), first).expect(200);

        JsonObject now = GATEWAY.client()
                .put(appDataOf(customer), linkedTo(counterpart))
                .expect(200)
                .json()
                .getJsonObject("stripe");

        assertThat(now.containsKey("labels")).isFalse();
        assertThat(now.getString("default_payment_method_id")).startsWith("pm_");
    }

    /** An event tells what was chosen before; it is dated in the same second or an earlier one. */
    @Test
    void updateAppData_olderChoiceComesLate_doesNotOverwriteIt() throws StripeException {
        String customer = GATEWAY.customer();
        JsonObject session = GATEWAY.openSession(customer);
        String counterpart = session.getString("stripe_customer_id");
        GATEWAY.settle();
        GATEWAY.sandbox().deliveries().pause();
        HostedPage.of(GATEWAY.sandbox(), session.getString("session_id")).pay(HostedPage.GOOD_CARD);
        String chosen = stripe.paymentMethodOf(counterpart);

        GATEWAY.client()
                .put(appDataOf(customer), payingWith(counterpart, chosen))
                .expect(200);
        GATEWAY.sandbox().deliveries().resume();
        GATEWAY.settle();

        assertThat(read(customer)).isEqualTo(billing(payingWith(counterpart, chosen)));
        assertAtStripe(counterpart, chosen);
    }

    @Test
    void updateBilling_deletedAtStripe_canBeLinkedAnew() throws StripeException {
        String customer = GATEWAY.customer();
        String gone = GATEWAY.openSession(customer).getString("stripe_customer_id");
        stripe.delete(gone);
        Awaitility.await().untilAsserted(() -> assertThat(read(customer)).isEqualTo(new JsonObject()));
        String counterpart = stripe.customer();

        GATEWAY.client().put(appDataOf(customer), linkedTo(counterpart)).expect(200);

        assertThat(GATEWAY.openSession(customer).getString("stripe_customer_id"))
                .isEqualTo(counterpart);
    }

    static Stream<Arguments> notAtStripe() {
        return Stream.of(
                argumentSet("no such customer", "cus_none", null, "stripe.customer_id"),
                argumentSet("no such method", null, "pm_none", "stripe.default_payment_method_id"),
                argumentSet("no method at all", null, "card_1", "stripe.default_payment_method_id"));
    }

    @ParameterizedTest
    @MethodSource("notAtStripe")
    void updateAppData_notAtStripe_isRefusedByNameAndChangesNothing(String customerId, String method, String field)
            throws StripeException {
        String customer = GATEWAY.customer();
        JsonObject wanted = linkedTo(customerId == null ? stripe.customer() : customerId);
        if (method != null) {
            wanted.getJsonObject("stripe").put("default_payment_method_id", method);
        }

        assertNotAtStripe(GATEWAY.client().put(appDataOf(customer), wanted), field);
        assertNotAtStripe(GATEWAY.client().put(billingOf(customer), billing(wanted)), "app_data." + field);

        assertThat(read(customer)).isEqualTo(new JsonObject());
    }

    private static void assertNotAtStripe(Answer answer, String field) {
        JsonObject problem = answer.expect(412).json();
        assertThat(problem.getString("code")).isEqualTo("stripe_reference");
        assertThat(problem.getJsonArray("invalid_parameters").getJsonObject(0).getString("field"))
                .isEqualTo(field);
    }

    @Test
    void updateAppData_paymentMethodOfAnother_isRefused() throws StripeException {
        String theirs = stripe.paymentMethodOf(stripe.customer());

        assertNotAtStripe(
                GATEWAY.client().put(appDataOf(GATEWAY.customer()), payingWith(stripe.customer(), theirs)),
                "stripe.default_payment_method_id");
    }

    @Test
    void updateAppData_deletedCustomerAtStripe_isRefused() throws StripeException {
        String gone = stripe.customer();
        stripe.delete(gone);

        assertNotAtStripe(GATEWAY.client().put(appDataOf(GATEWAY.customer()), linkedTo(gone)), "stripe.customer_id");
    }

    @Test
    void updateAppData_customerOfAnother_isAConflict() throws StripeException {
        String counterpart = stripe.customer();
        GATEWAY.client()
                .put(appDataOf(GATEWAY.customer()), linkedTo(counterpart))
                .expect(200);

        Answer refused = GATEWAY.client().put(appDataOf(GATEWAY.customer()), linkedTo(counterpart));

        assertThat(refused.expect(409).json().getString("code")).isEqualTo("conflict");
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                argumentSet("no app", "/app-data", "{}", "stripe", "is required"),
                argumentSet(
                        "no customer", "/app-data", "{\"stripe\": {}}", "stripe.customer_id", "it names the customer"),
                argumentSet(
                        "no id",
                        "/app-data",
                        "{\"stripe\": {\"customer_id\": \"acme\"}}",
                        "stripe.customer_id",
                        "begins with cus_"),
                argumentSet(
                        "other app",
                        "/app-data",
                        "{\"stripe\": {\"customer_id\": \"cus_1\"}, \"external_invoicing\": {}}",
                        "external_invoicing",
                        "no external invoicing app serves"),
                argumentSet("no app", "", "{\"app_data\": {}}", "app_data.stripe", "is required"),
                argumentSet(
                        "no customer",
                        "",
                        "{\"app_data\": {\"stripe\": {}}}",
                        "app_data.stripe.customer_id",
                        "it names the customer"),
                argumentSet("no profile", "", "{\"billing_profile\": {}}", "billing_profile.id", "is required"));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void updateBilling_badBody_isRefusedByName(String path, String body, String field, String reason) {
        Answer refused = GATEWAY.client()
                .put(billingOf(GATEWAY.customer()) + path, new JsonObject(body))
                .expect(400);

        Refusals.assertNames(refused, field, reason);
    }

    @Test
    void updateBilling_profile_bindsTheCustomerUntilItIsLeftOut() {
        String customer = GATEWAY.customer();
        JsonObject bound = new JsonObject().put("billing_profile", new JsonObject().put("id", app()));

        assertThat(GATEWAY.client().put(billingOf(customer), bound).expect(200).json())
                .isEqualTo(bound);
        String counterpart = GATEWAY.openSession(customer).getString("stripe_customer_id");
        assertThat(read(customer)).isEqualTo(bound.copy().mergeIn(billing(linkedTo(counterpart))));

        assertThat(GATEWAY.client()
                        .put(billingOf(customer), new JsonObject())
                        .expect(200)
                        .json())
                .isEqualTo(billing(linkedTo(counterpart)));
    }

    @Test
    void updateBilling_profileOfNobody_isNotFoundByName() {
        JsonObject unknown =
                new JsonObject().put("billing_profile", new JsonObject().put("id", "01KAMZ2V5Q8XG6T4N9R3W7B1ZZ"));

        Answer refused =
                GATEWAY.client().put(billingOf(GATEWAY.customer()), unknown).expect(404);

        assertThat(refused.json().getJsonArray("invalid_parameters").encode()).contains("billing_profile.id");
    }

    @Test
    void updateBilling_ifMatch_holdsOnlyForTheStateItNames() throws StripeException {
        String customer = GATEWAY.customer();
        String empty = GATEWAY.client().get(billingOf(customer)).header("ETag");
        ContractClient careful = GATEWAY.client().with("If-Match", empty);
        String counterpart = stripe.customer();

        Answer set = careful.put(appDataOf(customer), linkedTo(counterpart)).expect(200);

        assertThat(set.header("ETag")).isNotEqualTo(empty);
        assertThat(GATEWAY.client().get(billingOf(customer)).header("ETag")).isEqualTo(set.header("ETag"));
        assertThat(careful.put(appDataOf(customer), linkedTo(counterpart))
                        .expect(412)
                        .json()
                        .getString("code"))
                .isEqualTo("precondition_failed");
        careful.put(billingOf(customer), new JsonObject()).expect(412);
        GATEWAY.client()
                .with("If-Match", set.header("ETag"))
                .put(billingOf(customer), billing(linkedTo(counterpart)))
                .expect(200);
    }

    @Test
    void updateAppData_manyAtOnceForOneState_oneOfThemHolds() throws StripeException {
        String customer = GATEWAY.customer();
        ContractClient careful = GATEWAY.client()
                .with("If-Match", GATEWAY.client().get(billingOf(customer)).header("ETag"));
        List<CompletableFuture<Answer>> under = new ArrayList<>();
        for (int editor = 0; editor < 8; editor++) {
            JsonObject wanted = linkedTo(stripe.customer());
            under.add(CompletableFuture.supplyAsync(() -> careful.put(appDataOf(customer), wanted)));
        }

        List<Answer> answers = under.stream().map(CompletableFuture::join).toList();

        assertThat(answers).extracting(Answer::status).containsOnly(200, 412);
        List<Answer> held =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(held).hasSize(1);
        assertThat(read(customer)).isEqualTo(billing(held.get(0).json()));
    }

    /** What an event changes is another state too. */
    @Test
    void getBilling_paymentMethodSetUp_hasAnotherTag() {
        String customer = GATEWAY.customer();
        JsonObject session = GATEWAY.openSession(customer);
        String before = GATEWAY.client().get(billingOf(customer)).header("ETag");

        HostedPage.of(GATEWAY.sandbox(), session.getString("session_id")).pay(HostedPage.GOOD_CARD);
        GATEWAY.settle();

        assertThat(GATEWAY.client().get(billingOf(customer)).header("ETag")).isNotEqualTo(before);
    }

    @Test
    void billing_ofAnotherNamespace_doesNotExist() throws StripeException {
        String customer = GATEWAY.customer();
        ContractClient stranger = GATEWAY.get().client("strangers");

        stranger.get(billingOf(customer)).expect(404);
        stranger.put(billingOf(customer), new JsonObject()).expect(404);
        stranger.put(appDataOf(customer), linkedTo(stripe.customer())).expect(404);
        String theirs = GATEWAY.get().customer("strangers");
        assertThat(stranger.get(billingOf(theirs)).expect(200).json()).isEqualTo(new JsonObject());
        stranger.put(billingOf(theirs), new JsonObject().put("billing_profile", new JsonObject().put("id", app())))
                .expect(404);
    }

    @Test
    void billing_ofADeletedCustomer_canBeReadAndNotChanged() throws StripeException {
        String customer = GATEWAY.customer();
        GATEWAY.database()
                .execute(
                        "UPDATE checkout_gateway.customers SET deleted_at = now() WHERE id = '%s'".formatted(customer));

        GATEWAY.client().get(billingOf(customer)).expect(200);
        GATEWAY.client().put(billingOf(customer), new JsonObject()).expect(410);
        GATEWAY.client().put(appDataOf(customer), linkedTo(stripe.customer())).expect(410);
    }

    @Test
    void updateBilling_writesWhoDidIt() throws StripeException {
        String customer = GATEWAY.customer();

        Answer set = GATEWAY.client()
                .put(appDataOf(customer), linkedTo(stripe.customer()))
                .expect(200);

        assertThat(GATEWAY.database()
                        .rows(
                                "SELECT action, actor LIKE 'api_key:%%', request_id, before_hash <> after_hash FROM checkout_gateway.audit_log WHERE resource = 'customer:%s' AND action LIKE 'customer_billing.%%'"
                                        .formatted(customer)))
                .containsExactly(List.of("customer_billing.updated", "t", set.header("X-Request-Id"), "t"));
    }

    @Test
    void updateBilling_stripeFails_changesNothing() throws StripeException {
        String customer = GATEWAY.customer();
        String counterpart = stripe.customer();
        GATEWAY.sandbox().faults().once("GET", "/v1/customers/" + counterpart, Effect.serverError());

        GATEWAY.client().put(appDataOf(customer), linkedTo(counterpart)).expect(502);

        assertThat(read(customer)).isEqualTo(new JsonObject());
    }
}
