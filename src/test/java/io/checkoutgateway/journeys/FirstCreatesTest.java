package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.Gateway;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.TestGateway;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** However many ask for a customer's first session at once, Stripe gets the customer once. */
class FirstCreatesTest {
    private static final int CALLERS = 50;

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    @Test
    void createSession_fiftyFirstOnesAtOnce_makeOneStripeCustomer() {
        String customer = GATEWAY.customer();

        assertAllOpened(customer, List.of(GATEWAY.client()));
    }

    @Test
    void createSession_fiftyFirstOnesAtTwoReplicas_makeOneStripeCustomer() {
        String customer = GATEWAY.customer();
        Gateway replica = await(Gateway.start(Settings.of(GATEWAY.get().settings()), Clock.systemUTC()));
        try {
            ContractClient second = new ContractClient(
                    URI.create("http://127.0.0.1:" + replica.port()),
                    GATEWAY.get().key());

            assertAllOpened(customer, List.of(GATEWAY.client(), second));
        } finally {
            await(replica.close());
        }
    }

    /** As many processes as a busy day runs; each shares calls among its own callers only. */
    @Test
    void createSession_firstOnesAtEightReplicas_makeOneStripeCustomer() {
        String customer = GATEWAY.customer();
        List<TestGateway> replicas = IntStream.range(0, 8)
                .mapToObj(i -> GATEWAY.get().replica(Map.of("DATABASE_POOL_SIZE", "2")))
                .toList();
        try {
            assertAllOpened(customer, replicas.stream().map(TestGateway::client).toList());
        } finally {
            replicas.forEach(TestGateway::close);
        }
    }

    private static void assertAllOpened(String customer, List<ContractClient> clients) {
        List<CompletableFuture<Answer>> under = IntStream.range(0, CALLERS)
                .mapToObj(i -> clients.get(i % clients.size()).postAsync(checkoutSessionsOf(customer), hosted()))
                .toList();
        List<String> stripeCustomers = under.stream()
                .map(each -> each.join().expect(201).json().getString("stripe_customer_id"))
                .distinct()
                .toList();

        assertThat(stripeCustomers).hasSize(1);
        assertThat(GATEWAY.sandbox().ledger().customersWithMetadata("om_customer_id", customer))
                .hasSize(1);
        assertThat(GATEWAY.sandbox().ledger().sessionsWithMetadata("om_customer_id", customer))
                .hasSize(CALLERS);
    }
}
