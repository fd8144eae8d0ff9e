package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Sold;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With a key that may read sessions and SetupIntents, and nothing of payments and subscriptions. */
class RestrictedKeyTest {
    private static final Set<String> ALLOWED = Set.of(
            "checkout_session_write",
            "customer_write",
            "setup_intent_read",
            "account_read",
            "event_read",
            "line_item_read");

    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("GATEWAY_CATCH_UP_INTERVAL", "P1D"));

    private static JsonObject run(String kind) {
        String path = "/api/v1/admin/" + kind;
        String id =
                GATEWAY.client().post(path, new JsonObject()).expect(201).json().getString("id");
        return Awaitility.await()
                .until(
                        () -> GATEWAY.client().get(path + "/" + id).expect(200).json(),
                        found -> !found.getString("state").equals("running"));
    }

    @Test
    void mirror_paymentsMayNotBeRead_goesOnWithoutPaymentMethodsAndHearsThemFromEvents() throws StripeException {
        // The look at start, which would fetch what is not delivered; the next one is a day away.
        Awaitility.await()
                .until(() -> await(GATEWAY.get().gateway().catchUpNow()).looked());
        GATEWAY.sandbox().deliveries().pause();
        List<Sold> all = List.of(
                Sold.in(Mode.PAYMENT, GATEWAY.sandbox(), GATEWAY.stripe()),
                Sold.in(Mode.SUBSCRIPTION, GATEWAY.sandbox(), GATEWAY.stripe()));
        GATEWAY.sandbox().restrictKey(GATEWAY.get().settings().get("STRIPE_API_KEY"), ALLOWED);

        assertThat(run("backfills").getString("state")).isEqualTo("completed");
        for (Sold sold : all) {
            JsonObject refreshed = GATEWAY.client()
                    .post("/api/v1/checkout-sessions/" + sold.sessionId() + "/refresh")
                    .expect(200)
                    .json();
            assertThat(refreshed.getMap())
                    .containsEntry("status", "complete")
                    .containsEntry("payment_status", "paid")
                    .doesNotContainKey("payment_method_id");
        }
        assertThat(run("drift-reports").getLong("differs")).isZero();

        leftOpenIsDue();
        await(GATEWAY.get().gateway().readOverdueNow());
        assertThat(
                        GATEWAY.database()
                                .rows(
                                        "SELECT read_due_at FROM checkout_gateway.checkout_sessions WHERE read_due_at IS NOT NULL"))
                .as("nobody asks again for what the key may not read")
                .isEmpty();

        GATEWAY.sandbox().deliveries().resume();
        GATEWAY.settle();
        for (Sold sold : all) {
            assertThat(GATEWAY.read(sold.sessionId()).getString("payment_method_id"))
                    .isEqualTo(sold.paymentMethodId());
        }
    }

    private static void leftOpenIsDue() {
        assertThat(GATEWAY.database()
                        .execute("UPDATE checkout_gateway.checkout_sessions"
                                + " SET read_due_at = now() - interval '1 second' WHERE read_due_at IS NOT NULL"))
                .isEqualTo(2);
    }
}
