package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.card;
import static io.checkoutgateway.sandbox.SandboxFixture.debit;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.param.billingportal.ConfigurationCreateParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionCreateParams.LineItem;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The modes the gateway does not create but mirrors, and the portal. */
class PurchasesTest {
    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    @Test
    void payment_byCard_isPaidAndHasAnIntent() throws StripeException {
        Session session = fixture.session(Selling.params(Mode.PAYMENT, 5_000_000_000L, 3)
                .addExpand("line_items")
                .build());

        assertThat(session.getId()).startsWith("cs_test_a1");
        assertThat(session.getAmountTotal()).isEqualTo(15_000_000_000L);
        assertThat(session.getPaymentStatus()).isEqualTo("unpaid");
        assertThat(session.getPaymentIntent()).isNull();
        assertThat(session.getLineItems().getData().get(0).getPrice().getUnitAmount())
                .isEqualTo(5_000_000_000L);
        assertThat(fixture.send(fixture.request(session.getUrl()).GET()).body()).contains("150000000.00 EUR");
        assertThat(fixture.submit(session.getUrl(), card("4242424242424242")).statusCode())
                .isEqualTo(303);

        Session paid = fixture.retrieve(session);
        PaymentIntent intent = fixture.stripe.v1().paymentIntents().retrieve(paid.getPaymentIntent());
        assertThat(paid.getPaymentStatus()).isEqualTo("paid");
        assertThat(intent.getStatus()).isEqualTo("succeeded");
        assertThat(intent.getPaymentMethod()).startsWith("pm_");
        assertThat(intent.getAmountReceived()).isEqualTo(15_000_000_000L);
        assertThat(fixture.eventTypes())
                .containsExactly("payment_intent.created", "payment_intent.succeeded", "checkout.session.completed");
    }

    @Test
    void payment_byDebit_isUnpaidUntilTheBankDecides() throws StripeException {
        Session session = fixture.session(Selling.params(Mode.PAYMENT, 1_000, 1)
                .addPaymentMethodType(SessionCreateParams.PaymentMethodType.SEPA_DEBIT)
                .build());

        assertThat(fixture.submit(session.getUrl(), debit()).statusCode()).isEqualTo(303);
        assertThat(fixture.retrieve(session).getStatus()).isEqualTo("complete");
        assertThat(fixture.retrieve(session).getPaymentStatus()).isEqualTo("unpaid");
        assertThat(fixture.settle(session.getId(), true).getString("error")).isNull();

        assertThat(fixture.retrieve(session).getPaymentStatus()).isEqualTo("paid");
        assertThat(fixture.eventTypes())
                .endsWith("payment_intent.succeeded", "checkout.session.async_payment_succeeded");
        assertThat(fixture.settle(session.getId(), true).getString("error")).contains("no delayed payment");
    }

    @Test
    void subscription_byCard_isActive() throws StripeException {
        Session session =
                fixture.session(Selling.params(Mode.SUBSCRIPTION, 990, 1).build());

        fixture.submit(session.getUrl(), card("4242424242424242"));

        Session done = fixture.retrieve(session);
        Subscription subscription = fixture.stripe.v1().subscriptions().retrieve(done.getSubscription());
        assertThat(done.getCustomer()).startsWith("cus_");
        assertThat(subscription.getStatus()).isEqualTo("active");
        assertThat(subscription.getDefaultPaymentMethod()).startsWith("pm_");
        assertThat(fixture.eventTypes())
                .containsSubsequence(
                        "customer.subscription.created", "customer.subscription.updated", "checkout.session.completed");
        assertThat(subscription
                        .getItems()
                        .getData()
                        .get(0)
                        .getPrice()
                        .getRecurring()
                        .getInterval())
                .isEqualTo("month");
        assertThat(subscription.getCustomer()).isEqualTo(done.getCustomer());
    }

    @Test
    void lineItems_inPages_keepTheirOrderBothWays() throws StripeException {
        SessionCreateParams.Builder params = Selling.params(Mode.PAYMENT, 100, 1);
        params.addLineItem(item(200)).addLineItem(item(300));
        String path = "/v1/checkout/sessions/" + fixture.session(params.build()).getId() + "/line_items";

        JsonObject first = new JsonObject(fixture.get(path + "?limit=2").body());
        String second = first.getJsonArray("data").getJsonObject(1).getString("id");
        JsonObject rest = new JsonObject(
                fixture.get(path + "?limit=2&starting_after=" + second).body());
        JsonObject before =
                new JsonObject(fixture.get(path + "?ending_before=" + second).body());

        assertThat(totals(first)).containsExactly(100L, 200L);
        assertThat(first.getBoolean("has_more")).isTrue();
        assertThat(totals(rest)).containsExactly(300L);
        assertThat(rest.getBoolean("has_more")).isFalse();
        assertThat(totals(before)).containsExactly(100L);
        assertThat(fixture.get(path + "?starting_after=li_none").statusCode()).isEqualTo(400);
    }

    private static LineItem item(long amount) {
        return LineItem.builder()
                .setQuantity(1L)
                .setPriceData(LineItem.PriceData.builder()
                        .setCurrency("eur")
                        .setUnitAmount(amount)
                        .setProductData(LineItem.PriceData.ProductData.builder()
                                .setName("Thing")
                                .build())
                        .build())
                .build();
    }

    private static List<Long> totals(JsonObject page) {
        return page.getJsonArray("data").stream()
                .map(item -> ((JsonObject) item).getLong("amount_total"))
                .toList();
    }

    @Test
    void portal_session_isMadeWithTheDefaultOrAnOwnConfiguration() throws StripeException {
        String customer = fixture.customer().getId();
        var sessions = fixture.stripe.v1().billingPortal().sessions();
        var own = fixture.stripe
                .v1()
                .billingPortal()
                .configurations()
                .create(ConfigurationCreateParams.builder()
                        .setFeatures(ConfigurationCreateParams.Features.builder()
                                .setInvoiceHistory(ConfigurationCreateParams.Features.InvoiceHistory.builder()
                                        .setEnabled(true)
                                        .build())
                                .build())
                        .setDefaultReturnUrl("https://shop.example/account")
                        .build());

        var standard = sessions.create(com.stripe.param.billingportal.SessionCreateParams.builder()
                .setCustomer(customer)
                .build());
        var special = sessions.create(com.stripe.param.billingportal.SessionCreateParams.builder()
                .setCustomer(customer)
                .setConfiguration(own.getId())
                .build());

        assertThat(standard.getConfiguration()).startsWith("bpc_").isNotEqualTo(own.getId());
        assertThat(special.getReturnUrl()).isEqualTo("https://shop.example/account");
        assertThat(fixture.send(fixture.request(special.getUrl()).GET()).statusCode())
                .isEqualTo(200);
        assertThat(own.getFeatures().getInvoiceHistory().getEnabled()).isTrue();
    }
}
