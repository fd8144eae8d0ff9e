package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import com.stripe.param.checkout.SessionCreateParams.PaymentMethodCollection;
import com.stripe.param.checkout.SessionCreateParams.PaymentMethodType;
import io.checkoutgateway.testing.EventReader;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.MirrorTruth;
import io.checkoutgateway.testing.PlainHttp;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions of other services that are complete without money: nothing is due, or the bank has not decided. */
class MirroredSalesTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static String opened(SessionCreateParams.Builder params) throws StripeException {
        return GATEWAY.stripe()
                .v1()
                .checkout()
                .sessions()
                .create(params.build())
                .getId();
    }

    private static HostedPage page(String sessionId) {
        return HostedPage.of(GATEWAY.sandbox(), sessionId);
    }

    private static Session atStripe(String sessionId) throws StripeException {
        return GATEWAY.stripe().v1().checkout().sessions().retrieve(sessionId);
    }

    private static String methodOf(Session session) throws StripeException {
        return GATEWAY.stripe()
                .v1()
                .subscriptions()
                .retrieve(session.getSubscription())
                .getDefaultPaymentMethod();
    }

    private static String subscribedByDebit() throws StripeException {
        String sessionId =
                opened(Selling.params(Mode.SUBSCRIPTION, 990, 1).addPaymentMethodType(PaymentMethodType.SEPA_DEBIT));
        assertThat(page(sessionId).payByDebit()).isEqualTo(303);
        return sessionId;
    }

    private static void bankDecides(String sessionId, boolean paid) {
        URI settle = URI.create(GATEWAY.sandbox().baseUri() + "/_sandbox/sessions/" + sessionId + "/settle");
        HttpRequest.Builder decision = HttpRequest.newBuilder(settle)
                .POST(BodyPublishers.ofString(new JsonObject().put("paid", paid).encode()));
        assertThat(PlainHttp.send(decision).statusCode()).isEqualTo(200);
    }

    /** The session is at its end with that payment status, here as at Stripe, and whoever watches hears no more. */
    private static JsonObject ended(String sessionId, String paymentStatus) throws Exception {
        GATEWAY.settle();
        MirrorTruth.of(GATEWAY).agree();
        try (EventReader reader = GATEWAY.client().watch("/api/v1/checkout-sessions/" + sessionId + "/events")) {
            reader.untilEnd();
            assertThat(reader.lastId()).endsWith("-last");
        }
        JsonObject mirrored = GATEWAY.read(sessionId);
        assertThat(mirrored.getMap())
                .containsEntry("status", "complete")
                .containsEntry("payment_status", paymentStatus);
        return mirrored;
    }

    @Test
    void trial_byCard_isCompleteWithNothingRequiredAndNamesTheCard() throws Exception {
        String sessionId = opened(Selling.trial(14));
        assertThat(page(sessionId).pay(HostedPage.GOOD_CARD)).isEqualTo(303);

        JsonObject mirrored = ended(sessionId, "no_payment_required");

        assertThat(mirrored.getString("subscription_id"))
                .isEqualTo(atStripe(sessionId).getSubscription());
        assertThat(mirrored.getString("payment_method_id")).isEqualTo(methodOf(atStripe(sessionId)));
        assertThat(mirrored.getLong("amount_total")).isZero();
    }

    @Test
    void trial_withoutPaymentMethod_isCompleteWithNothingRequired() throws Exception {
        String sessionId = opened(Selling.trial(14).setPaymentMethodCollection(PaymentMethodCollection.IF_REQUIRED));
        assertThat(page(sessionId).confirm()).isEqualTo(303);

        JsonObject mirrored = ended(sessionId, "no_payment_required");

        assertThat(mirrored.getString("subscription_id")).startsWith("sub_");
        assertThat(mirrored.getString("payment_method_id")).isNull();
    }

    @Test
    void payment_ofNothing_isCompleteWithoutPaymentIntent() throws Exception {
        String sessionId = opened(Selling.params(Mode.PAYMENT, 0, 1));
        assertThat(page(sessionId).confirm()).isEqualTo(303);

        JsonObject mirrored = ended(sessionId, "no_payment_required");

        assertThat(mirrored.getString("payment_intent_id")).isNull();
        assertThat(mirrored.getString("payment_method_id")).isNull();
    }

    @Test
    void subscription_byDebit_isUnpaidUntilTheBankHasPaidAndThenNamesTheMethod() throws Exception {
        String sessionId = subscribedByDebit();
        GATEWAY.settle();
        MirrorTruth.of(GATEWAY).agree();
        assertThat(GATEWAY.read(sessionId).getMap())
                .containsEntry("status", "complete")
                .containsEntry("payment_status", "unpaid");
        assertThat(GATEWAY.read(sessionId).getString("payment_method_id")).isNull();

        bankDecides(sessionId, true);

        assertThat(ended(sessionId, "paid").getString("payment_method_id"))
                .startsWith("pm_")
                .isEqualTo(methodOf(atStripe(sessionId)));
    }

    @Test
    void subscription_debitThatTheBankRefuses_staysCompleteAndUnpaid() throws Exception {
        String sessionId = subscribedByDebit();

        bankDecides(sessionId, false);

        GATEWAY.settle();
        MirrorTruth.of(GATEWAY).agree();
        assertThat(GATEWAY.read(sessionId).getMap())
                .containsEntry("status", "complete")
                .containsEntry("payment_status", "unpaid");
    }
}
