package io.checkoutgateway.customers;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.Gateway;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One counterpart at Stripe for each customer, whoever asks at once. */
class StripeCustomersTest {
    private static final String CUSTOMERS = "/v1/customers";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("STRIPE_RETRIES", "0"));
    }

    @AfterEach
    void ledgersAgree() {
        gateway.sandbox().faults().clear();
        gateway.ledgers().agree();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static long creating(String customer) {
        return gateway.database()
                .rows(
                        "SELECT id FROM checkout_gateway.checkout_sessions WHERE status = 'creating' AND customer_id = '%s'"
                                .formatted(customer))
                .size();
    }

    @Test
    void ensure_manyAtOnce_shareOneCall() {
        String customer = gateway.customer();
        Fault held = gateway.sandbox().faults().add("POST", CUSTOMERS, 100, Effect.holdBefore());
        ContractClient client = gateway.client();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            answers.add(client.postAsync(checkoutSessionsOf(customer), hosted()));
        }
        Awaitility.await().until(() -> creating(customer) == 8);

        held.release();

        answers.forEach(answer -> answer.join().expect(201));
        assertThat(held.hits()).isEqualTo(1);
    }

    @Test
    void ensure_twoReplicasAtOnce_makeOneCustomer() {
        String customer = gateway.customer();
        Gateway replica = TestGateway.await(Gateway.start(Settings.of(gateway.settings())));
        try {
            String key = TestGateway.await(
                            replica.apiKeys().issue(TestGateway.NAMESPACE, "replica", Set.of(Scope.ADMIN), null))
                    .reveal();
            ContractClient other = new ContractClient(URI.create("http://127.0.0.1:" + replica.port()), key);
            Fault slow = gateway.sandbox().faults().once("POST", CUSTOMERS, Effect.holdAfter());

            CompletableFuture<Answer> first = gateway.client().postAsync(checkoutSessionsOf(customer), hosted());
            TestGateway.await(slow.struck());
            CompletableFuture<Answer> second = other.postAsync(checkoutSessionsOf(customer), hosted());

            second.join().expect(201);
            slow.release();
            first.join().expect(201);
        } finally {
            TestGateway.await(replica.close());
        }
    }

    /** What Stripe refused must not be asked for ever after the customer was put right. */
    @Test
    void ensure_customerChangedAfterARefusal_isMadeAnew() {
        String customer = gateway.customer();
        Effect refusal = new Effect.Answer(
                400,
                Map.of(),
                Map.of("type", "invalid_request_error", "param", "email", "message", "Invalid email address"),
                false);
        gateway.sandbox().faults().add("POST", CUSTOMERS, 2, refusal);

        Answer refused =
                gateway.client().post(checkoutSessionsOf(customer), hosted()).expect(422);
        assertThat(refused.json().getString("detail")).contains("The customer", "Invalid email address");
        assertThat(refused.json().containsKey("invalid_parameters"))
                .as("the request has no such parameter")
                .isFalse();
        gateway.database()
                .execute("UPDATE checkout_gateway.customers SET primary_email = 'right@example.com' WHERE id = '%s'"
                        .formatted(customer));

        JsonObject opened = gateway.client()
                .post(checkoutSessionsOf(customer), hosted())
                .expect(201)
                .json();

        assertThat(opened.getString("stripe_customer_id")).startsWith("cus_");
    }
}
