package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.stripe.exception.StripeException;
import com.stripe.model.SetupIntent;
import com.stripe.model.checkout.Session;
import io.checkoutgateway.sandbox.world.Ledger;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.TemporalUnitLessThanOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One call makes a customer of ours a page of Stripe's. */
class CreateSessionTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static final TemporalUnitLessThanOffset WITHIN_A_MINUTE =
            new TemporalUnitLessThanOffset(50, java.time.temporal.ChronoUnit.SECONDS);

    private static Answer create(String customer, JsonObject body) {
        return GATEWAY.client().post(checkoutSessionsOf(customer), body);
    }

    private static JsonObject hostedWith(String option, Object value) {
        JsonObject body = hosted();
        body.getJsonObject("stripe_options").put(option, value);
        return body;
    }

    private static JsonObject example(String name) throws IOException {
        return new JsonObject(Files.readString(Path.of("api/examples", "create-checkout-session." + name + ".json")));
    }

    private static Session atStripe(JsonObject result) throws StripeException {
        return GATEWAY.stripe().v1().checkout().sessions().retrieve(result.getString("session_id"));
    }

    private static SetupIntent intentAtStripe(JsonObject result) throws StripeException {
        return GATEWAY.stripe().v1().setupIntents().retrieve(result.getString("setup_intent_id"));
    }

    @Test
    void createSession_minimalHosted_answersAnOpenSessionOfTheCustomer() {
        String customer = GATEWAY.customer();

        Answer answer = create(customer, hosted()).expect(201);

        JsonObject result = answer.json();
        assertThat(result.getString("customer_id")).isEqualTo(customer);
        assertThat(result.getString("status")).isEqualTo("open");
        assertThat(result.getString("mode")).isEqualTo("setup");
        assertThat(result.getString("currency")).isEqualTo("EUR");
        assertThat(result.getString("url"))
                .startsWith(GATEWAY.sandbox().baseUri().toString());
        assertThat(result.getMap()).doesNotContainKeys("client_secret", "metadata", "cancel_url", "return_url");
        assertThat(result.getInstant("created_at")).isCloseTo(Instant.now(), WITHIN_A_MINUTE);
    }

    @Test
    void createSession_answer_saysWhereTheSessionIsRead() {
        Answer answer = create(GATEWAY.customer(), hosted()).expect(201);

        JsonObject session =
                GATEWAY.client().get(answer.header("Location")).expect(200).json();
        assertThat(session.getString("stripe_session_id"))
                .isEqualTo(answer.json().getString("session_id"));
        assertThat(answer.header("Location")).isEqualTo("/api/v1/checkout-sessions/" + session.getString("id"));
    }

    @Test
    void createSession_everyHostedOption_reachesStripe() throws Exception {
        JsonObject body = example("full");

        JsonObject result = create(GATEWAY.customer(), body).expect(201).json();

        JsonObject options = body.getJsonObject("stripe_options");
        Session session = atStripe(result);
        assertThat(session.getUiMode()).isEqualTo("hosted_page");
        assertThat(session.getSuccessUrl()).isEqualTo(options.getString("success_url"));
        assertThat(session.getCancelUrl()).isEqualTo(options.getString("cancel_url"));
        assertThat(session.getBillingAddressCollection()).isEqualTo("required");
        assertThat(session.getClientReferenceId()).isEqualTo("order-1001");
        assertThat(session.getCurrency()).isEqualTo("eur");
        assertThat(session.getLocale()).isEqualTo("de");
        assertThat(session.getPaymentMethodTypes()).containsExactly("card", "sepa_debit");
        assertThat(session.getConsentCollection().getTermsOfService()).isEqualTo("required");
        assertThat(session.getConsentCollection()
                        .getPaymentMethodReuseAgreement()
                        .getPosition())
                .isEqualTo("auto");
        assertThat(session.getCustomText().getSubmit().getMessage()).contains("first of the month");
        assertThat(session.getCustomText().getTermsOfServiceAcceptance().getMessage())
                .contains("I agree");
        assertThat(session.getTaxIdCollection().getEnabled()).isTrue();
        assertThat(result.getString("cancel_url")).isEqualTo(options.getString("cancel_url"));
        assertThat(result.getString("client_reference_id")).isEqualTo("order-1001");
        assertThat(result.getJsonObject("metadata")).isEqualTo(options.getJsonObject("metadata"));
    }

    @Test
    void createSession_everyEmbeddedOption_reachesStripeAndAClientSecretComesBack() throws Exception {
        JsonObject result =
                create(GATEWAY.customer(), example("embedded")).expect(201).json();

        Session session = atStripe(result);
        assertThat(session.getUiMode()).isEqualTo("embedded_page");
        assertThat(session.getRedirectOnCompletion()).isEqualTo("if_required");
        assertThat(session.getReturnUrl()).endsWith("{CHECKOUT_SESSION_ID}");
        assertThat(result.getString("client_secret")).isNotEmpty();
        assertThat(result.getString("return_url")).isEqualTo(session.getReturnUrl());
        assertThat(result.getMap()).doesNotContainKeys("url", "success_url");
    }

    @Test
    void createSession_embeddedWithoutRedirects_needsNoReturnUrl() {
        JsonObject options = new JsonObject().put("ui_mode", "embedded").put("redirect_on_completion", "never");

        create(GATEWAY.customer(), new JsonObject().put("stripe_options", options))
                .expect(201);
    }

    @Test
    void createSession_metadata_isOnSessionAndSetupIntentBesideTheGatewaysOwn() throws StripeException {
        String customer = GATEWAY.customer();

        Answer answer = create(customer, hostedWith("metadata", new JsonObject().put("order", "42")));

        JsonObject result = answer.expect(201).json();
        Map<String, String> onSession = atStripe(result).getMetadata();
        assertThat(onSession)
                .containsEntry("order", "42")
                .containsEntry("om_customer_id", customer)
                .containsEntry("gateway_attempt", "1")
                .containsKeys("om_namespace", "om_app_id", "gateway_session_id");
        assertThat(intentAtStripe(result).getMetadata()).isEqualTo(onSession);
        assertThat(result.getJsonObject("metadata").getMap()).isEqualTo(Map.of("order", "42"));
    }

    @Test
    void createSession_asMuchMetadataAsIsAllowed_fitsBesideTheGatewaysOwn() {
        JsonObject metadata = new JsonObject();
        for (int i = 0; i < 45; i++) {
            metadata.put("k".repeat(38) + (i + 10), "ü".repeat(500));
        }

        JsonObject result = create(GATEWAY.customer(), hostedWith("metadata", metadata))
                .expect(201)
                .json();

        assertThat(result.getJsonObject("metadata")).isEqualTo(metadata);
    }

    @Test
    void createSession_always_switchesManagedPaymentsOff() throws StripeException {
        JsonObject result = GATEWAY.openSession();

        assertThat(atStripe(result).getManagedPayments().getEnabled()).isFalse();
    }

    @Test
    void createSession_secondOfACustomer_usesTheSameStripeCustomer() {
        String customer = GATEWAY.customer();

        String first = GATEWAY.openSession(customer).getString("stripe_customer_id");
        String second = GATEWAY.openSession(customer).getString("stripe_customer_id");

        assertThat(second).isEqualTo(first);
        assertThat(GATEWAY.sandbox().ledger().customersWithMetadata("om_customer_id", customer))
                .hasSize(1);
    }

    static Stream<Arguments> expiries() {
        return Stream.of(
                argumentSet("none, the longest", null, Duration.ofHours(23).plusMinutes(55)),
                argumentSet("30 minutes, kept clear of the edge", Duration.ofMinutes(30), Duration.ofMinutes(31)),
                argumentSet(
                        "just before, for slow clocks", Duration.ofMinutes(29).plusSeconds(50), Duration.ofMinutes(31)),
                argumentSet("two hours, as wished", Duration.ofHours(2), Duration.ofHours(2)),
                argumentSet(
                        "24 hours, kept clear of the edge",
                        Duration.ofHours(24),
                        Duration.ofHours(23).plusMinutes(55)));
    }

    @ParameterizedTest
    @MethodSource("expiries")
    void createSession_expiryInsideTheWindow_isSentInsideStripes(Duration wish, Duration sent) {
        Instant now = Instant.now();
        JsonObject body = wish == null
                ? hosted()
                : hostedWith("expires_at", now.plus(wish).getEpochSecond());

        JsonObject result = create(GATEWAY.customer(), body).expect(201).json();

        Ledger.Session session = GATEWAY.sandbox().ledger().session(result.getString("session_id"));
        assertThat(session.expiresAt())
                .isCloseTo(now.plus(sent).getEpochSecond(), within(50L))
                .isEqualTo(result.getInstant("expires_at").getEpochSecond());
    }

    static Stream<Arguments> tooEarlyOrLate() {
        return Stream.of(
                argumentSet("past 30 minutes", Duration.ofMinutes(28).plusSeconds(50), "minimum"),
                argumentSet("past 24 hours", Duration.ofHours(24).plusMinutes(5), "maximum"));
    }

    @ParameterizedTest
    @MethodSource("tooEarlyOrLate")
    void createSession_expiryOutsideTheWindow_isRefused(Duration wish, String rule) {
        long expiresAt = Instant.now().plus(wish).getEpochSecond();

        Answer answer =
                create(GATEWAY.customer(), hostedWith("expires_at", expiresAt)).expect(400);

        JsonObject parameter = answer.json().getJsonArray("invalid_parameters").getJsonObject(0);
        assertThat(parameter.getString("field")).isEqualTo("stripe_options.expires_at");
        assertThat(parameter.getString("rule")).isEqualTo(rule);
    }

    private static String customerWithoutCurrency(String key) {
        return GATEWAY.client()
                .post(
                        "/api/v3/openmeter/customers",
                        new JsonObject().put("key", key).put("name", "No Currency"))
                .expect(201)
                .json()
                .getString("id");
    }

    @Test
    void createSession_ownCurrency_winsOverTheCustomers() {
        JsonObject result = create(GATEWAY.customer(), hostedWith("currency", "USD"))
                .expect(201)
                .json();

        assertThat(result.getString("currency")).isEqualTo("USD");
    }

    @Test
    void createSession_noCurrencyAndNoTypes_isRefusedBeforeStripeIsAsked() {
        Answer answer = create(customerWithoutCurrency("no-currency"), hosted()).expect(400);

        assertThat(answer.json()
                        .getJsonArray("invalid_parameters")
                        .getJsonObject(0)
                        .getString("field"))
                .isEqualTo("stripe_options.currency");
        assertThat(
                        GATEWAY.database()
                                .rows(
                                        "SELECT 1 FROM checkout_gateway.stripe_customer_links l"
                                                + " JOIN checkout_gateway.customers c ON c.id = l.customer_id WHERE c.key = 'no-currency'"))
                .isEmpty();
    }

    @Test
    void createSession_noCurrencyButTypes_isOpened() {
        create(
                        customerWithoutCurrency("no-currency-but-types"),
                        hostedWith("payment_method_types", new io.vertx.core.json.JsonArray().add("card")))
                .expect(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/done?session={CHECKOUT_SESSION_ID}",
                "https://shop.example:8443/a/b?c=d&e=%20f#g",
                "https://xn--bcher-kva.example/",
                "http://localhost:3000/done",
                "http://127.0.0.1/done",
                "http://[::1]:3000/done",
            })
    void createSession_urlThatIsAllowed_reachesStripeUntouched(String url) throws StripeException {
        JsonObject result = create(GATEWAY.customer(), hostedWith("success_url", url))
                .expect(201)
                .json();

        assertThat(atStripe(result).getSuccessUrl()).isEqualTo(url);
        assertThat(result.getString("success_url")).isEqualTo(url);
    }

    @Test
    void createSession_optionThatStripeRefuses_is422InTheCallersWords() {
        Answer answer = create(
                        GATEWAY.customer(),
                        hostedWith("payment_method_types", new io.vertx.core.json.JsonArray().add("no_such_type")))
                .expect(422);

        assertThat(answer.json().getString("code")).isEqualTo("stripe_refused");
        assertThat(answer.json()
                        .getJsonArray("invalid_parameters")
                        .getJsonObject(0)
                        .getString("field"))
                .startsWith("stripe_options.payment_method_types");
    }

    @Test
    void createSession_unknownCustomer_is404() {
        create("01ARZ3NDEKTSV4RRFFQ69G5FAV", hosted()).expect(404);
    }

    @Test
    void createSession_customerOfAnotherNamespace_is404() {
        String theirs = GATEWAY.get().customer("elsewhere");

        create(theirs, hosted()).expect(404);
    }

    @Test
    void createSession_namespaceWithoutStripe_is404() {
        String theirs = GATEWAY.get().customer("elsewhere");

        Answer answer = GATEWAY.get()
                .client("elsewhere")
                .post(checkoutSessionsOf(theirs), hosted())
                .expect(404);

        assertThat(answer.json().getString("detail")).contains("Stripe app");
    }

    @Test
    void createSession_deletedCustomer_is410() {
        String customer = GATEWAY.customer();
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.customers SET deleted_at = now() WHERE id = '" + customer + "'");

        Answer answer = create(customer, hosted()).expect(410);

        assertThat(answer.json().getString("code")).isEqualTo("gone");
        assertThat(GATEWAY.client()
                        .get("/api/v3/openmeter/customers/" + customer)
                        .expect(200)
                        .json()
                        .getMap())
                .containsKey("deleted_at");
    }
}
