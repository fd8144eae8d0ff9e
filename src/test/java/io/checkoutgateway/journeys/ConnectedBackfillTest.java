package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.soon;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions that other services opened in a connected account are copied and compared like those of the app's own. */
class ConnectedBackfillTest {
    private static final String BACKFILLS = "/api/v1/admin/backfills";
    private static final String REPORTS = "/api/v1/admin/drift-reports";
    private static final String SHOP = "acct_1BackfilledShop0";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        gateway.sandbox().connect(SHOP);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String openElsewhere() throws StripeException {
        return StripeClient.builder()
                .setApiKey(gateway.settings().getOrDefault("STRIPE_API_KEY", ""))
                .setApiBase(gateway.sandbox().baseUri().toString())
                .setStripeAccount(SHOP)
                .build()
                .v1()
                .checkout()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setMode(SessionCreateParams.Mode.SETUP)
                        .setCurrency("eur")
                        .setSuccessUrl("https://elsewhere.example/done")
                        .build())
                .getId();
    }

    private static JsonObject over(String runs, JsonObject wish) {
        String id = gateway.client().post(runs, wish).expect(201).json().getString("id");
        return Awaitility.await()
                .until(
                        () -> {
                            await(gateway.gateway().mirrorNow());
                            return gateway.client()
                                    .get(runs + "/" + id)
                                    .expect(200)
                                    .json();
                        },
                        run -> !run.getString("state").equals("running"));
    }

    private static JsonObject of(String account) {
        return new JsonObject().put("account", account);
    }

    @Test
    void backfill_ofAConnectedAccount_copiesItsSessionsAndTheReportAgrees() throws StripeException {
        List<String> sessions = List.of(openElsewhere(), openElsewhere(), openElsewhere());
        assertThat(over(BACKFILLS, new JsonObject()).getLong("seen"))
                .as("the app's own account")
                .isZero();
        JsonObject before = over(REPORTS, of(SHOP));
        assertThat(before.getLong("missing_here")).isEqualTo(3);

        JsonObject done = over(BACKFILLS, of(SHOP));

        assertThat(done.getString("state")).isEqualTo("completed");
        assertThat(done.getString("account")).isEqualTo(SHOP);
        assertThat(done.getLong("added")).isEqualTo(3);
        assertThat(done.getInteger("windows_done")).isEqualTo(done.getInteger("windows"));
        sessions.forEach(session -> assertThat(gateway.client()
                        .get("/api/v1/checkout-sessions/" + session)
                        .expect(200)
                        .json()
                        .getString("stripe_account_id"))
                .isEqualTo(SHOP));
        soon(() -> assertThat(gateway.database()
                        .rows("SELECT account FROM checkout_gateway.connected_accounts WHERE disconnected_at IS NULL"))
                .containsExactly(List.of(SHOP)));
        assertThat(over(REPORTS, of(SHOP)).getLong("missing_here")).isZero();
        assertThat(over(REPORTS, new JsonObject()).getLong("missing_at_stripe")).isZero();
        gateway.ledgers().agree();
    }

    @Test
    void backfill_keyWithoutAccessToItsOwnAccount_failsAtOnceAndSaysWhy() {
        gateway.sandbox()
                .faults()
                .add(
                        "GET",
                        "/v1/account",
                        100,
                        new Effect.Answer(
                                403,
                                Map.of(),
                                Map.of("type", "invalid_request_error", "code", "account_invalid", "message", "No."),
                                false));

        JsonObject failed = over(BACKFILLS, new JsonObject());

        gateway.sandbox().faults().clear();
        assertThat(failed.getString("failure")).isEqualTo("The app's key has no access to its own account");
    }

    @Test
    void backfill_ofAnAccountWithoutAccess_failsAtOnceAndSaysWhy() {
        JsonObject failed = over(BACKFILLS, of("acct_1Stranger"));

        assertThat(failed.getString("state")).isEqualTo("failed");
        assertThat(failed.getString("failure")).contains("no access", "acct_1Stranger");
        assertThat(gateway.client()
                        .post(BACKFILLS, of("cus_1"))
                        .expect(400)
                        .json()
                        .getJsonArray("invalid_parameters")
                        .getJsonObject(0)
                        .getString("field"))
                .isEqualTo("account");
    }
}
