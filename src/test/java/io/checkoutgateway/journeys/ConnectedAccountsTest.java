package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.events.DeliveryMode;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What keeps the mirror true looks for a session in the account that it lies in. */
class ConnectedAccountsTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions";
    private static final String REPORTS = "/api/v1/admin/drift-reports";
    private static final String CONNECTED = "acct_1ConnectedShop00";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of(), SandboxOptions.defaults().withConnectedAccounts(Set.of(CONNECTED)));
    }

    @AfterEach
    void ledgersAgree() {
        deliver(true);
        gateway.ledgers().agree();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void deliver(boolean all) {
        gateway.sandbox().deliveries().mode(all ? DeliveryMode.kind() : new DeliveryMode(false, 0, 1, Duration.ZERO));
    }

    /** Opens a session; answers Stripe's id of it. */
    private static String open(@Nullable String account) {
        JsonObject body = new JsonObject()
                .put("customer", new JsonObject().put("id", gateway.customer()))
                .put(
                        "stripe_options",
                        new JsonObject()
                                .put("success_url", "https://shop.example/done")
                                .put("currency", "EUR"));
        if (account != null) {
            body.put("stripe_account", account);
        }
        String session =
                gateway.client().post(SESSIONS, body).expect(201).json().getString("stripe_session_id");
        gateway.settle();
        return session;
    }

    private static String statusOf(String stripeId) {
        return gateway.client()
                .get(SESSIONS + "/" + stripeId)
                .expect(200)
                .json()
                .getString("status");
    }

    private static JsonObject over(String report) {
        return Awaitility.await()
                .until(
                        () -> {
                            await(gateway.gateway().mirrorNow());
                            return gateway.client()
                                    .get(REPORTS + "/" + report)
                                    .expect(200)
                                    .json();
                        },
                        run -> !run.getString("state").equals("running"));
    }

    private static String repairingReport() {
        return gateway.client()
                .post(REPORTS, new JsonObject().put("repair", true))
                .expect(201)
                .json()
                .getString("id");
    }

    @Test
    void create_inAnAccountOfSomebodyElses_isTheCallersMistake() {
        JsonObject body = new JsonObject()
                .put("customer", new JsonObject().put("id", gateway.customer()))
                .put("stripe_account", "acct_ofSomebodyElse")
                .put(
                        "stripe_options",
                        new JsonObject()
                                .put("success_url", "https://shop.example/done")
                                .put("currency", "EUR"));

        JsonObject problem = gateway.client().post(SESSIONS, body).expect(422).json();

        assertThat(problem.getString("code")).isEqualTo("stripe_refused");
        assertThat(problem.getJsonArray("invalid_parameters").getJsonObject(0).getMap())
                .containsEntry("field", "stripe_account")
                .containsEntry("pointer", "/stripe_account");
    }

    @Test
    void driftRepair_aSessionInEachAccount_leavesBothAsTheyAre() {
        String own = open(null);
        String connected = open(CONNECTED);

        JsonObject report = over(repairingReport());

        assertThat(report.getString("state")).isEqualTo("completed");
        assertThat(report.getLong("missing_at_stripe")).isZero();
        assertThat(List.of(statusOf(own), statusOf(connected))).containsOnly("open");
    }

    @Test
    void driftRepair_findingAboutAConnectedSession_isJudgedByItsAccount() {
        String connected = open(CONNECTED);
        String report = repairingReport();
        over(report);
        gateway.database()
                .execute("INSERT INTO checkout_gateway.mirror_findings (run_id, stripe_session_id, kind, state)"
                        + " VALUES ('%s', '%s', 'missing_at_stripe', 'confirmed')".formatted(report, connected));

        gateway.client().post(REPORTS + "/" + report + "/repair").expect(200);

        assertThat(over(report).getString("state")).isEqualTo("completed");
        assertThat(statusOf(connected)).isEqualTo("open");
    }

    @Test
    void overdue_connectedSessionExpired_isReadInItsAccount() throws StripeException {
        String session = open(CONNECTED);
        deliver(false);
        connected().v1().checkout().sessions().expire(session);
        deliver(true);
        anHourPastItsEnd(session);

        await(gateway.gateway().readOverdueNow());

        assertThat(statusOf(session)).isEqualTo("expired");
    }

    @Test
    void overdue_connectedSessionPaid_isReadInItsAccount() {
        String session = open(CONNECTED);
        deliver(false);
        HostedPage.of(gateway.sandbox(), session).pay(HostedPage.GOOD_CARD);
        deliver(true);
        anHourPastItsEnd(session);

        await(gateway.gateway().readOverdueNow());

        assertThat(statusOf(session)).isEqualTo("complete");
    }

    private static StripeClient connected() {
        return StripeClient.builder()
                .setApiKey(gateway.settings().getOrDefault("STRIPE_API_KEY", ""))
                .setApiBase(gateway.sandbox().baseUri().toString())
                .setStripeAccount(CONNECTED)
                .build();
    }

    private static void anHourPastItsEnd(String stripeId) {
        assertThat(statusOf(stripeId)).as("no event told").isEqualTo("open");
        assertThat(gateway.database()
                        .execute("UPDATE checkout_gateway.checkout_sessions SET expires_at = now() - interval '1 hour',"
                                + " stripe_as_of = now() - interval '2 hours' WHERE stripe_session_id = '"
                                + stripeId + "'"))
                .isEqualTo(1);
    }
}
