package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.debit;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import com.stripe.param.checkout.SessionCreateParams.PaymentMethodType;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscriptions whose first payment a bank decides about days after the session is complete. */
class DelayedPaymentTest {
    private static final String SUCCEEDED = "checkout.session.async_payment_succeeded";
    private static final String FAILED = "checkout.session.async_payment_failed";
    private static final String UPDATED = "customer.subscription.updated";

    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    @BeforeEach
    void start() {
        fixture.sandbox.clock().freeze();
    }

    private Session subscribedByDebit() throws StripeException {
        Session session = fixture.session(Selling.params(Mode.SUBSCRIPTION, 990, 1)
                .addPaymentMethodType(PaymentMethodType.CARD)
                .addPaymentMethodType(PaymentMethodType.SEPA_DEBIT)
                .build());
        assertThat(fixture.send(fixture.request(session.getUrl()).GET()).body()).contains("sepa_debit");
        assertThat(fixture.submit(session.getUrl(), debit()).statusCode()).isEqualTo(303);
        return fixture.retrieve(session);
    }

    private Subscription subscriptionOf(Session session) throws StripeException {
        return fixture.stripe.v1().subscriptions().retrieve(session.getSubscription());
    }

    @Test
    void subscription_byDebit_isUnpaidAndIncompleteUntilTheBankDecides() throws StripeException {
        Session done = subscribedByDebit();

        assertThat(done.getStatus()).isEqualTo("complete");
        assertThat(done.getPaymentStatus()).isEqualTo("unpaid");
        assertThat(done.getPaymentIntent()).isNull();
        assertThat(subscriptionOf(done).getStatus()).isEqualTo("incomplete");
        assertThat(subscriptionOf(done).getDefaultPaymentMethod()).isNull();
        assertThat(fixture.eventTypes())
                .containsExactly(
                        "customer.created",
                        "payment_method.attached",
                        "customer.subscription.created",
                        "checkout.session.completed");

        fixture.sandbox.clock().advance(Duration.ofDays(5));
        assertThat(subscriptionOf(done).getStatus()).isEqualTo("incomplete");
    }

    @Test
    void debit_thatTheSessionDoesNotOffer_isRefused() throws StripeException {
        Session session =
                fixture.session(Selling.params(Mode.SUBSCRIPTION, 990, 1).build());

        assertThat(fixture.submit(session.getUrl(), debit()).statusCode()).isEqualTo(422);
        assertThat(fixture.control(
                                "POST",
                                "/sessions/" + session.getId() + "/complete",
                                new JsonObject().put("method", "sepa_debit"))
                        .getString("error"))
                .contains("does not offer sepa_debit");
        assertThat(fixture.retrieve(session).getStatus()).isEqualTo("open");
    }

    @Test
    void settle_bankPays_activatesTheSubscriptionAndTellsOfBoth() throws StripeException {
        Session done = subscribedByDebit();
        fixture.sandbox.clock().advance(Duration.ofDays(5));

        assertThat(fixture.settle(done.getId(), true).getString("error")).isNull();

        Subscription subscription = subscriptionOf(done);
        assertThat(fixture.retrieve(done).getPaymentStatus()).isEqualTo("paid");
        assertThat(subscription.getStatus()).isEqualTo("active");
        assertThat(fixture.stripe
                        .v1()
                        .paymentMethods()
                        .retrieve(subscription.getDefaultPaymentMethod())
                        .getType())
                .isEqualTo("sepa_debit");
        assertThat(fixture.eventTypes()).endsWith(UPDATED, SUCCEEDED);
        assertThat(fixture.settle(done.getId(), false).getString("error")).contains("no delayed payment");
    }

    @Test
    void settle_bankRefusesAfterDays_endsTheSubscription() throws StripeException {
        Session done = subscribedByDebit();
        fixture.sandbox.clock().advance(Duration.ofDays(5));

        assertThat(fixture.settle(done.getId(), false).getString("error")).isNull();

        assertThat(fixture.retrieve(done).getPaymentStatus()).isEqualTo("unpaid");
        assertThat(fixture.retrieve(done).getStatus()).isEqualTo("complete");
        assertThat(subscriptionOf(done).getStatus()).isEqualTo("incomplete_expired");
        assertThat(subscriptionOf(done).getDefaultPaymentMethod()).isNull();
        assertThat(fixture.eventTypes()).endsWith(UPDATED, FAILED);
        assertThat(fixture.settle(done.getId(), true).getString("error")).contains("no delayed payment");
    }

    @Test
    void settle_bankRefusesAtOnce_endsTheSubscriptionAfterTwentyThreeHours() throws StripeException {
        Session done = subscribedByDebit();

        assertThat(fixture.settle(done.getId(), false).getString("error")).isNull();

        assertThat(subscriptionOf(done).getStatus()).isEqualTo("incomplete");
        assertThat(fixture.eventTypes()).endsWith(FAILED);
        fixture.sandbox.clock().advance(Duration.ofHours(23).minusSeconds(1));
        assertThat(subscriptionOf(done).getStatus()).isEqualTo("incomplete");
        fixture.sandbox.clock().advance(Duration.ofSeconds(1));
        assertThat(subscriptionOf(done).getStatus()).isEqualTo("incomplete_expired");
        assertThat(fixture.eventTypes()).endsWith(FAILED, UPDATED);
    }

    @Test
    void trial_byDebit_requiresNoPaymentAndWaitsForNoBank() throws StripeException {
        Session session = fixture.session(Selling.trial(7)
                .addPaymentMethodType(PaymentMethodType.SEPA_DEBIT)
                .build());

        fixture.submit(session.getUrl(), debit());

        Session done = fixture.retrieve(session);
        assertThat(done.getPaymentStatus()).isEqualTo("no_payment_required");
        assertThat(subscriptionOf(done).getStatus()).isEqualTo("trialing");
        assertThat(subscriptionOf(done).getDefaultPaymentMethod()).startsWith("pm_");
        assertThat(fixture.settle(done.getId(), true).getString("error")).contains("no delayed payment");
    }
}
