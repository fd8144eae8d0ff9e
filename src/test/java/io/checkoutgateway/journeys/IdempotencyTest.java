package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that comes twice is done once, and answered alike. */
class IdempotencyTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("STRIPE_RETRIES", "0"));

    private static final String CUSTOMERS = "/api/v3/openmeter/customers";
    private static final String STRIPE_SESSIONS = "/v1/checkout/sessions";

    private final String customer = GATEWAY.customer();
    private final String path = checkoutSessionsOf(customer);
    private final ContractClient client =
            GATEWAY.client().with("Idempotency-Key", UUID.randomUUID().toString());

    private static void assertReplayed(Answer replay, Answer first) {
        assertThat(replay.status()).isEqualTo(first.status());
        assertThat(replay.body()).isEqualTo(first.body());
        assertThat(replay.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(replay.header("Location")).isEqualTo(first.header("Location"));
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(replay.header("Idempotent-Replayed")).isEqualTo("true");
    }

    private long sessionsAtStripe() {
        return GATEWAY.sandbox()
                .ledger()
                .sessionsWithMetadata("om_customer_id", customer)
                .size();
    }

    @Test
    void createSession_sameKeySameBody_isAnsweredWithTheSameBytes() {
        Answer first = client.post(path, hosted()).expect(201);

        Answer replay = client.post(path, hosted());

        assertReplayed(replay, first);
        assertThat(sessionsAtStripe()).isEqualTo(1);
        assertThat(replay.header("X-Request-Id")).isNotEqualTo(first.header("X-Request-Id"));
    }

    @Test
    void createSession_membersInOtherOrderAndSpacing_isTheSameRequest() {
        Answer first = client.post(
                path,
                "{\"stripe_options\": {\"success_url\": \"https://a.example\", \"metadata\": {\"a\": \"1\", \"b\": \"2\"}}}");

        Answer replay = client.post(
                path,
                "{ \"stripe_options\":{\n\"metadata\":{\"b\":\"2\",\"a\":\"1\"},\"success_url\":\"https:\\/\\/a.example\"}}");

        assertReplayed(replay, first.expect(201));
    }

    @Test
    void createSession_sameKeyOtherBody_isRefused() {
        client.post(path, hosted()).expect(201);
        JsonObject other =
                new JsonObject().put("stripe_options", new JsonObject().put("success_url", "https://b.example"));

        Answer answer = client.post(path, other).expect(422);

        assertThat(answer.json().getString("code")).isEqualTo("idempotency_key_reused");
        assertThat(sessionsAtStripe()).isEqualTo(1);
    }

    @Test
    void createSession_sameKeyOtherCustomer_isRefused() {
        client.post(path, hosted()).expect(201);

        client.post(checkoutSessionsOf(GATEWAY.customer()), hosted()).expect(422);
    }

    @Test
    void createSession_listInOtherOrder_isAnotherRequest() {
        client.post(path, withTypes("card", "sepa_debit")).expect(201);

        client.post(path, withTypes("sepa_debit", "card")).expect(422);
    }

    private static JsonObject withTypes(String... types) {
        JsonObject body = hosted();
        body.getJsonObject("stripe_options").put("payment_method_types", new JsonArray(List.of(types)));
        return body;
    }

    @Test
    void createSession_withoutKey_opensOneEachTime() {
        GATEWAY.client().post(path, hosted()).expect(201);
        GATEWAY.client().post(path, hosted()).expect(201);

        assertThat(sessionsAtStripe()).isEqualTo(2);
    }

    @Test
    void createSession_firstStillUnderWay_is409WithATimeToRetry() {
        Fault hold = GATEWAY.sandbox().faults().once("POST", STRIPE_SESSIONS, Effect.holdBefore());
        CompletableFuture<Answer> first = client.postAsync(path, hosted());
        await(hold.struck());

        Answer second = client.post(path, hosted()).expect(409);
        hold.release();

        assertThat(second.json().getString("code")).isEqualTo("idempotency_key_in_use");
        assertThat(Integer.parseInt(second.header("Retry-After"))).isPositive();
        Answer opened = first.join().expect(201);
        assertReplayed(client.post(path, hosted()), opened);
    }

    @Test
    void createSession_fiftyAtOnceWithOneKey_openOneSession() {
        List<CompletableFuture<Answer>> under = IntStream.range(0, 50)
                .mapToObj(i -> client.postAsync(path, hosted()))
                .toList();

        List<Answer> answers = under.stream().map(CompletableFuture::join).toList();

        Answer last = client.post(path, hosted()).expect(201);
        assertThat(answers).anyMatch(answer -> answer.status() == 201).allSatisfy(answer -> {
            assertThat(answer.status()).isIn(201, 409);
            assertThat(answer.body()).isEqualTo(answer.status() == 201 ? last.body() : answer.body());
        });
        assertThat(answers.stream()
                        .filter(answer -> answer.status() == 201
                                && answer.header("Idempotent-Replayed").isEmpty()))
                .hasSize(1);
        assertThat(sessionsAtStripe()).isEqualTo(1);
    }

    @Test
    void createSession_stripesRefusal_isRepeatedByteForByte() {
        Answer first = client.post(path, withTypes("no_such_type")).expect(422);

        Answer replay = client.post(path, withTypes("no_such_type"));

        assertReplayed(replay, first);
        assertThat(first.json().getString("code")).isEqualTo("stripe_refused");
    }

    @Test
    void createSession_refusedByTheContract_leavesTheKeyFree() {
        client.post(path, "{\"stripe_options\": {}}").expect(400);

        client.post(path, hosted()).expect(201);
    }

    @Test
    void createSession_stripeHasNoRateLeft_leavesTheKeyFree() {
        GATEWAY.sandbox().faults().once("POST", STRIPE_SESSIONS, Effect.rateLimited("global-rate"));
        Answer refused = client.post(path, hosted()).expect(503);

        Answer opened = client.post(path, hosted());

        assertThat(refused.json().getString("code")).isEqualTo("stripe_rate_limited");
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(opened.expect(201).header("Idempotent-Replayed")).isEmpty();
        assertThat(sessionsAtStripe()).isEqualTo(1);
    }

    @Test
    void createSession_stripeRefusesTheGatewaysKey_leavesTheKeyFree() {
        GATEWAY.sandbox().faults().once("POST", "/v1/customers", Effect.status(401));

        Answer refused = client.post(path, hosted()).expect(502);

        assertThat(refused.json().getString("code")).isEqualTo("stripe_credentials");
        client.post(path, hosted()).expect(201);
    }

    @Test
    void createSession_repeatedAfterTheCustomerWasDeleted_isAnsweredAsBefore() {
        Answer first = client.post(path, hosted()).expect(201);
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.customers SET deleted_at = now() WHERE id = '" + customer + "'");

        Answer replay = client.post(path, hosted());

        assertReplayed(replay, first);
        GATEWAY.client().post(path, hosted()).expect(410);
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "k", "~!#$%&'*+-.^_`|{}[]()<>@,;:\\\"/?=", "ends=with,commas,"})
    void createSession_keyOfAnyVisibleCharacters_isTaken(String key) {
        ContractClient keyed = GATEWAY.client().with("Idempotency-Key", key + UUID.randomUUID());

        Answer first = keyed.post(path, hosted()).expect(201);

        assertReplayed(keyed.post(path, hosted()), first);
    }

    @Test
    void createSession_longestKey_isTaken() {
        ContractClient keyed = GATEWAY.client().with("Idempotency-Key", "k".repeat(255));

        Answer first = keyed.post(path, hosted()).expect(201);

        assertReplayed(keyed.post(path, hosted()), first);
    }

    private static JsonObject acme(String key) {
        return new JsonObject().put("key", key).put("name", "ACME").put("labels", new JsonObject().put("a", "b"));
    }

    @Test
    void createCustomer_sameKeySameBody_isAnsweredWithTheSameBytes() {
        Answer first = client.post(CUSTOMERS, acme("replayed")).expect(201);

        Answer replay = client.post(CUSTOMERS, acme("replayed"));

        assertReplayed(replay, first);
        assertThat(first.header("Location"))
                .isEqualTo(CUSTOMERS + "/" + first.json().getString("id"));
        GATEWAY.client().get(first.header("Location")).expect(200);
    }

    @Test
    void createCustomer_sameKeyOtherBody_isRefused() {
        client.post(CUSTOMERS, acme("reused")).expect(201);

        client.post(CUSTOMERS, acme("reused-otherwise")).expect(422);
    }

    @Test
    void createCustomer_twentyAtOnceWithOneKey_makeOneCustomer() {
        List<CompletableFuture<Answer>> under = IntStream.range(0, 20)
                .mapToObj(i -> client.postAsync(CUSTOMERS, acme("at-once")))
                .toList();

        assertThat(under.stream().map(each -> each.join().expect(201).body()).distinct())
                .hasSize(1);
    }

    @Test
    void createCustomer_takenKey_is409AndLeavesTheIdempotencyKeyFree() {
        GATEWAY.client().post(CUSTOMERS, acme("taken")).expect(201);

        Answer answer = client.post(CUSTOMERS, acme("taken")).expect(409);

        assertThat(answer.json().getString("code")).isEqualTo("conflict");
        client.post(CUSTOMERS, acme("not-taken")).expect(201);
    }

    @Test
    void createCustomer_keyOfAnotherOperationOrNamespace_isItsOwn() {
        String key = UUID.randomUUID().toString();

        GATEWAY.client().with("Idempotency-Key", key).post(path, hosted()).expect(201);
        GATEWAY.client()
                .with("Idempotency-Key", key)
                .post(CUSTOMERS, acme("own"))
                .expect(201);
        Answer elsewhere =
                GATEWAY.get().client("elsewhere").with("Idempotency-Key", key).post(CUSTOMERS, acme("own-elsewhere"));

        assertThat(elsewhere.expect(201).header("Idempotent-Replayed")).isEmpty();
    }
}
