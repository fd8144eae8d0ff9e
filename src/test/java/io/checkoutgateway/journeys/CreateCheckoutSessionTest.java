package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.stripe.exception.StripeException;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.StripeSide;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions opened on our own resource: for whom, with which counterpart, and how often. */
class CreateCheckoutSessionTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private StripeSide stripe;

    @BeforeEach
    void anotherService() {
        stripe = new StripeSide(GATEWAY.sandbox(), GATEWAY.stripe());
    }

    private static JsonObject request(String member, Object customer) {
        return new JsonObject()
                .put("customer", new JsonObject().put(member, customer))
                .put(
                        "stripe_options",
                        new JsonObject()
                                .put("success_url", "https://shop.example/done")
                                .put("currency", "EUR"));
    }

    private static JsonObject newCustomer(String key) {
        return new JsonObject().put("name", "ACME").put("key", key).put("primary_email", "billing@acme.example");
    }

    private static String newKey() {
        return "key-" + UUID.randomUUID();
    }

    private static ContractClient repeating() {
        return GATEWAY.client().with("Idempotency-Key", UUID.randomUUID().toString());
    }

    private static String codeOf(Answer answer) {
        return answer.json().getString("code");
    }

    private static List<List<String>> customersOf(String key) {
        return GATEWAY.database().rows("SELECT id FROM checkout_gateway.customers WHERE key = '%s'".formatted(key));
    }

    @Test
    void create_byId_answersTheSessionAsItIsRead() {
        String customer = GATEWAY.customer();

        Answer created =
                GATEWAY.client().post(SESSIONS, request("id", customer)).expect(201);

        JsonObject session = created.json();
        assertThat(session.getString("status")).isEqualTo("open");
        assertThat(session.getString("customer_id")).isEqualTo(customer);
        assertThat(created.header("Location")).isEqualTo(SESSIONS + "/" + session.getString("id"));
        assertThat(lasting(GATEWAY.read(session.getString("id")))).isEqualTo(lasting(session));
    }

    /** What the first event about the session, which may come at any time, does not change. */
    private static JsonObject lasting(JsonObject session) {
        JsonObject lasting = session.copy();
        List.of("setup_intent", "updated_at", "version").forEach(lasting::remove);
        return lasting;
    }

    @Test
    void create_byKey_isForTheLivingCustomerOfTheKey() {
        String key = newKey();
        JsonObject made = GATEWAY.client()
                .post("/api/v3/openmeter/customers", newCustomer(key))
                .expect(201)
                .json();

        JsonObject session =
                GATEWAY.client().post(SESSIONS, request("key", key)).expect(201).json();

        assertThat(session.getString("customer_id")).isEqualTo(made.getString("id"));
        GATEWAY.client().post(SESSIONS, request("key", newKey())).expect(404);
        GATEWAY.get().client("strangers").post(SESSIONS, request("key", key)).expect(404);
    }

    @Test
    void create_newCustomer_isMadeOnceForTheKey() {
        String key = newKey();
        ContractClient client = repeating();
        JsonObject body = request("create", newCustomer(key));

        Answer first = client.post(SESSIONS, body).expect(201);
        Answer again = client.post(SESSIONS, body).expect(201);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(customersOf(key)).containsExactly(List.of(first.json().getString("customer_id")));
        assertThat(codeOf(client.post(SESSIONS, request("create", newCustomer(newKey())))
                        .expect(422)))
                .isEqualTo("idempotency_key_reused");
    }

    @Test
    void create_withoutTheScopeForCustomers_neitherMakesNorTiesOne() {
        String key = newKey();
        String known = GATEWAY.customer();
        ContractClient client =
                new ContractClient(GATEWAY.get().url(), GATEWAY.get().key(TestGateway.NAMESPACE, Scope.SESSIONS_WRITE));

        for (JsonObject beyond : List.of(
                request("create", newCustomer(key)), request("id", known).put("stripe_customer_id", "cus_any"))) {
            assertThat(client.post(SESSIONS, beyond).expect(403).json().getString("detail"))
                    .contains("customers:write");
        }

        assertThat(customersOf(key)).isEmpty();
        client.post(SESSIONS, request("id", known)).expect(201);
    }

    @Test
    void create_newCustomerManyAtOnceWithOneKey_makeOneCustomerAndOneSession() {
        String key = newKey();
        ContractClient client = repeating();
        JsonObject body = request("create", newCustomer(key));

        List<Answer> answers = IntStream.range(0, 8).mapToObj(i -> client.postAsync(SESSIONS, body)).toList().stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers).extracting(Answer::status).isSubsetOf(201, 409);
        String made = client.post(SESSIONS, body).expect(201).json().getString("customer_id");
        assertThat(customersOf(key)).containsExactly(List.of(made));
        assertThat(GATEWAY.sandbox().ledger().sessionsWithMetadata("om_customer_id", made))
                .hasSize(1);
    }

    @Test
    void create_newCustomerWithATakenKey_isAConflict() {
        String key = newKey();
        GATEWAY.client().post(SESSIONS, request("create", newCustomer(key))).expect(201);

        assertThat(codeOf(GATEWAY.client()
                        .post(SESSIONS, request("create", newCustomer(key)))
                        .expect(409)))
                .isEqualTo("conflict");
        assertThat(customersOf(key)).hasSize(1);
    }

    @Test
    void create_newCustomerAndABrokenRule_leavesNothing() {
        String key = newKey();
        JsonObject body = request("create", newCustomer(key));
        body.getJsonObject("stripe_options").remove("currency");

        Refusals.assertNames(
                GATEWAY.client().post(SESSIONS, body).expect(400), "stripe_options.currency", "is required");
        body.getJsonObject("customer").getJsonObject("create").put("currency", "EUR");
        GATEWAY.client()
                .post(SESSIONS, body.copy().put("stripe_customer_id", "cus_none"))
                .expect(412);

        assertThat(customersOf(key)).isEmpty();
        GATEWAY.client().post(SESSIONS, body).expect(201);
    }

    static Stream<Arguments> badCustomers() {
        return Stream.of(
                argumentSet("none", "{}", "customer", "exactly one of id, key and create"),
                argumentSet(
                        "two",
                        "{\"id\": \"01KAMZ2V5Q8XG6T4N9R3W7B1CE\", \"key\": \"a\"}",
                        "customer",
                        "exactly one of id, key and create"),
                argumentSet("half a customer", "{\"create\": {\"name\": \"a\"}}", "customer.create.key", "is required"),
                argumentSet("no id", "{\"id\": \"a\"}", "customer.id", "must be a ULID"));
    }

    @ParameterizedTest
    @MethodSource("badCustomers")
    void create_badCustomer_isRefusedByName(String customer, String field, String reason) {
        JsonObject body = request("id", "").put("customer", new JsonObject(customer));

        Refusals.assertNames(GATEWAY.client().post(SESSIONS, body).expect(400), field, reason);
    }

    @Test
    void create_bringsItsCounterpart_whichIsKept() throws StripeException {
        String customer = GATEWAY.customer();
        String counterpart = stripe.customer();
        JsonObject body = request("id", customer).put("stripe_customer_id", counterpart);
        ContractClient client = repeating();

        Answer first = client.post(SESSIONS, body).expect(201);

        assertThat(first.json().getString("stripe_customer_id")).isEqualTo(counterpart);
        assertThat(GATEWAY.openSession(customer).getString("stripe_customer_id"))
                .isEqualTo(counterpart);
        GATEWAY.client().post(SESSIONS, body).expect(201);
        stripe.delete(counterpart);
        assertThat(client.post(SESSIONS, body).expect(201).body()).isEqualTo(first.body());
    }

    @Test
    void create_manyAtOnceBringOneCounterpart_areAllOpened() throws StripeException {
        JsonObject body = request("id", GATEWAY.customer()).put("stripe_customer_id", stripe.customer());

        List<CompletableFuture<Answer>> under = IntStream.range(0, 8)
                .mapToObj(i -> GATEWAY.client().postAsync(SESSIONS, body))
                .toList();

        assertThat(under)
                .extracting(answer -> answer.join().expect(201).json().getString("stripe_customer_id"))
                .containsOnly(body.getString("stripe_customer_id"));
    }

    @Test
    void create_bringsAnotherCounterpart_isAConflict() throws StripeException {
        String customer = GATEWAY.customer();
        String counterpart = GATEWAY.openSession(customer).getString("stripe_customer_id");

        assertThat(codeOf(GATEWAY.client()
                        .post(SESSIONS, request("id", customer).put("stripe_customer_id", stripe.customer()))
                        .expect(409)))
                .isEqualTo("conflict");
        assertThat(codeOf(GATEWAY.client()
                        .post(SESSIONS, request("id", GATEWAY.customer()).put("stripe_customer_id", counterpart))
                        .expect(409)))
                .isEqualTo("conflict");
    }

    @Test
    void create_counterpartThatIsNotAtStripe_isRefusedByName() {
        JsonObject problem = GATEWAY.client()
                .post(SESSIONS, request("id", GATEWAY.customer()).put("stripe_customer_id", "cus_none"))
                .expect(412)
                .json();

        assertThat(problem.getString("code")).isEqualTo("stripe_reference");
        assertThat(problem.getJsonArray("invalid_parameters").getJsonObject(0).getString("field"))
                .isEqualTo("stripe_customer_id");
    }

    @Test
    void create_chosenApp_isTakenOrNotFoundByName() {
        String app = TestGateway.await(GATEWAY.get().gateway().app()).id();
        JsonObject body = request("id", GATEWAY.customer());

        assertThat(GATEWAY.client()
                        .post(SESSIONS, body.copy().put("app_id", app))
                        .expect(201)
                        .json()
                        .getString("app_id"))
                .isEqualTo(app);
        assertThat(GATEWAY.client()
                        .post(SESSIONS, body.copy().put("app_id", "01KAMZ2V5Q8XG6T4N9R3W7B1ZZ"))
                        .expect(404)
                        .json()
                        .getJsonArray("invalid_parameters")
                        .encode())
                .contains("app_id");
        JsonObject theirs = request("id", GATEWAY.get().customer("strangers")).put("app_id", app);
        GATEWAY.get().client("strangers").post(SESSIONS, theirs).expect(404);
    }

    @Test
    void create_deletedCustomer_isGoneUnlessItIsARepetition() {
        String customer = GATEWAY.customer();
        ContractClient client = repeating();
        Answer first = client.post(SESSIONS, request("id", customer)).expect(201);

        GATEWAY.database()
                .execute(
                        "UPDATE checkout_gateway.customers SET deleted_at = now() WHERE id = '%s'".formatted(customer));

        assertThat(client.post(SESSIONS, request("id", customer)).expect(201).body())
                .isEqualTo(first.body());
        GATEWAY.client().post(SESSIONS, request("id", customer)).expect(410);
    }

    @Test
    void create_keyOfTheOtherFamily_isAnotherKey() {
        String customer = GATEWAY.customer();
        ContractClient client = repeating();

        client.post(ContractClient.checkoutSessionsOf(customer), ContractClient.hosted())
                .expect(201);

        client.post(SESSIONS, request("id", customer)).expect(201);
    }
}
