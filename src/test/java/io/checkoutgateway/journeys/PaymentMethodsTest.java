package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.MirrorTruth;
import io.checkoutgateway.testing.Sold;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With which payment method the sessions of other services were paid: Stripe's session does not say. */
class PaymentMethodsTest {
    private static final String PULL = "/api/v1/admin/checkout-sessions/pull";
    private static final String REPORTS = "/api/v1/admin/drift-reports";

    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension();

    private static Sold sold(Mode mode) throws StripeException {
        return Sold.in(mode, GATEWAY.sandbox(), GATEWAY.stripe());
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"PAYMENT", "SUBSCRIPTION"})
    void paid_byEvents_namesThePaymentMethodAndIsFoundByIt(Mode mode) throws StripeException {
        Sold sold = sold(mode);
        GATEWAY.settle();

        assertThat(GATEWAY.read(sold.sessionId()).getString("payment_method_id"))
                .isEqualTo(sold.paymentMethodId());
        assertThat(GATEWAY.client()
                        .get("/api/v1/checkout-sessions?filter%5Bpayment_method_id%5D=" + sold.paymentMethodId())
                        .expect(200)
                        .json()
                        .getJsonArray("data"))
                .singleElement()
                .satisfies(found -> assertThat(((JsonObject) found).getString("stripe_session_id"))
                        .isEqualTo(sold.sessionId()));
        assertThat(GATEWAY.client()
                        .get("/api/v1/admin/events?filter%5Bobject_id%5D=" + sold.paymentId())
                        .expect(200)
                        .json()
                        .getJsonArray("data"))
                .isNotEmpty()
                .allSatisfy(event ->
                        assertThat(((JsonObject) event).getString("object_id")).isEqualTo(sold.paymentId()));
        MirrorTruth.of(GATEWAY).agree();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"PAYMENT", "SUBSCRIPTION"})
    void pull_nothingWasHeardOfThePayment_readsThePaymentMethodAlong(Mode mode) throws StripeException {
        GATEWAY.sandbox().deliveries().pause();
        Sold sold = sold(mode);

        JsonObject pulled = GATEWAY.client()
                .post(PULL, new JsonObject().put("stripe_session_id", sold.sessionId()))
                .expect(200)
                .json();

        assertThat(pulled.getString("payment_method_id")).isEqualTo(sold.paymentMethodId());
        GATEWAY.sandbox().deliveries().resume();
        GATEWAY.settle();
        MirrorTruth.of(GATEWAY).agree();
    }

    @Test
    void driftReport_paymentMethodThatWentAstray_isNamedAndMended() throws StripeException {
        Sold sold = sold(Mode.PAYMENT);
        GATEWAY.settle();
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET payment_method_id = NULL,"
                        + " payment_settled = NULL, payment_as_of = NULL WHERE stripe_session_id = '" + sold.sessionId()
                        + "'");

        String report = REPORTS + "/"
                + GATEWAY.client()
                        .post(REPORTS, new JsonObject().put("repair", true))
                        .expect(201)
                        .json()
                        .getString("id");
        JsonObject done = Awaitility.await()
                .until(() -> GATEWAY.client().get(report).expect(200).json(), run -> !run.getString("state")
                        .equals("running"));

        assertThat(done.getLong("repaired")).isEqualTo(1);
        assertThat(GATEWAY.client().get(report + "/findings").expect(200).json().getJsonArray("data"))
                .singleElement()
                .satisfies(finding -> assertThat(
                                ((JsonObject) finding).getJsonArray("fields").getList())
                        .isEqualTo(List.of("payment_method")));
        assertThat(GATEWAY.read(sold.sessionId()).getString("payment_method_id"))
                .isEqualTo(sold.paymentMethodId());
    }
}
