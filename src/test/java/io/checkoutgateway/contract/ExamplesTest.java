package io.checkoutgateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples are what they claim to be, and the generated models carry each of them unharmed. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("api/examples");

    private static final Map<String, String> SCHEMAS = Map.ofEntries(
            Map.entry("app-redirect-hosts", "AppRedirectHosts"),
            Map.entry("app-redirect-hosts.replace", "ReplaceAppRedirectHostsRequest"),
            Map.entry("default-app", "DefaultApp"),
            Map.entry("default-app.replace", "ReplaceDefaultAppRequest"),
            Map.entry("api-key", "ApiKey"),
            Map.entry("api-key-page", "ApiKeyCursorPage"),
            Map.entry("api-key.create", "CreateApiKeyRequest"),
            Map.entry("api-key.with-text", "ApiKeyWithText"),
            Map.entry("app", "BillingApp"),
            Map.entry("app-page", "AppPagePaginatedResponse"),
            Map.entry("app-catalog-item", "BillingAppCatalogItem"),
            Map.entry("app-catalog-page", "AppCatalogItemPagePaginatedResponse"),
            Map.entry("app.catch-up", "AppCatchUp"),
            Map.entry("app.catch-up.start", "StartAppCatchUpRequest"),
            Map.entry("app.connect-webhook-secret", "SetConnectWebhookSecretRequest"),
            Map.entry("app.install", "BillingInstallAppRequest"),
            Map.entry("app.install.sandbox", "BillingInstallAppRequest"),
            Map.entry("app.installed", "BillingInstallAppResponse"),
            Map.entry("app.rotate-webhook-secret", "RotateAppWebhookSecretRequest"),
            Map.entry("app.update", "BillingUpdateAppRequest"),
            Map.entry("connect-webhook-endpoint", "ConnectWebhookEndpoint"),
            Map.entry("connected-account-page", "ConnectedAccountCursorPage"),
            Map.entry("backfill", "Backfill"),
            Map.entry("backfill-page", "BackfillCursorPage"),
            Map.entry("backfill.create", "CreateBackfillRequest"),
            Map.entry("drift-finding-page", "DriftFindingCursorPage"),
            Map.entry("drift-report", "DriftReport"),
            Map.entry("drift-report-page", "DriftReportCursorPage"),
            Map.entry("drift-report.create", "CreateDriftReportRequest"),
            Map.entry("create-checkout-session.embedded", "BillingCustomerStripeCreateCheckoutSessionRequest"),
            Map.entry("create-checkout-session.full", "BillingCustomerStripeCreateCheckoutSessionRequest"),
            Map.entry("create-checkout-session.minimal", "BillingCustomerStripeCreateCheckoutSessionRequest"),
            Map.entry("create-checkout-session.result", "BillingAppStripeCreateCheckoutSessionResult"),
            Map.entry("create-portal-session", "BillingCustomerStripeCreateCustomerPortalSessionRequest"),
            Map.entry("create-portal-session.result", "BillingAppStripeCreateCustomerPortalSessionResult"),
            Map.entry("customer-billing", "BillingCustomerData"),
            Map.entry("customer-billing-app-data", "BillingAppCustomerData"),
            Map.entry("customer-billing-app-data.update", "UpsertAppCustomerDataRequest"),
            Map.entry("customer-billing.update", "UpsertCustomerBillingDataRequest"),
            Map.entry("customer", "BillingCustomer"),
            Map.entry("customer.create", "CreateCustomerRequest"),
            Map.entry("customer.upsert", "UpsertCustomerRequest"),
            Map.entry("customer-page", "CustomerPagePaginatedResponse"),
            Map.entry("dj-stripe-session", "DjStripeCheckoutSession"),
            Map.entry("dj-stripe-session-page", "DjStripeCheckoutSessionCursorPage"),
            Map.entry("problem.idempotency-key-reused", "Problem"),
            Map.entry("problem.invalid-request", "Problem"),
            Map.entry("problem.not-found", "Problem"),
            Map.entry("problem.rate-limited", "Problem"),
            Map.entry("problem.stripe-busy", "Problem"),
            Map.entry("session-line-items", "CheckoutSessionLineItemPage"),
            Map.entry("session-line-items.pending", "CheckoutSessionLineItemPage"),
            Map.entry("problem.too-many-streams", "Problem"),
            Map.entry("session-event.completed", "CheckoutSessionEvent"),
            Map.entry("session-event.opened", "CheckoutSessionEvent"),
            Map.entry("session-page", "CheckoutSessionCursorPage"),
            Map.entry("session-stripe-object", "StripeCheckoutSessionObject"),
            Map.entry("audit-log-page", "AuditEntryCursorPage"),
            Map.entry("inbox-event", "InboxEventDetail"),
            Map.entry("inbox-event.dropped", "InboxEventDetail"),
            Map.entry("refused-deliveries-page", "RefusedDeliveriesCursorPage"),
            Map.entry("inbox-event-page", "InboxEventCursorPage"),
            Map.entry("events.replay", "ReplayEventsRequest"),
            Map.entry("follow-up", "FollowUp"),
            Map.entry("follow-up-page", "FollowUpCursorPage"),
            Map.entry("follow-ups.retry", "RetryFollowUpsRequest"),
            Map.entry("repeated-work", "RepeatedWork"),
            Map.entry("session.pull", "PullCheckoutSessionRequest"),
            Map.entry("session-transitions", "CheckoutSessionTransitionCursorPage"),
            Map.entry("session.complete", "CheckoutSession"),
            Map.entry("session.create", "CreateCheckoutSessionRequest"),
            Map.entry("session.create.connected", "CreateCheckoutSessionRequest"),
            Map.entry("session.create.new-customer", "CreateCheckoutSessionRequest"),
            Map.entry("session.expired", "CheckoutSession"),
            Map.entry("session.failed", "CheckoutSession"),
            Map.entry("session.open", "CheckoutSession"),
            Map.entry("session.paid", "CheckoutSession"),
            Map.entry("webhook-delivery", "WebhookDelivery"),
            Map.entry("webhook-delivery-page", "WebhookDeliveryCursorPage"),
            Map.entry("webhook-endpoint", "WebhookEndpoint"),
            Map.entry("webhook-endpoint-page", "WebhookEndpointCursorPage"),
            Map.entry("webhook-endpoint.create", "CreateWebhookEndpointRequest"),
            Map.entry("webhook-endpoint.disabled", "WebhookEndpoint"),
            Map.entry("webhook-endpoint.recover", "RecoverWebhookEndpointRequest"),
            Map.entry("webhook-endpoint.rotate-secret", "RotateWebhookEndpointSecretRequest"),
            Map.entry("webhook-endpoint.update", "UpdateWebhookEndpointRequest"),
            Map.entry("webhook-endpoint.with-secret", "WebhookEndpointWithSecret"),
            Map.entry("webhook-message", "WebhookMessage"),
            Map.entry("webhook-test-result", "WebhookTestResult"),
            Map.entry("webhook-recovery", "WebhookRecovery"),
            Map.entry("webhook-receipt", "WebhookReceipt"),
            Map.entry("webhook.checkout-session-completed", "StripeWebhookEvent"));

    /** As strict as can be, so that a member the model does not have is noticed. */
    private static final ObjectMapper MODELS = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final PublishedSchemas VALIDATOR = new PublishedSchemas();

    @Test
    void examples_folder_holdsThoseOfTheTable() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(SCHEMAS.keySet());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void example_validated_isValid(String name) throws IOException {
        assertThat(VALIDATOR.violations(schemaOf(name), text(name))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modelled")
    void example_readAndWrittenByItsModel_isTheSame(String name) throws IOException, ClassNotFoundException {
        Class<?> model = Class.forName("io.checkoutgateway.api.model." + schemaOf(name));

        String written = MODELS.writeValueAsString(MODELS.readValue(text(name), model));

        assertThat(MODELS.readTree(written)).isEqualTo(MODELS.readTree(text(name)));
    }

    static Stream<String> names() {
        return new TreeSet<>(SCHEMAS.keySet()).stream();
    }

    /** All but what has no model: Stripe's own objects, which are kept as they came, and the message to endpoints. */
    static Stream<String> modelled() {
        return names().filter(name ->
                !schemaOf(name).startsWith("Stripe") && !schemaOf(name).equals("WebhookMessage"));
    }

    private static String schemaOf(String name) {
        return SCHEMAS.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining());
    }

    private static String text(String name) throws IOException {
        return Files.readString(EXAMPLES.resolve(name + ".json"));
    }
}
