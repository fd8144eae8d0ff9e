package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.APPS;
import static io.checkoutgateway.testing.AppScene.soon;
import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.SandboxAccount;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that is started with a key of another account than its app's does nothing with it, so that nothing is lost. */
class ForeignKeyTest {
    private static final Set<String> NOT_ITS_ACCOUNT = Set.of("checkout_session_write", "customer_write");

    /** The database and Stripe. */
    private static TestGateway free;

    private final String namespace = "ns-" + UUID.randomUUID();
    private SandboxAccount own;
    private SandboxAccount other;

    @BeforeAll
    static void start() {
        free = TestGateway.startWithoutApps(Map.of());
    }

    @BeforeEach
    void accounts() {
        own = new SandboxAccount(free.sandbox());
        other = new SandboxAccount(free.sandbox());
    }

    @AfterEach
    void forgetFaults() {
        free.sandbox().faults().clear();
    }

    @AfterAll
    static void stop() {
        free.close();
    }

    private TestGateway with(String key) {
        return with(key, Map.of());
    }

    private TestGateway with(String key, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("STRIPE_API_KEY", key);
        settings.put("STRIPE_WEBHOOK_SECRET", TestGateway.SIGNING_SECRET);
        settings.put("STRIPE_RETRIES", "0");
        settings.put("GATEWAY_NAMESPACE", namespace);
        return free.replica(settings);
    }

    private Answer open(TestGateway gateway) {
        return gateway.client(namespace).post(checkoutSessionsOf(gateway.customer(namespace)), hosted());
    }

    private String status(TestGateway gateway) {
        return gateway.client(namespace)
                .get(APPS)
                .expect(200)
                .json()
                .getJsonArray("data")
                .getJsonObject(0)
                .getString("status");
    }

    private static int deliver(TestGateway gateway) {
        SignedEvent signed = SignedEvent.of(SignedEvent.event("customer.updated", new JsonObject().put("id", "cus_1"))
                .encode());
        return gateway.client()
                .with("Stripe-Signature", signed.signature())
                .post(gateway.webhookUrl().getPath(), signed.body())
                .status();
    }

    private List<List<String>> app(String columns) {
        return free.database()
                .rows("SELECT " + columns + " FROM checkout_gateway.apps WHERE namespace = '" + namespace + "'");
    }

    private List<List<String>> sessions(String columns) {
        return free.database()
                .rows("SELECT " + columns + " FROM checkout_gateway.checkout_sessions WHERE namespace = '" + namespace
                        + "' AND stripe_session_id IS NOT NULL");
    }

    private List<List<String>> followUps(String columns) {
        return free.database()
                .rows("SELECT " + columns
                        + " FROM checkout_gateway.follow_ups WHERE app_id IN (SELECT id FROM checkout_gateway.apps WHERE namespace = '"
                        + namespace + "')");
    }

    private void sessionsAreOverdue() {
        free.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET expires_at = now() - interval '1 hour',"
                        + " stripe_as_of = now() - interval '2 hours' WHERE namespace = '" + namespace + "'");
    }

    private void readingIsWishedFor() {
        free.database()
                .execute(
                        """
                        INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject)
                        SELECT app_id, 'read_session', stripe_session_id
                        FROM checkout_gateway.checkout_sessions WHERE namespace = '%s'
                        """
                                .formatted(namespace));
    }

    /** The gateway without a key takes part, and puts off what it finds. */
    private void followUpsAreDue() {
        free.database().execute("UPDATE checkout_gateway.follow_ups SET next_attempt_at = now() WHERE begun = 0");
    }

    private String caughtUpThrough() {
        return free.database()
                .rows(
                        """
                        SELECT max(through) FROM checkout_gateway.catch_ups c
                        JOIN checkout_gateway.apps a ON a.id = c.app_id WHERE a.namespace = '%s'
                        """
                                .formatted(namespace))
                .get(0)
                .get(0);
    }

    @Test
    void start_keyOfAnotherAccount_isNotUsedAndTheRightOneGoesOnWhereItWas() {
        try (TestGateway right = with(own.key("one"))) {
            open(right).expect(201);
            await(right.gateway().catchUpNow());
            assertThat(status(right)).isEqualTo("ready");
        }
        sessionsAreOverdue();
        readingIsWishedFor();
        String through = caughtUpThrough();

        try (TestGateway wrong = with(other.key("one"))) {
            assertThat(status(wrong)).isEqualTo("unauthorized");
            assertThat(open(wrong).expect(502).body()).contains("STRIPE_API_KEY", "another Stripe account");
            assertThat(deliver(wrong)).isEqualTo(503);
            await(wrong.gateway().catchUpNow());
            await(wrong.gateway().readOverdueNow());
            soon(() -> assertThat(followUps("outcome IS NOT NULL, attempts")).containsExactly(List.of("t", "0")));
        }
        assertThat(caughtUpThrough()).isEqualTo(through);
        assertThat(sessions("overdue_read_at IS NULL")).containsExactly(List.of("t"));
        assertThat(followUps("state")).containsExactly(List.of("pending"));
        assertThat(app("stripe_account_id")).containsExactly(List.of(own.id()));
        assertThat(free.sandbox().ledger().customers())
                .noneMatch(customer -> customer.account().equals(other.id()));

        try (TestGateway right = with(own.key("one"))) {
            assertThat(status(right)).isEqualTo("ready");
            soon(() -> {
                followUpsAreDue();
                assertThat(followUps("id")).isEmpty();
            });
            soon(() -> assertThat(sessions("stripe_as_of > now() - interval '1 hour'"))
                    .containsExactly(List.of("t")));
            assertThat(deliver(right)).isEqualTo(200);
        }
    }

    /** What a release did that believed every key. */
    @Test
    void start_sessionsThatStripeDidNotKnowBefore_areReadOnceMore() {
        try (TestGateway right = with(own.key("one"))) {
            open(right).expect(201);
        }
        sessionsAreOverdue();
        free.database().execute("UPDATE checkout_gateway.checkout_sessions SET overdue_read_at = 'infinity'");
        free.database().execute("UPDATE checkout_gateway.apps SET key_fingerprint = NULL");

        try (TestGateway right = with(own.key("one"))) {
            soon(() -> {
                await(right.gateway().readOverdueNow());
                assertThat(sessions("overdue_read_at < 'infinity', stripe_as_of > now() - interval '1 hour'"))
                        .containsExactly(List.of("t", "t"));
            });
        }
    }

    @Test
    void start_keyIsNotOfTheAccountThatTheSettingsName_isNotUsed() {
        try (TestGateway wrong = with(own.key("one"), Map.of("STRIPE_ACCOUNT_ID", other.id()))) {
            assertThat(status(wrong)).isEqualTo("unauthorized");
        }
        try (TestGateway right = with(own.key("one"), Map.of("STRIPE_ACCOUNT_ID", own.id()))) {
            assertThat(status(right)).isEqualTo("ready");
            open(right).expect(201);
        }
    }

    @Test
    void start_stripeDoesNotTellWhoseANewKeyIs_isNotUsedUntilItDoes() {
        with(own.key("one")).close();
        free.sandbox().faults().add("GET", "/v1/account", 1_000, Effect.unavailable());

        try (TestGateway gateway = with(own.key("two"))) {
            assertThat(open(gateway).expect(503).body()).contains("STRIPE_API_KEY");
            assertThat(deliver(gateway)).isEqualTo(503);

            free.sandbox().faults().clear();
            assertThat(await(gateway.gateway().workOnAppsNow())).isFalse();

            open(gateway).expect(201);
            assertThat(deliver(gateway)).isEqualTo(200);
        }
    }

    @Test
    void start_theSameKeyWhileStripeIsAway_isUsed() {
        with(own.key("one")).close();
        free.sandbox().faults().add("GET", "/v1/account", 1_000, Effect.unavailable());

        try (TestGateway gateway = with(own.key("one"))) {
            open(gateway).expect(201);
        }
    }

    @Test
    void start_keyMayNotReadItsAccount_isUsedWhereTheSettingsSayWhoseItIs() {
        with(own.key("one")).close();
        free.sandbox().restrictKey(own.key("two"), NOT_ITS_ACCOUNT);

        try (TestGateway gateway = with(own.key("two"))) {
            open(gateway).expect(503);
        }
        try (TestGateway gateway = with(own.key("two"), Map.of("STRIPE_ACCOUNT_ID", own.id()))) {
            open(gateway).expect(201);
        }
    }
}
