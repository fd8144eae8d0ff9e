package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.await;
import static io.checkoutgateway.sandbox.SandboxFixture.setup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.model.WebhookEndpoint;
import com.stripe.model.checkout.Session;
import com.stripe.net.Webhook;
import com.stripe.param.WebhookEndpointCreateParams;
import io.checkoutgateway.sandbox.WebhookReceiver.Received;
import io.checkoutgateway.sandbox.events.Delivery;
import io.checkoutgateway.sandbox.events.DeliveryCounts;
import io.checkoutgateway.sandbox.events.DeliveryMode;
import io.checkoutgateway.sandbox.events.DeliveryPolicy;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebhooksTest {
    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    private final WebhookReceiver receiver = new WebhookReceiver(fixture.vertx);

    @Test
    void delivery_anyEvent_isSignedAndParsedByStripeJava() throws StripeException {
        String secret = fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("checkout.session.completed"));
        Session session = complete();
        await().until(() -> receiver.received.size() == 1);

        Received delivered = receiver.received.get(0);
        Event event = Webhook.constructEvent(delivered.body(), delivered.signature(), secret);

        assertThat(event.getApiVersion()).isEqualTo("2026-07-29.dahlia");
        assertThat(event.getRequest().getId()).isNull();
        assertThat(event.getPendingWebhooks()).isEqualTo(1);
        assertThat(event.getDataObjectDeserializer().getObject()).get().isInstanceOfSatisfying(Session.class, sent -> {
            assertThat(sent.getId()).isEqualTo(session.getId());
            assertThat(sent.getStatus()).isEqualTo("complete");
        });
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> Webhook.constructEvent(delivered.body(), delivered.signature(), secret + "x")))
                .isInstanceOf(SignatureVerificationException.class);
    }

    @Test
    void delivery_apiCausedEvent_carriesTheRequest() throws StripeException {
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("setup_intent.created"));
        fixture.post(
                "/v1/checkout/sessions",
                "mode=setup&success_url=https://a.example&payment_method_types[]=card",
                "Idempotency-Key",
                "k9");
        await().until(() -> receiver.received.size() == 1);

        JsonObject request = receiver.received.get(0).json().getJsonObject("request");
        assertThat(request.getString("id")).startsWith("req_");
        assertThat(request.getString("idempotency_key")).isEqualTo("k9");
    }

    @Test
    void delivery_refused_isRetriedWithFreshSignatureThenGivenUp() throws StripeException {
        fixture.sandbox.clock().freeze();
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("customer.created"));
        receiver.answersWith(500);
        fixture.customer();
        await().until(() -> receiver.received.size() == 1 && attempts() == 1);

        fixture.sandbox.clock().advance(Duration.ofSeconds(11));
        await(fixture.sandbox.deliveries().runOnce());
        fixture.sandbox.clock().advance(Duration.ofHours(2));
        await(fixture.sandbox.deliveries().runOnce());
        fixture.sandbox.clock().advance(Duration.ofHours(24));
        DeliveryCounts last = await(fixture.sandbox.deliveries().runOnce());

        assertThat(receiver.received).hasSize(3);
        assertThat(receiver.received).extracting(Received::signature).doesNotHaveDuplicates();
        assertThat(last.delivered() + last.postponed() + last.failed()).isZero();
        assertThat(fixture.sandbox.deliveries().all())
                .extracting(Delivery::state)
                .containsExactly(Delivery.State.FAILED);
    }

    @Test
    void delivery_afterARetry_lowersPendingWebhooks() throws StripeException {
        fixture.sandbox.clock().freeze();
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("customer.created"));
        receiver.answersWith(302);
        fixture.customer();
        await().until(() -> attempts() == 1);

        receiver.answersWith(204);
        fixture.sandbox.clock().advance(Duration.ofMinutes(1));
        await(fixture.sandbox.deliveries().runOnce());

        assertThat(fixture.sandbox.deliveries().all())
                .extracting(Delivery::state)
                .containsExactly(Delivery.State.DELIVERED);
        assertThat(events().getJsonObject(0).getInteger("pending_webhooks")).isZero();
    }

    @Test
    void mode_shuffleDuplicateAndPause_reachTheReceiver() throws StripeException {
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("customer.created"));
        fixture.sandbox.deliveries().pause();
        fixture.sandbox.deliveries().mode(new DeliveryMode(true, 1, 0, Duration.ZERO));
        for (int i = 0; i < 10; i++) {
            fixture.customer();
        }
        assertThat(receiver.received).isEmpty();

        await(fixture.sandbox.deliveries().flush());

        List<String> order = receiver.received.stream()
                .map(one -> one.json().getString("id"))
                .toList();
        List<String> made = events().stream()
                .map(event -> ((JsonObject) event).getString("id"))
                .toList();
        assertThat(order).hasSize(20);
        assertThat(new HashSet<>(order)).containsExactlyInAnyOrderElementsOf(made);
        List<String> inOrder = new ArrayList<>(made);
        Collections.reverse(inOrder);
        assertThat(order.stream().distinct().toList()).isNotEqualTo(inOrder);
    }

    @Test
    void mode_drop_losesEventsThatTheEventsApiStillKnows() throws StripeException {
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("*"));
        fixture.sandbox.deliveries().mode(new DeliveryMode(false, 0, 1, Duration.ZERO));
        String customer = fixture.customer().getId();

        JsonObject undelivered =
                new JsonObject(fixture.get("/v1/events?delivery_success=false&types[]=customer.created")
                        .body());

        assertThat(receiver.received).isEmpty();
        assertThat(undelivered
                        .getJsonArray("data")
                        .getJsonObject(0)
                        .getJsonObject("data")
                        .getJsonObject("object")
                        .getString("id"))
                .isEqualTo(customer);
        String event = undelivered.getJsonArray("data").getJsonObject(0).getString("id");
        fixture.sandbox.deliveries().mode(DeliveryMode.kind());
        fixture.control("POST", "/events/" + event + "/redeliver", new JsonObject());
        await().until(() -> receiver.received.size() == 1);
    }

    @Test
    void endpoint_madeOverTheApi_showsItsSecretOnceAndPinsItsVersion() throws StripeException {
        WebhookEndpoint created = fixture.stripe
                .v1()
                .webhookEndpoints()
                .create(WebhookEndpointCreateParams.builder()
                        .setUrl(receiver.url().toString())
                        .addEnabledEvent(WebhookEndpointCreateParams.EnabledEvent.CUSTOMER__CREATED)
                        .setApiVersion(WebhookEndpointCreateParams.ApiVersion.VERSION_2026_07_29_DAHLIA)
                        .putMetadata("app", "01J")
                        .build());

        assertThat(created.getSecret()).startsWith("whsec_");
        assertThat(fixture.stripe
                        .v1()
                        .webhookEndpoints()
                        .retrieve(created.getId())
                        .getSecret())
                .isNull();
        assertThat(fixture.stripe.v1().webhookEndpoints().list().getData()).hasSize(1);
        fixture.customer();
        await().until(() -> receiver.received.size() == 1);
        Event event = Webhook.constructEvent(
                receiver.received.get(0).body(), receiver.received.get(0).signature(), created.getSecret());
        assertThat(event.getType()).isEqualTo("customer.created");
        assertThat(fixture.stripe
                        .v1()
                        .webhookEndpoints()
                        .delete(created.getId())
                        .getDeleted())
                .isTrue();
        fixture.customer();
        await(fixture.sandbox.deliveries().runOnce());
        assertThat(receiver.received).hasSize(1);
    }

    @Test
    void endpoint_ofConnectedAccounts_hearsOfThemOnly() throws StripeException {
        try (SandboxFixture platform =
                new SandboxFixture(SandboxOptions.defaults().withConnectedAccounts(Set.of("acct_connected")))) {
            platform.post("/v1/webhook_endpoints", "url=" + receiver.url() + "&enabled_events[]=*&connect=true");
            platform.customer();
            platform.post("/v1/customers", "", "Stripe-Account", "acct_connected");
            await().until(() -> receiver.received.size() == 1);
            await(platform.sandbox.deliveries().runOnce());

            assertThat(receiver.received).hasSize(1);
            assertThat(receiver.received.get(0).json().getString("account")).isEqualTo("acct_connected");
        }
    }

    @Test
    void deauthorizedAccount_tellsConnectEndpointsOnlyAndIsRefused_untilItConnectsAgain() throws StripeException {
        fixture.sandbox.connect("acct_shop");
        fixture.post("/v1/webhook_endpoints", "url=" + receiver.url() + "&enabled_events[]=*&connect=true");
        WebhookReceiver own = new WebhookReceiver(fixture.vertx);
        fixture.post("/v1/webhook_endpoints", "url=" + own.url() + "&enabled_events[]=*");

        fixture.control("POST", "/accounts/acct_shop/deauthorize", new JsonObject());

        await().until(() -> receiver.received.size() == 1);
        await(fixture.sandbox.deliveries().runOnce());
        JsonObject event = receiver.received.get(0).json();
        assertThat(event.getString("type")).isEqualTo("account.application.deauthorized");
        assertThat(event.getString("account")).isEqualTo("acct_shop");
        assertThat(event.getJsonObject("data").getJsonObject("object").getString("object"))
                .isEqualTo("application");
        assertThat(own.received).isEmpty();
        assertThat(SandboxFixture.error(fixture.post("/v1/customers", "", "Stripe-Account", "acct_shop"))
                        .getString("code"))
                .isEqualTo("account_invalid");
        fixture.control("POST", "/accounts/acct_shop/connect", new JsonObject());
        assertThat(fixture.post("/v1/customers", "", "Stripe-Account", "acct_shop")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void endpoint_failingForDays_isDisabled_andItsEventsCountAsDelivered() throws StripeException {
        String id = new JsonObject(fixture.post(
                                "/v1/webhook_endpoints", "url=" + receiver.url() + "&enabled_events[]=customer.created")
                        .body())
                .getString("id");
        receiver.answersWith(500);
        fixture.customer();
        await().until(() -> attempts() == 1);
        assertThat(statusOf(id)).isEqualTo("enabled");

        fixture.sandbox.clock().advance(Duration.ofDays(4));
        fixture.customer();
        await().until(() -> statusOf(id).equals("disabled"));
        long undelivered = undelivered();
        fixture.customer();

        assertThat(undelivered()).as("nobody was to hear of the last one").isEqualTo(undelivered);
        receiver.answersWith(200);
        fixture.post("/v1/webhook_endpoints/" + id, "disabled=false");
        assertThat(statusOf(id)).isEqualTo("enabled");
    }

    private String statusOf(String endpoint) {
        return new JsonObject(fixture.get("/v1/webhook_endpoints/" + endpoint).body()).getString("status");
    }

    private long undelivered() {
        return new JsonObject(fixture.get("/v1/events?delivery_success=false").body())
                .getJsonArray("data")
                .size();
    }

    @Test
    void neverGenerated_eventIsInNoList() throws StripeException {
        fixture.sandbox.addWebhookEndpoint(receiver.url(), List.of("*"));
        fixture.control("POST", "/deliveries/mode", new JsonObject().put("never_generated_rate", 1));
        fixture.customer();
        fixture.control("POST", "/deliveries/mode", new JsonObject());

        assertThat(events()).isEmpty();
        fixture.customer();
        await().until(() -> receiver.received.size() == 1);
        assertThat(events()).hasSize(1);
    }

    @Test
    void rolledSecret_bothVerifyUntilTheOldOneRetires() throws StripeException {
        WebhookEndpoint created = fixture.stripe
                .v1()
                .webhookEndpoints()
                .create(WebhookEndpointCreateParams.builder()
                        .setUrl(receiver.url().toString())
                        .addEnabledEvent(WebhookEndpointCreateParams.EnabledEvent.CUSTOMER__CREATED)
                        .build());
        String fresh = fixture.control("POST", "/webhook_endpoints/" + created.getId() + "/roll", new JsonObject())
                .getString("secret");
        fixture.customer();
        await().until(() -> receiver.received.size() == 1);

        Received delivered = receiver.received.get(0);
        assertThat(Webhook.constructEvent(delivered.body(), delivered.signature(), fresh))
                .isNotNull();
        assertThat(Webhook.constructEvent(delivered.body(), delivered.signature(), created.getSecret()))
                .isNotNull();
    }

    @Test
    void wallClockSignature_movedSandboxClock_staysBelievable() throws StripeException {
        DeliveryPolicy standard = DeliveryPolicy.defaults();
        DeliveryPolicy wall = new DeliveryPolicy(standard.retryDelays(), standard.timeout(), 1, true);
        try (SandboxFixture moved = new SandboxFixture(SandboxOptions.defaults().withDelivery(wall))) {
            moved.sandbox.addWebhookEndpoint(receiver.url(), List.of("customer.created"));
            moved.sandbox.clock().advance(Duration.ofDays(2));
            moved.customer();
            await().until(() -> receiver.received.size() == 1);
        }

        long stamp = Long.parseLong(receiver.received.get(0).signature().replaceAll("t=(\\d+),.*", "$1"));
        assertThat(Math.abs(stamp - System.currentTimeMillis() / 1000)).isLessThan(60);
    }

    private int attempts() {
        return fixture.sandbox.deliveries().all().stream()
                .mapToInt(Delivery::attempts)
                .sum();
    }

    private io.vertx.core.json.JsonArray events() {
        return new JsonObject(fixture.get("/v1/events").body()).getJsonArray("data");
    }

    private Session complete() throws StripeException {
        Session session = fixture.session(setup().build());
        fixture.control("POST", "/sessions/" + session.getId() + "/complete", new JsonObject());
        return session;
    }
}
