package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A list shows every session once, in its order, however one walks it and whatever happens meanwhile. */
class ListSessionsTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions";
    private static final int COUNT = 11;

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    /** Sessions that end at different times, two of them at the same, and one that Stripe never opened. */
    @BeforeAll
    static void open() {
        Instant base = Instant.now().plus(Duration.ofHours(2));
        String customer = GATEWAY.customer();
        for (int i = 0; i < COUNT - 1; i++) {
            JsonObject body = hosted();
            long expiresAt = base.plusSeconds(600L * (i * 7 % 9)).getEpochSecond();
            body.getJsonObject("stripe_options").put("expires_at", expiresAt);
            GATEWAY.client().post(checkoutSessionsOf(customer), body).expect(201);
        }
        JsonObject refused = hosted();
        refused.getJsonObject("stripe_options").put("payment_method_types", new JsonArray().add("none"));
        GATEWAY.client().post(checkoutSessionsOf(customer), refused).expect(422);
        // What events change moves a session in the order of changes.
        GATEWAY.settle();
    }

    private static String query(String... pairs) {
        StringBuilder query = new StringBuilder(SESSIONS);
        for (int i = 0; i < pairs.length; i += 2) {
            query.append(i == 0 ? '?' : '&')
                    .append(encoded(pairs[i]))
                    .append('=')
                    .append(encoded(pairs[i + 1]));
        }
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonObject page(String... pairs) {
        return GATEWAY.client().get(query(pairs)).expect(200).json();
    }

    private static List<String> ids(JsonObject page) {
        return page.getJsonArray("data").stream()
                .map(session -> ((JsonObject) session).getString("id"))
                .toList();
    }

    private static String cursor(JsonObject page, String name) {
        return page.getJsonObject("meta").getJsonObject("page").getString(name);
    }

    static Stream<Arguments> walks() {
        return Stream.of("created_at", "updated_at", "expires_at", "id")
                .flatMap(field -> Stream.of(field, field + " asc", field + " desc"))
                .flatMap(sort -> Stream.of(1, 4, COUNT).map(size -> argumentSet(sort + " by " + size, sort, size)));
    }

    @ParameterizedTest
    @MethodSource("walks")
    void list_walkedForthAndBack_showsEverySessionOnceInOrder(String sort, int size) {
        List<String> all = ids(page("sort", sort, "page[size]", "100"));
        String pageSize = Integer.toString(size);

        List<String> forth = new ArrayList<>();
        List<String> back = new ArrayList<>();
        JsonObject page = page("sort", sort, "page[size]", pageSize);
        forth.addAll(ids(page));
        for (String next = cursor(page, "next"); next != null; next = cursor(page, "next")) {
            page = page("sort", sort, "page[size]", pageSize, "page[after]", next);
            forth.addAll(ids(page));
        }
        back.addAll(0, ids(page));
        for (String previous = cursor(page, "previous"); previous != null; previous = cursor(page, "previous")) {
            page = page("sort", sort, "page[size]", pageSize, "page[before]", previous);
            back.addAll(0, ids(page));
        }

        assertThat(all).hasSize(COUNT).doesNotHaveDuplicates();
        assertThat(forth).isEqualTo(all);
        assertThat(back).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"created_at", "updated_at", "expires_at", "id"})
    void list_descending_isTheOtherWayRound(String field) {
        List<String> ascending = new ArrayList<>(ids(page("sort", field)));

        Collections.reverse(ascending);

        assertThat(ids(page("sort", field + " desc"))).isEqualTo(ascending);
    }

    @Test
    void list_whileOthersAreMade_stillShowsEveryEarlierSessionOnce() {
        List<String> before = ids(page("page[size]", "100"));
        List<String> walked = new ArrayList<>();
        List<String> customers = new ArrayList<>();

        JsonObject page = page("page[size]", "3");
        walked.addAll(ids(page));
        for (String next = cursor(page, "next"); next != null; next = cursor(page, "next")) {
            customers.add(GATEWAY.openSession().getString("customer_id"));
            page = page("page[size]", "3", "page[after]", next);
            walked.addAll(ids(page));
        }

        assertThat(walked).isEqualTo(before);
        forget(customers);
    }

    /** Other tests of this class count. */
    private static void forget(List<String> customers) {
        GATEWAY.settle();
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET namespace = 'gone' WHERE customer_id IN ('"
                        + String.join("', '", customers) + "')");
    }

    @Test
    void list_withoutWishes_isNewestFirstInTwenties() {
        JsonObject page = page();

        assertThat(page.getJsonObject("meta").getJsonObject("page").getInteger("size"))
                .isEqualTo(20);
        assertThat(page.getJsonArray("data").stream().map(session -> ((JsonObject) session).getInstant("created_at")))
                .isSortedAccordingTo(Collections.reverseOrder());
    }

    @Test
    void list_beyondTheEnd_isEmpty() {
        JsonObject last = page("page[size]", Integer.toString(COUNT));

        assertThat(cursor(last, "next")).isNull();
        assertThat(ids(page("filter[status]", "complete"))).isEmpty();
    }

    static Stream<Arguments> bad() {
        String other = Integer.toString(1);
        return Stream.of(
                argumentSet("size 0", "page[size]", "0", "page[size]"),
                argumentSet("size 101", "page[size]", "101", "page[size]"),
                argumentSet("a negative size", "page[size]", "-1", "page[size]"),
                argumentSet("size in words", "page[size]", "ten", "page[size]"),
                argumentSet("a huge size", "page[size]", "99999999999999999999", "page[size]"),
                argumentSet("a size of nothing", "page[size]", "", "page[size]"),
                argumentSet("a size in a size", "page[size][x]", other, "page[size]"),
                argumentSet("a page number", "page[number]", "2", "page[number]"),
                argumentSet("a page without a name", "page", "2", "page"),
                argumentSet("a cursor of nonsense", "page[after]", "nonsense", "page[after]"),
                argumentSet("an empty cursor", "page[after]", "", "page[after]"),
                argumentSet("a cursor that is no text", "page[before]", "AAAA", "page[before]"),
                argumentSet("a cursor too long", "page[before]", "A".repeat(600), "page[before]"),
                argumentSet("an unknown sort", "sort", "status", "sort"),
                argumentSet("a sort of two", "sort", "id,created_at", "sort"),
                argumentSet("an unknown direction", "sort", "id down", "sort"),
                argumentSet("a sort with a line end", "sort", "id desc\n", "sort"),
                argumentSet("an empty sort", "sort", "", "sort"),
                argumentSet("a filter without a field", "filter", "open", "filter"),
                argumentSet("an unknown field", "filter[colour]", "red", "filter[colour]"),
                argumentSet("a field of SQL", "filter[id;--]", "x", "filter[id;--]"),
                argumentSet("a field of the mirror", "filter[djstripe_id]", "1", "filter[djstripe_id]"),
                argumentSet("an internal column", "filter[parameters]", "x", "filter[parameters]"),
                argumentSet("all metadata", "filter[metadata]", "x", "filter[metadata]"),
                argumentSet("an unnamed key of metadata", "filter[metadata.]", "x", "filter[metadata.]"),
                argumentSet("NUL in a key of metadata", "filter[metadata.\0]", "x", "filter[metadata]"),
                argumentSet("an unknown operator", "filter[status][like]", "x", "filter[status][like]"),
                argumentSet("contains for a word", "filter[status][contains]", "x", "filter[status][contains]"),
                argumentSet("greater for an id", "filter[customer_id][gt]", "x", "filter[customer_id][gt]"),
                argumentSet("not for a boolean", "filter[livemode][neq]", "true", "filter[livemode][neq]"),
                argumentSet("a boolean in words", "filter[livemode]", "yes", "filter[livemode][eq]"),
                argumentSet("a time in words", "filter[created_at][gt]", "yesterday", "filter[created_at][gt]"),
                argumentSet(
                        "a time without a zone",
                        "filter[created_at][gt]",
                        "2026-01-01T00:00:00",
                        "filter[created_at][gt]"),
                argumentSet("a day", "filter[created_at][gt]", "2026-01-01", "filter[created_at][gt]"),
                argumentSet(
                        "a time beyond time",
                        "filter[created_at][gt]",
                        "+999999-01-01T00:00:00Z",
                        "filter[created_at][gt]"),
                argumentSet(
                        "a time before time",
                        "filter[created_at][gt]",
                        "-4713-01-01T00:00:00Z",
                        "filter[created_at][gt]"),
                argumentSet("exists with a word", "filter[locale][exists]", "maybe", "filter[locale][exists]"),
                argumentSet("51 values", "filter[status][oeq]", "x,".repeat(50) + "x", "filter[status][oeq]"),
                argumentSet(
                        "a long value",
                        "filter[client_reference_id]",
                        "x".repeat(1025),
                        "filter[client_reference_id][eq]"),
                argumentSet(
                        "NUL in a value", "filter[client_reference_id]", "a\0b", "filter[client_reference_id][eq]"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void list_badParameter_isRefusedByItsName(String name, String value, String field) {
        Answer answer = GATEWAY.client().get(query(name, value)).expect(400);

        JsonObject parameter = answer.json().getJsonArray("invalid_parameters").getJsonObject(0);
        assertThat(parameter.getString("field")).isEqualTo(field);
        assertThat(parameter.getString("source")).isEqualTo("query");
    }

    @Test
    void list_moreThanTwentyFields_isRefused() {
        String[] pairs = new String[42];
        for (int i = 0; i < 21; i++) {
            pairs[2 * i] = "filter[metadata.key" + i + "]";
            pairs[2 * i + 1] = "x";
        }

        assertThat(GATEWAY.client().get(query(pairs)).expect(400).body()).contains("20 fields");
    }

    @Test
    void list_bothCursors_isRefused() {
        String next = cursor(page("page[size]", "1"), "next");

        GATEWAY.client()
                .get(query("page[size]", "1", "page[after]", next, "page[before]", next))
                .expect(400);
    }

    @Test
    void list_cursorOfAnotherList_isRefused() {
        String next = cursor(page("page[size]", "1"), "next");

        page("page[size]", "2", "page[after]", next);
        GATEWAY.client().get(query("sort", "id", "page[after]", next)).expect(400);
        GATEWAY.client()
                .get(query("filter[status]", "open", "page[after]", next))
                .expect(400);
    }
}
