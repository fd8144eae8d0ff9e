package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of customers is filtered, sorted and cut into pages as OpenMeter's is. */
class ListCustomersTest {
    private static final String CUSTOMERS = "/api/v3/openmeter/customers";
    private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static TestGateway gateway;

    /** Of three customers that differ, and a deleted one. */
    private static ContractClient few;

    /** Of seven customers, some of them with one name. */
    private static ContractClient many;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        few = gateway.client("few");
        few.post(CUSTOMERS, customer("crm-1", "Ada GmbH", "ada@example.com", "s-ada", "t-1"))
                .expect(201);
        few.post(CUSTOMERS, customer("crm-2", "Bob Inc", null)).expect(201);
        few.post(CUSTOMERS, customer("crm-3", "Cyd & Co, 100%", "cyd@Example.org", "s-cyd"))
                .expect(201);
        Answer deleted = few.post(CUSTOMERS, customer("crm-4", "Dot Ltd", "dot@example.com", "s-dot"))
                .expect(201);
        few.send("DELETE", deleted.header("Location"), BodyPublishers.noBody(), null)
                .expect(204);
        many = gateway.client("many");
        IntStream.range(0, 7).forEach(i -> many.post(CUSTOMERS, customer("key-" + i, "Name " + (6 - i) / 2, null))
                .expect(201));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonObject customer(String key, String name, @Nullable String email, String... subjects) {
        JsonObject customer = new JsonObject().put("key", key).put("name", name);
        if (email != null) {
            customer.put("primary_email", email);
        }
        return subjects.length == 0
                ? customer
                : customer.put(
                        "usage_attribution", new JsonObject().put("subject_keys", JsonArray.of((Object[]) subjects)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** @param pairs names and values; a name without a value is bare */
    private static String query(String... pairs) {
        StringBuilder query = new StringBuilder(CUSTOMERS);
        for (int i = 0; i < pairs.length; i += 2) {
            query.append(i == 0 ? '?' : '&').append(encoded(pairs[i]));
            if (i + 1 < pairs.length) {
                query.append('=').append(encoded(pairs[i + 1]));
            }
        }
        return query.toString();
    }

    private static List<JsonObject> data(Answer answer) {
        return answer.expect(200).json().getJsonArray("data").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static JsonObject page(Answer answer) {
        return answer.expect(200).json().getJsonObject("meta").getJsonObject("page");
    }

    private static String keys(Answer answer) {
        return data(answer).stream().map(found -> found.getString("key")).collect(Collectors.joining(" "));
    }

    static Stream<Arguments> conditions() {
        String key = "key";
        String email = "primary_email";
        String subject = "usage_attribution_subject_key";
        String all = "crm-1 crm-2 crm-3";
        return Stream.of(
                found(key, "eq", "crm-2", "crm-2"),
                found(key, "eq", "CRM-2", ""),
                found(key, "eq", "crm-4", ""),
                found(key, "neq", "crm-2", "crm-1 crm-3"),
                found(key, "contains", "M-2", "crm-2"),
                found(key, "contains", "", all),
                found(key, "ocontains", "m-1, M-3 ,", "crm-1 crm-3"),
                found(key, "ocontains", " , ", ""),
                found(key, "oeq", "crm-1, crm-3,,crm-9", "crm-1 crm-3"),
                found(key, "oeq", "", ""),
                found(key, "gt", "crm-2", "crm-3"),
                found(key, "gte", "crm-2", "crm-2 crm-3"),
                found(key, "lt", "crm-2", "crm-1"),
                found(key, "lte", "crm-2", "crm-1 crm-2"),
                found(key, "exists", "true", all),
                found(key, "exists", "", all),
                found(key, "exists", "false", ""),
                found(key, "nexists", "true", ""),
                found(key, "nexists", "false", all),
                found("name", "eq", "Ada GmbH", "crm-1"),
                found("name", "neq", "Ada GmbH", "crm-2 crm-3"),
                found("name", "contains", "GMBH", "crm-1"),
                found("name", "contains", "%", "crm-3"),
                found("name", "contains", "_", ""),
                found("name", "ocontains", "inc,gmbh", "crm-1 crm-2"),
                found("name", "oeq", "Ada GmbH,Bob Inc", "crm-1 crm-2"),
                found("name", "gt", "Ada GmbH", "crm-2 crm-3"),
                found("name", "gte", "Bob Inc", "crm-2 crm-3"),
                found("name", "lt", "Bob Inc", "crm-1"),
                found("name", "lte", "Bob Inc", "crm-1 crm-2"),
                found("name", "exists", "true", all),
                found("name", "nexists", "", ""),
                found(email, "eq", "ada@example.com", "crm-1"),
                found(email, "neq", "ada@example.com", "crm-2 crm-3"),
                found(email, "contains", "@example.", "crm-1 crm-3"),
                found(email, "ocontains", "ADA,bob", "crm-1"),
                found(email, "oeq", "ada@example.com,cyd@Example.org", "crm-1 crm-3"),
                found(email, "gt", "ada@example.com", "crm-3"),
                found(email, "gte", "ada@example.com", "crm-1 crm-3"),
                found(email, "lt", "cyd@Example.org", "crm-1"),
                found(email, "lte", "cyd@Example.org", "crm-1 crm-3"),
                found(email, "exists", "true", "crm-1 crm-3"),
                found(email, "exists", "false", "crm-2"),
                found(email, "nexists", "true", "crm-2"),
                found(subject, "eq", "t-1", "crm-1"),
                found(subject, "eq", "s-dot", ""),
                found(subject, "neq", "t-1", "crm-2 crm-3"),
                found(subject, "contains", "S-", "crm-1 crm-3"),
                found(subject, "ocontains", "cyd,x", "crm-3"),
                found(subject, "oeq", "t-1,s-cyd", "crm-1 crm-3"),
                found(subject, "gt", "s-cyd", "crm-1"),
                found(subject, "gte", "s-cyd", "crm-1 crm-3"),
                found(subject, "lt", "s-cyd", "crm-1"),
                found(subject, "lte", "s-cyd", "crm-1 crm-3"),
                found(subject, "exists", "true", "crm-1 crm-3"),
                found(subject, "exists", "false", "crm-2"),
                found(subject, "nexists", "true", "crm-2"),
                found("plan_key", "eq", "pro", ""),
                found("plan_key", "neq", "pro", all),
                found("plan_key", "contains", "p", ""),
                found("plan_key", "ocontains", "p", ""),
                found("plan_key", "oeq", "pro,free", ""),
                found("plan_key", "gt", "", ""),
                found("plan_key", "gte", "", ""),
                found("plan_key", "lt", "z", ""),
                found("plan_key", "lte", "z", ""),
                found("plan_key", "exists", "true", ""),
                found("plan_key", "nexists", "true", all),
                found("billing_profile_id", "eq", ULID, ""),
                found("billing_profile_id", "neq", ULID, all),
                found("billing_profile_id", "oeq", ULID + "," + ULID, ""),
                found("billing_profile_id", "exists", "true", ""),
                found("billing_profile_id", "nexists", "true", all));
    }

    private static Arguments found(String field, String operator, String value, String keys) {
        return argumentSet(field + " " + operator + " " + value, field, operator, value, keys);
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void list_everyFieldAndOperator_findsWhatItSays(String field, String operator, String value, String keys) {
        Answer answer = few.get(query("filter[" + field + "][" + operator + "]", value));

        assertThat(keys(answer)).isEqualTo(keys);
        assertThat(page(answer).getInteger("total")).isEqualTo(data(answer).size());
        assertThat(page(few.get(query("filter[" + field + "][" + operator + "]", value, "page[size]", "1")))
                        .getInteger("total"))
                .as("counted, since the page is full")
                .isEqualTo(data(answer).size());
    }

    @Test
    void list_shortForms_meanEqualAndExists() {
        assertThat(keys(few.get(query("filter[key]", "crm-2")))).isEqualTo("crm-2");
        assertThat(keys(few.get(query("filter[primary_email]")))).isEqualTo("crm-1 crm-3");
        assertThat(keys(few.get(query("filter[primary_email]", "")))).isEqualTo("crm-1 crm-3");
        assertThat(keys(few.get(query("filter[billing_profile_id]", ULID)))).isEmpty();
    }

    @Test
    void list_severalConditions_mustAllHold() {
        assertThat(keys(few.get(query(
                        "filter[key][gte]", "crm-1", "filter[key][lt]", "crm-3", "filter[name][contains]", "inc"))))
                .isEqualTo("crm-2");
    }

    static Stream<Arguments> badQueries() {
        return Stream.of(
                bad("unknown field", "filter[city]", "x", "filter[city]", "not a field"),
                bad("labels", "filter[labels.env]", "x", "filter[labels.env]", "not a field"),
                bad("field of another case", "filter[Key]", "x", "filter[Key]", "not a field"),
                bad("unknown operator", "filter[key][like]", "x", "filter[key][like]", "not an operator"),
                bad("operator of another case", "filter[key][EQ]", "x", "filter[key][EQ]", "not an operator"),
                bad(
                        "operator that ids do not take",
                        "filter[billing_profile_id][contains]",
                        ULID,
                        "filter[billing_profile_id][contains]",
                        "not an operator"),
                bad("no ULID", "filter[billing_profile_id]", "x", "filter[billing_profile_id][eq]", "ULID"),
                bad(
                        "no ULID among several",
                        "filter[billing_profile_id][oeq]",
                        ULID + ",x",
                        "filter[billing_profile_id][oeq]",
                        "ULID"),
                bad("no boolean", "filter[key][exists]", "yes", "filter[key][exists]", "true or false"),
                bad("value too long", "filter[key]", "x".repeat(1025), "filter[key][eq]", "1024 bytes"),
                bad("value too long in bytes", "filter[key]", "ü".repeat(513), "filter[key][eq]", "1024 bytes"),
                bad("51 values", "filter[key][oeq]", "x,".repeat(51), "filter[key][oeq]", "50 values"),
                bad("51 parts", "filter[key][ocontains]", "x,".repeat(51), "filter[key][ocontains]", "50 values"),
                bad("NUL", "filter[key]", "a\0b", "filter[key][eq]", "NUL"),
                bad("no field", "filter", "x", "filter", "filter[…]"),
                bad("size 0", "page[size]", "0", "page[size]", "between 1 and 1000"),
                bad("size 1001", "page[size]", "1001", "page[size]", "between 1 and 1000"),
                bad("size of words", "page[size]", "ten", "page[size]", "between 1 and 1000"),
                bad("number 0", "page[number]", "0", "page[number]", "between 1 and 999999999"),
                bad("negative number", "page[number]", "-1", "page[number]", "between 1 and 999999999"),
                bad("number too great", "page[number]", "1000000000", "page[number]", "between 1 and 999999999"),
                bad("cursor", "page[after]", "x", "page[after]", "not a parameter"),
                bad("plain page", "page", "1", "page", "page[…]"),
                bad("unknown order", "sort", "foo", "sort", "id, name or created_at"),
                bad("order of another field", "sort", "updated_at", "sort", "id, name or created_at"),
                bad("unknown direction", "sort", "name up", "sort", "id, name or created_at"),
                bad("four orders", "sort", "name,id,name,id", "sort", "up to three"),
                bad("an empty order", "sort", "name,", "sort", "up to three"),
                bad("unknown parameter", "include_deleted", "true", "include_deleted", "not a parameter"));
    }

    private static Arguments bad(String name, String parameter, String value, String field, String reason) {
        return argumentSet(name, parameter, value, field, reason);
    }

    @ParameterizedTest
    @MethodSource("badQueries")
    void list_badQuery_isRefusedByName(String parameter, String value, String field, String reason) {
        Refusals.assertNames(few.get(query(parameter, value)).expect(400), field, reason);
    }

    @Test
    void list_atTheLimits_isAnswered() {
        few.get(query("filter[key]", "x".repeat(1024))).expect(200);
        few.get(query("filter[key][oeq]", "x,".repeat(50))).expect(200);
        few.get(query("page[size]", "1000", "page[number]", "999999999")).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"filter[key]", "filter[key][neq]", "page[size]", "sort"})
    void list_parameterTwice_isRefused(String parameter) {
        String value = parameter.equals("sort") ? "name" : "1";

        few.get(query(parameter, value, parameter, value)).expect(400);
    }

    static Stream<Arguments> orders() {
        Comparator<JsonObject> byId = Comparator.comparing(customer -> customer.getString("id"));
        Comparator<JsonObject> byName = by("name").thenComparing(byId);
        Comparator<JsonObject> byCreation = by("created_at").thenComparing(byId);
        return Stream.of(
                argumentSet("preset", "", byName),
                argumentSet("name", "name", byName),
                argumentSet("name asc", "name asc", byName),
                argumentSet("name desc", "name desc", byName.reversed()),
                argumentSet("id", "id", byId),
                argumentSet("id desc", "id desc", byId.reversed()),
                argumentSet("created_at", "created_at", byCreation),
                argumentSet("created_at desc", "created_at desc", byCreation.reversed()),
                argumentSet(
                        "two orders", "name desc,id asc", by("name").reversed().thenComparing(byId)));
    }

    private static Comparator<JsonObject> by(String member) {
        Function<JsonObject, String> value = customer -> customer.getString(member);
        return Comparator.comparing(value);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void list_inPages_showsEachOnceInItsOrder(String sort, Comparator<JsonObject> order) {
        List<JsonObject> walked = new ArrayList<>();
        for (int number = 1; number <= 4; number++) {
            String size = query("page[size]", "2", "page[number]", Integer.toString(number));
            Answer answer = many.get(sort.isEmpty() ? size : size + "&sort=" + encoded(sort));
            assertThat(page(answer))
                    .isEqualTo(new JsonObject()
                            .put("number", number)
                            .put("size", 2)
                            .put("total", 7));
            walked.addAll(data(answer));
        }

        assertThat(walked).hasSize(7).doesNotHaveDuplicates().isSortedAccordingTo(order);
    }

    @Test
    void list_presets_areTheFirstTwenty() {
        assertThat(page(many.get(CUSTOMERS)))
                .isEqualTo(new JsonObject().put("number", 1).put("size", 20).put("total", 7));
    }

    @Test
    void list_pastTheEnd_isEmptyAndKnowsTheTotal() {
        for (String[] place : new String[][] {{"7", "2"}, {"4", "3"}, {"1000", "999999999"}}) {
            Answer answer = many.get(query("page[size]", place[0], "page[number]", place[1]));

            assertThat(data(answer)).isEmpty();
            assertThat(page(answer).getInteger("total")).isEqualTo(7);
        }
        assertThat(many.get(query("filter[name]", "Nobody")).expect(200).json())
                .isEqualTo(new JsonObject()
                        .put("data", new JsonArray(Collections.emptyList()))
                        .put(
                                "meta",
                                new JsonObject()
                                        .put(
                                                "page",
                                                new JsonObject()
                                                        .put("number", 1)
                                                        .put("size", 20)
                                                        .put("total", 0))));
    }
}
