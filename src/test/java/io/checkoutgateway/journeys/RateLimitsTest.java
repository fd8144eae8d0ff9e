package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.TestGateway.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.access.Scope;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.MovableClock;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.TestIdentityProvider;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever asks too often waits, at whichever replica; others do not. Nothing refills unless the clock is moved. */
class RateLimitsTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions";
    private static final String BUCKETS = "checkout_gateway.rate_limit_buckets";

    /** Below 20, of which no replica gives out a part on its own. */
    private static final int BURST = 10;

    private static final int CREATES = 3;

    private static final MovableClock CLOCK = new MovableClock();
    private static TestIdentityProvider provider;
    private static TestGateway gateway;
    private static TestGateway replica;

    @BeforeAll
    static void start() {
        provider = TestIdentityProvider.start();
        Map<String, String> settings = new HashMap<>(provider.settings());
        settings.putAll(Map.of(
                "GATEWAY_RATE_REQUESTS_PER_SECOND", "2",
                "GATEWAY_RATE_REQUESTS_BURST", Integer.toString(BURST),
                "GATEWAY_RATE_CREATES_PER_MINUTE", Integer.toString(CREATES)));
        gateway = TestGateway.start(settings, CLOCK);
        replica = gateway.replica();
        // Both have the provider's keys; what they refuse before is not counted.
        String token = provider.token("warm", "sessions:read");
        for (ContractClient client : bothWith(token)) {
            Awaitility.await().until(() -> client.get(SESSIONS).status() != 503);
        }
    }

    @AfterAll
    static void stop() {
        replica.close();
        gateway.close();
        provider.close();
    }

    /** The same credential at the one replica and at the other. */
    private static List<ContractClient> bothWith(String credential) {
        return List.of(new ContractClient(gateway.url(), credential), new ContractClient(replica.url(), credential));
    }

    /** Whose key has not asked for anything yet. */
    private static ContractClient client() {
        return gateway.client(NAMESPACE);
    }

    private static List<Answer> ask(List<ContractClient> clients, int times) {
        List<Answer> answers = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            answers.add(clients.get(time % clients.size()).get(SESSIONS));
        }
        return answers;
    }

    /** A request that Postgres did not count within two seconds is let in, and then the story is told anew. */
    private static void counted(Runnable story) {
        Awaitility.await().until(() -> {
            double before = uncounted();
            try {
                story.run();
                return true;
            } catch (AssertionError failure) {
                if (uncounted() == before) {
                    throw failure;
                }
                return false;
            }
        });
    }

    private static double uncounted() {
        return Stream.of(gateway, replica)
                .mapToDouble(
                        one -> one.metric("gateway_rate_limit_uncounted_total").orElseThrow())
                .sum();
    }

    @Test
    void request_burstOverTwoReplicas_isGrantedOnceInAll() {
        counted(() -> {
            List<Answer> answers = ask(bothWith(gateway.key()), BURST + 4);

            assertThat(answers.subList(0, BURST)).allMatch(answer -> answer.status() == 200);
            assertThat(answers.subList(BURST, BURST + 4)).allMatch(answer -> answer.status() == 429);
        });
    }

    @Test
    void request_granted_tellsWhereTheCallerStands() {
        counted(() -> {
            List<Answer> answers = ask(bothWith(gateway.key()), 2);

            assertThat(answers)
                    .allMatch(answer -> answer.header("RateLimit-Policy").equals("\"credential\";q=10;w=5"));
            assertThat(answers)
                    .extracting(answer -> answer.header("RateLimit"))
                    .containsExactly("\"credential\";r=9;t=1", "\"credential\";r=8;t=1");
        });
    }

    @Test
    void request_oneTooMany_isToldWhenToComeAgainAndIsLetInThen() {
        counted(() -> {
            List<ContractClient> clients = bothWith(gateway.key());
            ask(clients, BURST);

            Answer refused = clients.get(0).get(SESSIONS).expect(429);

            assertThat(refused.json().getString("code")).isEqualTo("rate_limited");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.header("RateLimit")).isEqualTo("\"credential\";r=0;t=1");
            CLOCK.advance(Duration.ofMillis(500));
            clients.get(1).get(SESSIONS).expect(200);
            clients.get(1).get(SESSIONS).expect(429);
        });
    }

    @Test
    void request_refusedForItsScope_isCountedToo() {
        counted(() -> {
            ContractClient client = new ContractClient(gateway.url(), gateway.key(NAMESPACE, Scope.CUSTOMERS_READ));
            ask(List.of(client), BURST);

            assertThat(client.get(SESSIONS).status()).isEqualTo(429);
        });
    }

    @Test
    void request_anotherCredential_hasARateOfItsOwn() {
        counted(() -> {
            ask(bothWith(gateway.key()), BURST + 1);

            assertThat(ask(bothWith(gateway.key()), 1)).allMatch(answer -> answer.status() == 200);
        });
    }

    @Test
    void request_tokens_shareTheRateOfTheirSubjectInTheirNamespace() {
        counted(() -> {
            ask(bothWith(provider.token(NAMESPACE, "sessions:read")), BURST);

            assertThat(ask(bothWith(provider.token(NAMESPACE, "admin")), 1)).allMatch(answer -> answer.status() == 429);
            assertThat(ask(bothWith(provider.token("another", "admin")), 1)).allMatch(answer -> answer.status() == 200);
        });
    }

    @Test
    void create_tooManyForOneCustomer_waitsAndOtherCustomersDoNot() {
        counted(() -> {
            String customer = gateway.customer();
            List<ContractClient> clients = bothWith(gateway.key());
            for (int time = 0; time < CREATES; time++) {
                Answer granted = clients.get(time % 2)
                        .post(checkoutSessionsOf(customer), hosted())
                        .expect(201);
                assertThat(granted.header("RateLimit-Policy"))
                        .isEqualTo("\"credential\";q=10;w=5, \"customer\";q=3;w=60");
            }

            Answer refused =
                    clients.get(1).post(checkoutSessionsOf(customer), hosted()).expect(429);

            assertThat(refused.header("Retry-After")).isEqualTo("20");
            assertThat(refused.json().getString("detail")).startsWith("The customer may ask for 3 within 60 s");
            clients.get(0)
                    .post(checkoutSessionsOf(gateway.customer()), hosted())
                    .expect(201);
        });
    }

    @Test
    void create_onTheOwnFamily_countsForTheSameCustomer() {
        counted(() -> {
            String key = UUID.randomUUID().toString();
            JsonObject customer = client().post(
                            "/api/v3/openmeter/customers",
                            new JsonObject()
                                    .put("key", key)
                                    .put("name", "Limited")
                                    .put("currency", "EUR"))
                    .expect(201)
                    .json();
            String id = customer.getString("id");
            ContractClient client = client();
            client.post(checkoutSessionsOf(id), hosted()).expect(201);
            client.post("/api/v1/checkout-sessions", own("id", id)).expect(201);
            client.post("/api/v1/checkout-sessions", own("key", key)).expect(201);

            client.post("/api/v1/checkout-sessions", own("id", id)).expect(429);
            client.post("/api/v1/checkout-sessions", own("key", key)).expect(429);
        });
    }

    private static JsonObject own(String name, String value) {
        return new JsonObject(hosted().encode()).put("customer", new JsonObject().put(name, value));
    }

    @Test
    void portal_countsWithTheCheckoutsOfItsCustomer() {
        counted(() -> {
            String customer = gateway.customer();
            String portal = "/api/v3/openmeter/customers/" + customer + "/billing/stripe/portal-sessions";
            JsonObject options = new JsonObject().put("stripe_options", new JsonObject());
            ContractClient client = client();
            for (int time = 1; time < CREATES; time++) {
                client.post(portal, options).expect(201);
            }
            client.post(checkoutSessionsOf(customer), hosted()).expect(201);

            Answer refused = client.post(portal, options).expect(429);

            assertThat(refused.json().getString("detail")).startsWith("The customer may ask for 3 within 60 s");
        });
    }

    @Test
    void create_notValid_isNotCountedForTheCustomer() {
        String customer = gateway.customer();
        ContractClient client = client();
        for (int time = 0; time < CREATES; time++) {
            client.post(checkoutSessionsOf(customer), "{}").expect(400);
        }

        client.post(checkoutSessionsOf(customer), hosted()).expect(201);
    }

    @Test
    void webhook_hasNoLimitOfItsCallers() {
        ContractClient stripe = client().anonymous();
        for (int time = 0; time < BURST + 2; time++) {
            SignedEvent event = SignedEvent.of(
                    SignedEvent.event("product.created", new JsonObject()).encode());
            Answer answer = stripe.with("Stripe-Signature", event.signature())
                    .post(gateway.webhookUrl().getPath(), event.body())
                    .expect(200);
            assertThat(answer.header("RateLimit")).isEmpty();
        }
    }

    @Test
    void request_countsCannotBeHad_goesOnUncounted() {
        List<ContractClient> clients = bothWith(gateway.key());
        gateway.database().execute("ALTER TABLE " + BUCKETS + " RENAME TO rate_limit_away");
        try {
            List<Answer> answers = ask(clients, BURST + 2);

            assertThat(answers).allMatch(answer -> answer.status() == 200);
            assertThat(answers).allMatch(answer -> answer.header("RateLimit").isEmpty());
        } finally {
            gateway.database().execute("ALTER TABLE checkout_gateway.rate_limit_away RENAME TO rate_limit_buckets");
        }
        assertThat(ask(clients, 1).get(0).header("RateLimit")).isEqualTo("\"credential\";r=9;t=1");
    }

    @Test
    void forget_bucketsThatAreFullAgain_areGone() {
        ask(bothWith(gateway.key()), 1);
        gateway.database().execute("UPDATE " + BUCKETS + " SET expires_at = now() - interval '1 second'");

        TestGateway.await(gateway.gateway().forgetNow());

        assertThat(gateway.database().rows("SELECT id FROM " + BUCKETS)).isEmpty();
    }
}
