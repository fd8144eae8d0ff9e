package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.CustomerScene.CUSTOMERS;
import static io.checkoutgateway.journeys.CustomerScene.create;
import static io.checkoutgateway.journeys.CustomerScene.created;
import static io.checkoutgateway.journeys.CustomerScene.delete;
import static io.checkoutgateway.journeys.CustomerScene.named;
import static io.checkoutgateway.journeys.CustomerScene.put;
import static io.checkoutgateway.journeys.CustomerScene.together;
import static io.checkoutgateway.journeys.CustomerScene.unique;
import static io.checkoutgateway.journeys.CustomerScene.withSubjects;
import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A customer's life: made, changed by those who know its state, deleted once. */
class CustomersTest {
    private static final String NOBODY = CUSTOMERS + "/01ARZ3NDEKTSV4RRFFQ69G5FAV";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private final ContractClient client = GATEWAY.client();

    private static JsonObject everything() {
        return named("ACME GmbH")
                .put("description", "Pilot")
                .put("labels", new JsonObject().put("team", "billing").put("x".repeat(63), "a".repeat(63)))
                .put("usage_attribution", new JsonObject().put("subject_keys", JsonArray.of(unique("b"), unique("a"))))
                .put("primary_email", "billing@acme.example")
                .put("currency", "EUR")
                .put(
                        "billing_address",
                        new JsonObject()
                                .put("country", "DE")
                                .put("postal_code", "10115")
                                .put("state", "Berlin")
                                .put("city", "Berlin")
                                .put("line1", "Invalidenstr. 116")
                                .put("line2", "")
                                .put("phone_number", "+49 30 1234567"));
    }

    private static JsonObject givenOf(JsonObject customer) {
        JsonObject given = customer.copy();
        List.of("id", "key", "created_at", "updated_at").forEach(given::remove);
        return given;
    }

    @Test
    void createCustomer_everything_isReadAsItWasGiven() {
        JsonObject customer = everything();

        Answer made = create(client, customer).expect(201);

        assertThat(givenOf(made.json())).isEqualTo(customer);
        Answer read = client.get(made.header("Location")).expect(200);
        assertThat(read.json()).isEqualTo(made.json());
        assertThat(made.header("ETag")).isEqualTo("\"1\"").isEqualTo(read.header("ETag"));
    }

    @Test
    void createCustomer_repeatedAfterAChange_showsTheStateItMade() {
        ContractClient keyed = client.with("Idempotency-Key", UUID.randomUUID().toString());
        JsonObject customer = named("ACME").put("key", unique("key"));
        Answer first = keyed.post(CUSTOMERS, customer).expect(201);
        put(client, first.header("Location"), named("Other")).expect(200);

        Answer replay = keyed.post(CUSTOMERS, customer).expect(201);

        assertThat(replay.body()).isEqualTo(first.body());
        assertThat(replay.header("ETag")).isEqualTo(first.header("ETag"));
    }

    @Test
    void createCustomer_emptyEmail_isNone() {
        JsonObject made = create(client, named("ACME").put("primary_email", ""))
                .expect(201)
                .json();

        assertThat(made.containsKey("primary_email")).isFalse();
    }

    @Test
    void upsertCustomer_replacesEverythingButTheKey() {
        Answer made = create(client, everything()).expect(201);
        String path = made.header("Location");

        Answer replaced = put(client, path, named("ACME SE")).expect(200);

        assertThat(givenOf(replaced.json())).isEqualTo(named("ACME SE"));
        assertThat(replaced.json().getString("key")).isEqualTo(made.json().getString("key"));
        assertThat(replaced.json().getInstant("created_at"))
                .isEqualTo(made.json().getInstant("created_at"));
        assertThat(replaced.json().getInstant("updated_at")).isAfter(made.json().getInstant("updated_at"));
        assertThat(client.get(path).json()).isEqualTo(replaced.json());
        JsonObject back = everything();
        assertThat(givenOf(put(client, path, back).expect(200).json())).isEqualTo(back);
    }

    @Test
    void upsertCustomer_key_isNotAMember() {
        Answer refused = put(
                        client, created(client, named("ACME")), named("ACME").put("key", "other"))
                .expect(400);

        assertThat(refused.body()).contains("unknown_property", "\"key\"");
    }

    @Test
    void upsertCustomer_ifMatch_holdsOnlyForTheStateItNames() {
        String path = created(client, named("ACME"));
        String etag = client.get(path).header("ETag");

        Answer changed = put(client.with("If-Match", etag), path, named("Mine")).expect(200);

        assertThat(changed.header("ETag"))
                .isNotEqualTo(etag)
                .isEqualTo(client.get(path).header("ETag"));
        assertThat(put(client.with("If-Match", etag), path, named("Late"))
                        .expect(412)
                        .json()
                        .getString("code"))
                .isEqualTo("precondition_failed");
        put(client.with("If-Match", "W/" + changed.header("ETag")), path, named("Weak"))
                .expect(412);
        put(client.with("If-Match", etag + ", " + changed.header("ETag")), path, named("Either"))
                .expect(200);
        put(client.with("If-Match", "*"), path, named("Any")).expect(200);
        assertThat(client.get(path).json().getString("name")).isEqualTo("Any");
    }

    @Test
    void upsertCustomer_severalAtOnceOfOneState_oneIsDone() {
        String path = created(client, named("ACME"));
        ContractClient knowing = client.with("If-Match", client.get(path).header("ETag"));

        List<Answer> answers = together(IntStream.range(0, 6)
                .mapToObj(i -> (Supplier<Answer>) () -> put(knowing, path, named("Writer " + i)))
                .toList());

        assertThat(answers.stream().map(Answer::status)).containsExactlyInAnyOrder(200, 412, 412, 412, 412, 412);
        assertThat(client.get(path).header("ETag")).isEqualTo("\"2\"");
    }

    static Stream<Arguments> badLabels() {
        String key = "invalid_label_key_format";
        String prefix = "invalid_label_key_prefix";
        String value = "invalid_label_value_format";
        return Stream.of(
                label("empty key", "", "a", key),
                label("key with a blank", "a b", "a", key),
                label("key of a control character", "\u0007", "a", key),
                label("key with a percent sign", "%zz", "a", key),
                label("key that ends with a dash", "a-", "a", key),
                label("key that begins with a dot", ".a", "a", key),
                label("key of 64", "k".repeat(64), "a", key),
                label("kong", "kong", "a", prefix),
                label("konnect", "konnect.x", "a", prefix),
                label("mesh", "mesh-x", "a", prefix),
                label("kic", "kic", "a", prefix),
                label("underscore", "_a", "a", prefix),
                label("insomnia", "insomnia", "a", prefix),
                label("kuma", "kuma_x", "a", prefix),
                label("openmeter", "openmeter_x", "a", prefix),
                label("empty value", "a", "", value),
                label("value of 64", "a", "v".repeat(64), value),
                label("value with a blank", "a", "a b", value),
                label("value that begins with a dash", "a", "-v", value),
                label("value that ends with a dot", "a", "v.", value),
                label("value beyond ASCII", "a", "grün", value));
    }

    private static Arguments label(String name, String key, String value, String rule) {
        return argumentSet(name, key, value, rule);
    }

    @ParameterizedTest
    @MethodSource("badLabels")
    void label_badKeyOrValue_isRefusedByItsRule(String key, String value, String rule) {
        JsonObject customer = named("ACME").put("labels", new JsonObject().put(key, value));

        assertThat(create(client, customer).expect(400).json().getJsonArray("invalid_parameters").stream()
                        .map(parameter -> ((JsonObject) parameter).getString("rule")))
                .containsExactly(rule);
        assertThat(put(client, NOBODY, customer).expect(400).body()).contains(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "9", "A.b-c_d", "Kong", "a__b"})
    void label_keyOfLettersDigitsAndMarks_isTaken(String key) {
        create(client, named("ACME").put("labels", new JsonObject().put(key, "A.b-c_9")))
                .expect(201);
    }

    @Test
    void labels_fifty_areTakenAndOneMoreIsNot() {
        JsonObject labels = new JsonObject();
        IntStream.range(0, 50).forEach(i -> labels.put("label" + i, "x"));

        create(client, named("ACME").put("labels", labels)).expect(201);
        create(client, named("ACME").put("labels", labels.copy().put("label50", "x")))
                .expect(400);
    }

    @Test
    void deleteCustomer_isReadStillAndNotListed() {
        Answer made = create(client, everything()).expect(201);
        String path = made.header("Location");

        assertThat(delete(client, path).expect(204).body()).isEmpty();

        JsonObject deleted = client.get(path).expect(200).json();
        assertThat(deleted.getInstant("deleted_at")).isEqualTo(deleted.getInstant("updated_at"));
        deleted.remove("deleted_at");
        assertThat(deleted.put("updated_at", made.json().getString("updated_at")))
                .isEqualTo(made.json());
        assertThat(client.get(CUSTOMERS + "?filter%5Bkey%5D=" + made.json().getString("key"))
                        .expect(200)
                        .json()
                        .getJsonArray("data"))
                .isEmpty();
        assertThat(put(client, path, named("ACME")).expect(410).json().getString("code"))
                .isEqualTo("gone");
    }

    @Test
    void deleteCustomer_again_changesNothing() {
        String path = created(client, named("ACME"));
        delete(client, path).expect(204);
        String first = client.get(path).body();

        delete(client, path).expect(204);

        assertThat(client.get(path).body()).isEqualTo(first);
    }

    @Test
    void deleteCustomer_keyAndSubjects_areFree() {
        JsonObject customer = withSubjects(unique("subject")).put("key", unique("key"));
        delete(client, client.post(CUSTOMERS, customer).expect(201).header("Location"))
                .expect(204);

        client.post(CUSTOMERS, customer).expect(201);
    }

    @Test
    void deleteCustomer_ifMatch_holdsOnlyForTheStateItNames() {
        String path = created(client, named("ACME"));
        put(client, path, named("Other")).expect(200);

        delete(client.with("If-Match", "\"1\""), path).expect(412);

        assertThat(client.get(path).json().containsKey("deleted_at")).isFalse();
        delete(client.with("If-Match", "\"2\""), path).expect(204);
    }

    @Test
    void deleteCustomer_withAnOpenSession_letsItBeCompletedAndOpensNoOther() throws Exception {
        String customer = GATEWAY.customer();
        JsonObject session = GATEWAY.openSession(customer);
        delete(client, CUSTOMERS + "/" + customer).expect(204);

        client.post(checkoutSessionsOf(customer), hosted()).expect(410);

        HostedPage.of(GATEWAY.sandbox(), session.getString("session_id")).pay(HostedPage.GOOD_CARD);
        Awaitility.await().untilAsserted(() -> assertThat(
                        GATEWAY.read(session.getString("session_id")).getString("status"))
                .isEqualTo("complete"));
        GATEWAY.settle();
    }

    @Test
    void customer_ofAnotherNamespaceOrOfNone_doesNotExist() {
        String path = created(client, named("ACME"));
        ContractClient stranger = GATEWAY.get().client(unique("ns"));

        for (String place : List.of(path, NOBODY, CUSTOMERS + "/no-ulid")) {
            stranger.get(place).expect(404);
            put(stranger, place, named("Theirs")).expect(404);
            delete(stranger, place).expect(404);
        }
        assertThat(stranger.get(CUSTOMERS).expect(200).json().getJsonArray("data"))
                .isEmpty();
        assertThat(client.get(path).json().getString("name")).isEqualTo("ACME");
    }

    @Test
    void changes_areInTheAuditTrail_andRefusalsAreNot() {
        String path = created(client, named("ACME"));
        put(client, path, named("Other")).expect(200);
        put(client.with("If-Match", "\"1\""), path, named("Late")).expect(412);
        delete(client, path).expect(204);
        delete(client, path).expect(204);

        List<List<String>> entries = GATEWAY.database()
                .rows("SELECT action, before_hash, after_hash, actor ~ '^api_key:' FROM checkout_gateway.audit_log"
                        + " WHERE resource = 'customer:%s' ORDER BY id".formatted(path.substring(path.length() - 26)));

        assertThat(entries.stream().map(entry -> entry.get(0)))
                .containsExactly("customer.created", "customer.updated", "customer.deleted");
        assertThat(entries.get(0).get(1)).isEqualTo("null");
        assertThat(entries.get(1).get(1)).isEqualTo(entries.get(0).get(2));
        assertThat(entries.get(2).get(1))
                .isEqualTo(entries.get(1).get(2))
                .isNotEqualTo(entries.get(2).get(2));
        assertThat(entries.stream().map(entry -> entry.get(3))).containsOnly("t");
    }
}
