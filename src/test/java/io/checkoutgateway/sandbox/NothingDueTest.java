package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.card;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.model.checkout.Session;
import com.stripe.param.EventListParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionCreateParams.LineItem;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import com.stripe.param.checkout.SessionCreateParams.PaymentMethodCollection;
import com.stripe.param.checkout.SessionCreateParams.SubscriptionData;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions that sell something for which nothing is paid when they are complete. */
class NothingDueTest {
    private static final Map<String, String> CONTACT = Map.of("email", "jenny@example.com", "name", "Jenny Rosen");
    private static final long MONTH = Duration.ofDays(30).toSeconds();

    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    @BeforeEach
    void start() {
        fixture.sandbox.clock().freeze();
    }

    private Subscription subscriptionOf(Session session) throws StripeException {
        return fixture.stripe.v1().subscriptions().retrieve(session.getSubscription());
    }

    private String page(Session session) {
        return fixture.send(fixture.request(session.getUrl()).GET()).body();
    }

    @Test
    void trial_byCard_requiresNoPaymentAndKeepsTheCard() throws StripeException {
        long now = fixture.sandbox.clock().seconds();
        Session session =
                fixture.session(Selling.trial(30).addExpand("line_items").build());
        assertThat(session.getAmountTotal()).isZero();
        assertThat(session.getAmountSubtotal()).isZero();
        assertThat(session.getPaymentMethodCollection()).isEqualTo("always");
        assertThat(session.getLineItems().getData().get(0).getAmountTotal()).isZero();
        assertThat(session.getLineItems().getData().get(0).getPrice().getUnitAmount())
                .isEqualTo(990);

        assertThat(fixture.submit(session.getUrl(), card("4242424242424242")).statusCode())
                .isEqualTo(303);

        Session done = fixture.retrieve(session);
        Subscription subscription = subscriptionOf(done);
        SubscriptionItem item = subscription.getItems().getData().get(0);
        assertThat(done.getStatus()).isEqualTo("complete");
        assertThat(done.getPaymentStatus()).isEqualTo("no_payment_required");
        assertThat(subscription.getStatus()).isEqualTo("trialing");
        assertThat(subscription.getDefaultPaymentMethod()).startsWith("pm_");
        assertThat(subscription.getTrialStart()).isEqualTo(now);
        assertThat(subscription.getTrialEnd()).isEqualTo(now + MONTH);
        assertThat(subscription.getBillingCycleAnchor()).isEqualTo(now + MONTH);
        assertThat(item.getCurrentPeriodEnd()).isEqualTo(now + MONTH);
        assertThat(item.getPrice().getUnitAmount()).isEqualTo(990);
    }

    /** Nothing is to be paid, so it does not begin incomplete. (Stripe's note of 2021 on Checkout's trial webhooks.) */
    @Test
    void trial_itsEvents_areOneCreationInTheStateThatLasts() throws StripeException {
        Session session = fixture.session(Selling.trial(7).build());

        fixture.submit(session.getUrl(), card("4242424242424242"));

        assertThat(fixture.eventTypes())
                .containsExactly(
                        "customer.created",
                        "payment_method.attached",
                        "customer.subscription.created",
                        "checkout.session.completed");
        Event created = fixture.stripe
                .v1()
                .events()
                .list(EventListParams.builder()
                        .setType("customer.subscription.created")
                        .build())
                .getData()
                .get(0);
        assertThat(created.getDataObjectDeserializer().getObject())
                .get()
                .isInstanceOfSatisfying(Subscription.class, subscription -> {
                    assertThat(subscription.getStatus()).isEqualTo("trialing");
                    assertThat(subscription.getDefaultPaymentMethod()).startsWith("pm_");
                });
    }

    @Test
    void trial_methodOnlyIfRequired_isCompletedWithoutOne() throws StripeException {
        Session session = fixture.session(Selling.trial(14)
                .setPaymentMethodCollection(PaymentMethodCollection.IF_REQUIRED)
                .build());
        assertThat(page(session)).contains("Complete order").doesNotContain("card_number");

        assertThat(fixture.submit(session.getUrl(), CONTACT).statusCode()).isEqualTo(303);

        Session done = fixture.retrieve(session);
        assertThat(done.getPaymentStatus()).isEqualTo("no_payment_required");
        assertThat(done.getCustomer()).startsWith("cus_");
        assertThat(done.getCustomerDetails().getEmail()).isEqualTo("jenny@example.com");
        assertThat(subscriptionOf(done).getStatus()).isEqualTo("trialing");
        assertThat(subscriptionOf(done).getDefaultPaymentMethod()).isNull();
        assertThat(fixture.eventTypes()).doesNotContain("payment_method.attached");
    }

    @Test
    void subscription_methodIfRequiredAndSomethingDue_asksForIt() throws StripeException {
        Session session = fixture.session(Selling.params(Mode.SUBSCRIPTION, 990, 1)
                .setPaymentMethodCollection(PaymentMethodCollection.IF_REQUIRED)
                .build());

        assertThat(page(session)).contains("card_number");
        assertThat(fixture.submit(session.getUrl(), CONTACT).statusCode()).isEqualTo(422);
    }

    @Test
    void trial_withSomethingPaidOnce_isPaidAndTrialing() throws StripeException {
        Session session =
                fixture.session(Selling.trial(14).addLineItem(once(2_000)).build());
        assertThat(session.getAmountTotal()).isEqualTo(2_000);

        fixture.submit(session.getUrl(), card("4242424242424242"));

        Session done = fixture.retrieve(session);
        Subscription subscription = subscriptionOf(done);
        assertThat(done.getPaymentStatus()).isEqualTo("paid");
        assertThat(subscription.getStatus()).isEqualTo("trialing");
        assertThat(subscription.getItems().getData()).hasSize(1);
        assertThat(fixture.eventTypes())
                .containsSubsequence("customer.subscription.created", "customer.subscription.updated");
    }

    @Test
    void trial_untilAMoment_endsThen() throws StripeException {
        long end = fixture.sandbox.clock().seconds() + Duration.ofDays(3).toSeconds();
        Session session = fixture.session(Selling.params(Mode.SUBSCRIPTION, 990, 1)
                .setSubscriptionData(SubscriptionData.builder()
                        .setTrialEnd(end)
                        .putMetadata("vip", "true")
                        .build())
                .build());

        fixture.submit(session.getUrl(), card("4242424242424242"));

        Subscription subscription = subscriptionOf(fixture.retrieve(session));
        assertThat(subscription.getTrialEnd()).isEqualTo(end);
        assertThat(subscription.getMetadata()).isEqualTo(Map.of("vip", "true"));
        assertThat(subscription.getTrialSettings().getEndBehavior().getMissingPaymentMethod())
                .isEqualTo("create_invoice");
    }

    @Test
    void subscription_thatIsFree_isActiveAtOnce() throws StripeException {
        Session session =
                fixture.session(Selling.params(Mode.SUBSCRIPTION, 0, 1).build());

        fixture.submit(session.getUrl(), card("4242424242424242"));

        Session done = fixture.retrieve(session);
        assertThat(done.getPaymentStatus()).isEqualTo("no_payment_required");
        assertThat(subscriptionOf(done).getStatus()).isEqualTo("active");
        assertThat(fixture.eventTypes()).doesNotContain("customer.subscription.updated");
    }

    @Test
    void payment_thatIsFree_hasACustomerButNeitherMethodNorIntent() throws StripeException {
        Session session = fixture.session(Selling.params(Mode.PAYMENT, 0, 1).build());
        assertThat(session.getPaymentStatus()).isEqualTo("unpaid");
        assertThat(page(session)).contains("0.00 EUR").doesNotContain("card_number");

        assertThat(fixture.submit(session.getUrl(), CONTACT).statusCode()).isEqualTo(303);

        Session done = fixture.retrieve(session);
        assertThat(done.getPaymentStatus()).isEqualTo("no_payment_required");
        assertThat(done.getPaymentIntent()).isNull();
        assertThat(done.getCustomer()).startsWith("cus_");
        assertThat(fixture.eventTypes()).isEqualTo(List.of("customer.created", "checkout.session.completed"));
    }

    @Test
    void controls_sessionThatAsksForNoMethod_isCompletedAndCannotBeDeclined() throws StripeException {
        Session session = fixture.session(Selling.params(Mode.PAYMENT, 0, 1).build());
        String path = "/sessions/" + session.getId();

        assertThat(fixture.control("POST", path + "/decline", new JsonObject()).getString("error"))
                .contains("asks for no payment method");
        assertThat(fixture.control("POST", path + "/complete", new JsonObject()).getString("outcome"))
                .isEqualTo("completed");
        assertThat(fixture.settle(session.getId(), true).getString("error")).contains("no delayed payment");
    }

    private static LineItem once(long amount) {
        return LineItem.builder()
                .setQuantity(1L)
                .setPriceData(SessionCreateParams.LineItem.PriceData.builder()
                        .setCurrency("eur")
                        .setUnitAmount(amount)
                        .setProductData(SessionCreateParams.LineItem.PriceData.ProductData.builder()
                                .setName("Set-up")
                                .build())
                        .build())
                .build();
    }
}
