package io.checkoutgateway.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.api.model.BillingAppStripeCreateCheckoutSessionRequestOptions;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionParametersTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000L);
    private static final StripeApp APP = new StripeApp("APP", "acme", null, false, Secret.of("sk"), List.of());

    private static Customer customer(@Nullable String currency) {
        return new Customer(
                "CUSTOMER", "acme", "key", "name", null, Map.of(), null, null, currency, null, null, NOW, NOW, null, 1);
    }

    private static JsonObject parameters(String options, @Nullable String customerCurrency) {
        return SessionParameters.of(
                new JsonObject(options).mapTo(BillingAppStripeCreateCheckoutSessionRequestOptions.class),
                "SESSION",
                APP,
                customer(customerCurrency),
                NOW);
    }

    @Test
    void of_least_isASetupSessionWithOurIdsInBothPlaces() {
        JsonObject ours = new JsonObject()
                .put("om_namespace", "acme")
                .put("om_app_id", "APP")
                .put("om_customer_id", "CUSTOMER")
                .put("gateway_session_id", "SESSION");

        assertThat(parameters("{\"success_url\": \"https://a.example\"}", "USD"))
                .isEqualTo(new JsonObject()
                        .put("mode", "setup")
                        .put("ui_mode", "hosted_page")
                        .put("success_url", "https://a.example")
                        .put("currency", "usd")
                        .put("expires_at", NOW.getEpochSecond())
                        .put("managed_payments", new JsonObject().put("enabled", false))
                        .put("metadata", ours)
                        .put("setup_intent_data", new JsonObject().put("metadata", ours)));
    }

    @Test
    void of_taxIdCollectionThatDoesNotSaySo_isOff() {
        JsonObject parameters = parameters("{\"tax_id_collection\": {\"required\": \"never\"}}", "USD");

        assertThat(parameters.getJsonObject("tax_id_collection"))
                .isEqualTo(new JsonObject().put("enabled", false).put("required", "never"));
    }

    @Test
    void of_everyOption_isInStripesWords() {
        String options =
                """
                {
                  "billing_address_collection": "required",
                  "cancel_url": "https://a.example/no",
                  "client_reference_id": "ref",
                  "customer_update": {"address": "auto"},
                  "consent_collection": {"terms_of_service": "required"},
                  "custom_text": {"submit": {"message": "Hi"}},
                  "currency": "EUR",
                  "locale": "de",
                  "return_url": "https://a.example/back",
                  "redirect_on_completion": "if_required",
                  "tax_id_collection": {"enabled": true},
                  "ui_mode": "embedded",
                  "payment_method_types": ["card", "sepa_debit"],
                  "metadata": {"order": "42"}
                }
                """;

        JsonObject parameters = parameters(options, "USD");

        for (String alike : List.of(
                "billing_address_collection",
                "cancel_url",
                "client_reference_id",
                "customer_update",
                "consent_collection",
                "custom_text",
                "locale",
                "return_url",
                "redirect_on_completion",
                "tax_id_collection")) {
            assertThat(parameters.getValue(alike)).as(alike).isEqualTo(new JsonObject(options).getValue(alike));
        }
        assertThat(parameters.getString("ui_mode")).isEqualTo("embedded_page");
        assertThat(parameters.getString("currency")).isEqualTo("eur");
        assertThat(parameters.getJsonArray("payment_method_types"))
                .isEqualTo(new JsonArray().add("card").add("sepa_debit"));
        assertThat(parameters.getJsonObject("metadata").getString("order")).isEqualTo("42");
        assertThat(parameters
                        .getJsonObject("setup_intent_data")
                        .getJsonObject("metadata")
                        .getString("order"))
                .isEqualTo("42");
    }

    @Test
    void of_noCurrencyAnywhere_sendsNone() {
        assertThat(parameters("{\"payment_method_types\": [\"card\"]}", null).containsKey("currency"))
                .isFalse();
    }

    @Test
    void of_callersMetadata_neverReplacesOurs() {
        assertThat(parameters("{\"metadata\": {\"gateway_session_id\": \"theirs\"}}", "EUR")
                        .getJsonObject("metadata")
                        .getString("gateway_session_id"))
                .isEqualTo("SESSION");
    }

    @Test
    void bind_attempt_addsCustomerAndCountAndLeavesTheGivenAlone() {
        JsonObject frozen = parameters("{}", "EUR");
        JsonObject before = frozen.copy();

        JsonObject bound = SessionParameters.bind(frozen, "cus_1", 2);

        assertThat(frozen).isEqualTo(before);
        assertThat(bound.getString("customer")).isEqualTo("cus_1");
        assertThat(bound.getJsonObject("metadata").getString("gateway_attempt")).isEqualTo("2");
        assertThat(bound.getJsonObject("setup_intent_data")
                        .getJsonObject("metadata")
                        .getString("gateway_attempt"))
                .isEqualTo("2");
    }
}
