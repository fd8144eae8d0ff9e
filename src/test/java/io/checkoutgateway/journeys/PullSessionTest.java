package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One session by Stripe's id, known here or not. */
class PullSessionTest {
    private static final String PULL = "/api/v1/admin/checkout-sessions/pull";

    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension();

    private static String openedByOthers() throws StripeException {
        return GATEWAY.stripe()
                .v1()
                .checkout()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setMode(SessionCreateParams.Mode.SETUP)
                        .setCurrency("eur")
                        .setSuccessUrl("https://example.com/done")
                        .build())
                .getId();
    }

    private static JsonObject of(String stripeSessionId) {
        return new JsonObject().put("stripe_session_id", stripeSessionId);
    }

    private static List<List<String>> audited(String sessionId) {
        return GATEWAY.database()
                .rows("SELECT before_hash IS NULL FROM checkout_gateway.audit_log WHERE action ="
                        + " 'checkout_session.pulled' AND resource = 'checkout_session:" + sessionId + "'");
    }

    @Test
    void pull_sessionOfAnotherService_isKeptAndToldOnce() throws StripeException {
        String stripeId = openedByOthers();
        GATEWAY.client().get("/api/v1/checkout-sessions/" + stripeId).expect(404);

        JsonObject pulled =
                GATEWAY.client().post(PULL, of(stripeId)).expect(200).json();

        assertThat(pulled.getString("status")).isEqualTo("open");
        assertThat(GATEWAY.read(stripeId).getString("id")).isEqualTo(pulled.getString("id"));
        GATEWAY.client().post(PULL, of(stripeId)).expect(200);
        assertThat(audited(pulled.getString("id"))).containsExactly(List.of("t"));
    }

    @Test
    void pull_sessionThatIsKnown_isReadAgain() {
        JsonObject session = GATEWAY.openSession();

        JsonObject pulled = GATEWAY.client()
                .post(PULL, of(session.getString("session_id")))
                .expect(200)
                .json();

        assertThat(pulled.getString("id"))
                .isEqualTo(GATEWAY.read(session.getString("session_id")).getString("id"));
    }

    @Test
    void pull_sessionThatStripeDoesNotHave_isNotFoundInStripesWords() {
        JsonObject problem =
                GATEWAY.client().post(PULL, of("cs_test_none")).expect(404).json();

        assertThat(problem.getString("detail")).contains("No such checkout").contains("cs_test_none");
    }

    @Test
    void pull_byAnotherNamespace_findsNoApp() throws StripeException {
        String stripeId = openedByOthers();
        ContractClient stranger = GATEWAY.get().client("stranger");
        String app = TestGateway.await(GATEWAY.get().gateway().app()).id();

        stranger.post(PULL, of(stripeId)).expect(404);
        stranger.post(PULL, of(stripeId).put("app_id", app)).expect(404);

        GATEWAY.client().get("/api/v1/checkout-sessions/" + stripeId).expect(404);
        GATEWAY.client().post(PULL, of(stripeId).put("app_id", app)).expect(200);
    }

    @Test
    void pull_whatIsNoSession_isRefused() {
        JsonObject problem =
                GATEWAY.client().post(PULL, of("seti_1")).expect(400).json();

        assertThat(problem.getJsonArray("invalid_parameters").getJsonObject(0).getString("field"))
                .isEqualTo("stripe_session_id");
    }
}
