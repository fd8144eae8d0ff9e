package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.stripe.exception.StripeException;
import com.stripe.param.billingportal.ConfigurationCreateParams;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.StripeSide;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The way into Stripe's customer portal. */
class PortalSessionsTest {
    private static final String BACK = "https://shop.example/account";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static String portalOf(String customer) {
        return "/api/v3/openmeter/customers/" + customer + "/billing/stripe/portal-sessions";
    }

    private static JsonObject options(JsonObject options) {
        return new JsonObject().put("stripe_options", options);
    }

    private static String configuration() throws StripeException {
        ConfigurationCreateParams.Features.InvoiceHistory history =
                ConfigurationCreateParams.Features.InvoiceHistory.builder()
                        .setEnabled(true)
                        .build();
        return GATEWAY.stripe()
                .v1()
                .billingPortal()
                .configurations()
                .create(ConfigurationCreateParams.builder()
                        .setFeatures(ConfigurationCreateParams.Features.builder()
                                .setInvoiceHistory(history)
                                .build())
                        .build())
                .getId();
    }

    @Test
    void openPortal_allOptions_areHonoured() throws StripeException {
        String customer = GATEWAY.customer();
        String counterpart = GATEWAY.openSession(customer).getString("stripe_customer_id");
        String configuration = configuration();

        JsonObject opened = GATEWAY.client()
                .post(
                        portalOf(customer),
                        options(new JsonObject()
                                .put("configuration_id", configuration)
                                .put("locale", "fr-CA")
                                .put("return_url", BACK)))
                .expect(201)
                .json();

        assertThat(opened.getString("id")).startsWith("bps_");
        assertThat(opened.getString("stripe_customer_id")).isEqualTo(counterpart);
        assertThat(opened.getString("configuration_id")).isEqualTo(configuration);
        assertThat(opened.getString("locale")).isEqualTo("fr-CA");
        assertThat(opened.getString("return_url")).isEqualTo(BACK);
        assertThat(opened.getString("url")).startsWith("http");
        assertThat(opened.getBoolean("livemode")).isFalse();
    }

    @Test
    void openPortal_noOptions_hasAllMembersAndMakesTheCustomerAtStripe() {
        String customer = GATEWAY.customer();

        JsonObject opened = GATEWAY.client()
                .post(portalOf(customer), options(new JsonObject()))
                .expect(201)
                .json();

        assertThat(opened.getString("locale")).isEqualTo("auto");
        assertThat(opened.getString("return_url")).isEmpty();
        assertThat(opened.getString("configuration_id")).startsWith("bpc_");
        assertThat(GATEWAY.sandbox().ledger().customersWithMetadata("om_customer_id", customer))
                .extracting(made -> made.id())
                .containsExactly(opened.getString("stripe_customer_id"));
        assertThat(GATEWAY.openSession(customer).getString("stripe_customer_id"))
                .isEqualTo(opened.getString("stripe_customer_id"));
    }

    @Test
    void openPortal_sameKey_isAnsweredTheSame() {
        String customer = GATEWAY.customer();
        ContractClient client =
                GATEWAY.client().with("Idempotency-Key", UUID.randomUUID().toString());
        JsonObject body = options(new JsonObject().put("return_url", BACK));

        Answer first = client.post(portalOf(customer), body).expect(201);
        Answer again = client.post(portalOf(customer), body).expect(201);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(client.post(portalOf(customer), options(new JsonObject()))
                        .expect(422)
                        .json()
                        .getString("code"))
                .isEqualTo("idempotency_key_reused");
        client.post(portalOf(GATEWAY.customer()), body).expect(422);
    }

    static Stream<Arguments> badOptions() {
        return Stream.of(
                argumentSet("blank locale", "locale", "", "is not a locale"),
                argumentSet("unknown locale", "locale", "tlh", "is not a locale"),
                argumentSet("blank configuration", "configuration_id", "", "begins with bpc_"),
                argumentSet("blank url", "return_url", "", "absolute http:// or https:// URL"),
                argumentSet("plain http", "return_url", "http://shop.example/", "must begin with https://"),
                argumentSet("user info", "return_url", "https://me:you@shop.example/", "must not carry a user name"));
    }

    @ParameterizedTest
    @MethodSource("badOptions")
    void openPortal_badOption_isRefusedByNameAndFreesTheKey(String option, String value, String reason) {
        String customer = GATEWAY.customer();
        ContractClient client =
                GATEWAY.client().with("Idempotency-Key", UUID.randomUUID().toString());

        Answer refused = client.post(portalOf(customer), options(new JsonObject().put(option, value)))
                .expect(400);

        Refusals.assertNames(refused, "stripe_options." + option, reason);
        client.post(portalOf(customer), options(new JsonObject())).expect(201);
    }

    @Test
    void openPortal_unknownConfiguration_isRefusedByNameAndRepeated() {
        String customer = GATEWAY.customer();
        ContractClient client =
                GATEWAY.client().with("Idempotency-Key", UUID.randomUUID().toString());
        JsonObject body = options(new JsonObject().put("configuration_id", "bpc_none"));

        Answer refused = client.post(portalOf(customer), body).expect(422);
        Answer again = client.post(portalOf(customer), body).expect(422);

        assertThat(refused.json().getString("code")).isEqualTo("stripe_refused");
        assertThat(refused.json()
                        .getJsonArray("invalid_parameters")
                        .getJsonObject(0)
                        .getString("pointer"))
                .isEqualTo("/stripe_options/configuration_id");
        assertThat(again.body()).isEqualTo(refused.body());
    }

    @Test
    void openPortal_customerGoneAtStripe_saysSoAsACreateDoes() throws StripeException {
        String customer = GATEWAY.customer();
        String counterpart = GATEWAY.openSession(customer).getString("stripe_customer_id");
        GATEWAY.settle();
        GATEWAY.sandbox().deliveries().pause();
        new StripeSide(GATEWAY.sandbox(), GATEWAY.stripe()).delete(counterpart);

        JsonObject portal = GATEWAY.client()
                .post(portalOf(customer), options(new JsonObject()))
                .expect(422)
                .json();
        JsonObject create = GATEWAY.client()
                .post(checkoutSessionsOf(customer), hosted())
                .expect(422)
                .json();

        assertThat(portal.getString("code"))
                .isEqualTo("stripe_customer_missing")
                .isEqualTo(create.getString("code"));
    }

    @Test
    void openPortal_deletedUnknownOrForeignCustomer_isRefused() {
        String deleted = GATEWAY.customer();
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.customers SET deleted_at = now() WHERE id = '%s'".formatted(deleted));
        JsonObject body = options(new JsonObject());

        GATEWAY.client().post(portalOf(deleted), body).expect(410);
        GATEWAY.client().post(portalOf("01KAMZ2V5Q8XG6T4N9R3W7B1ZZ"), body).expect(404);
        GATEWAY.client().post(portalOf("nobody"), body).expect(404);
        GATEWAY.get()
                .client("strangers")
                .post(portalOf(GATEWAY.customer()), body)
                .expect(404);
    }

    @Test
    void openPortal_writesWhoDidItButNotTheAddress() {
        Answer opened = GATEWAY.client()
                .post(portalOf(GATEWAY.customer()), options(new JsonObject()))
                .expect(201);

        assertThat(GATEWAY.database()
                        .rows(
                                "SELECT action, request_id FROM checkout_gateway.audit_log WHERE resource = 'portal_session:%s'"
                                        .formatted(opened.json().getString("id"))))
                .containsExactly(List.of("portal_session.created", opened.header("X-Request-Id")));
    }
}
