package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import com.stripe.param.checkout.SessionCreateParams.PaymentMethodType;
import io.checkoutgateway.testing.EventReader;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.PlainHttp;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever waits for "done" hears of the money, too. */
class WatchPaymentTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static String sessionByDebit() throws StripeException {
        return GATEWAY.stripe()
                .v1()
                .checkout()
                .sessions()
                .create(Selling.params(Mode.PAYMENT, 2_500, 1)
                        .addPaymentMethodType(PaymentMethodType.SEPA_DEBIT)
                        .build())
                .getId();
    }

    private static void bankPays(String sessionId) {
        URI settle = URI.create(GATEWAY.sandbox().baseUri() + "/_sandbox/sessions/" + sessionId + "/settle");
        HttpRequest.Builder paid = HttpRequest.newBuilder(settle)
                .POST(BodyPublishers.ofString(new JsonObject().put("paid", true).encode()));
        assertThat(PlainHttp.send(paid).statusCode()).isEqualTo(200);
    }

    @Test
    void watch_completeButUnpaid_staysUntilTheBankHasPaid() throws Exception {
        String sessionId = sessionByDebit();
        assertThat(HostedPage.of(GATEWAY.sandbox(), sessionId).payByDebit()).isEqualTo(303);
        GATEWAY.settle();
        try (EventReader reader = GATEWAY.client().watch("/api/v1/checkout-sessions/" + sessionId + "/events")) {
            JsonObject now =
                    reader.untilType("checkout_session.snapshot").data().get(0);
            assertThat(now.getMap()).containsEntry("status", "complete").containsEntry("payment_status", "unpaid");
            assertThat(reader.lastId()).doesNotEndWith("-last");

            bankPays(sessionId);
            reader.untilEnd();

            assertThat(reader.types()).endsWith("checkout_session.updated");
            assertThat(reader.data()).last().satisfies(last -> assertThat(last.getString("payment_status"))
                    .isEqualTo("paid"));
            assertThat(reader.lastId()).endsWith("-last");
        }
    }
}
