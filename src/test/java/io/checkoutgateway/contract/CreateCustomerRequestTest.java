package io.checkoutgateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a customer. */
class CreateCustomerRequestTest {
    private static final PublishedSchemas SCHEMAS = new PublishedSchemas();

    @ParameterizedTest
    @MethodSource
    void validate_badMember_namesTheFieldAndTheReason(String member, String pointer, String keyword, String reason) {
        assertThat(SCHEMAS.violations("CreateCustomerRequest", customer(member)))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.pointer()).isEqualTo(pointer);
                    assertThat(violation.keyword()).isEqualTo(keyword);
                    assertThat(String.valueOf(violation.reason())).contains(reason);
                });
    }

    static Stream<Arguments> validate_badMember_namesTheFieldAndTheReason() {
        return Stream.of(
                bad("'name': ''", "/name", "minLength", ""),
                bad("'key': '" + "k".repeat(257) + "'", "/key", "maxLength", ""),
                bad("'currency': 'eur'", "/currency", "pattern", "three upper-case letters"),
                bad("'id': '01G65Z755AFWAKHE12NY0CQ9FH'", "/id", "additionalProperties", ""),
                bad("'billing_address': {'country': 'de'}", "/billing_address/country", "pattern", "two upper-case"),
                bad("'usage_attribution': {}", "/usage_attribution/subject_keys", "required", ""),
                bad(
                        "'usage_attribution': {'subject_keys': ['']}",
                        "/usage_attribution/subject_keys/0",
                        "minLength",
                        ""),
                bad("'labels': {'kong_x': 'a'}", "/labels/kong_x", "not", "reserved prefix"),
                bad("'labels': {'openmeter': 'a'}", "/labels/openmeter", "not", "reserved prefix"),
                bad("'labels': {'_x': 'a'}", "/labels/_x", "not", "reserved prefix"),
                bad("'labels': {'x-': 'a'}", "/labels/x-", "pattern", "not a valid label key"),
                bad("'labels': {'" + "x".repeat(64) + "': 'a'}", "/labels/" + "x".repeat(64), "maxLength", "label key"),
                bad("'labels': {'x': 'a b'}", "/labels/x", "pattern", "not a valid label value"),
                bad("'labels': {'x': '" + "a".repeat(64) + "'}", "/labels/x", "maxLength", "label value"),
                bad("'labels': {" + labels(51) + "}", "/labels", "maxProperties", ""));
    }

    @Test
    void validate_labelsAtTheirLimits_findsNothing() {
        String labels = "'labels': {" + labels(49) + ", '" + "x".repeat(63) + "': '" + "a".repeat(63) + "'}";

        assertThat(SCHEMAS.violations("CreateCustomerRequest", customer(labels)))
                .isEmpty();
    }

    @Test
    void upsert_isTheSameWithoutTheKey() throws IOException {
        JsonObject create = schema("CreateCustomerRequest").getJsonObject("properties");
        create.remove("key");

        assertThat(schema("UpsertCustomerRequest").getJsonObject("properties")).isEqualTo(create);
    }

    private static JsonObject schema(String name) throws IOException {
        return new JsonObject(Files.readString(Path.of("api/schemas", name + ".json")));
    }

    private static Arguments bad(String member, String pointer, String keyword, String reason) {
        return argumentSet(keyword + " " + pointer, member, pointer, keyword, reason);
    }

    /** A good customer, but for the member; of two members with one name the later one counts. */
    private static String customer(String member) {
        return "{'name': 'ACME', 'key': 'crm-1', %s}".formatted(member).replace('\'', '"');
    }

    private static String labels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "'label" + i + "': 'x'").collect(Collectors.joining(", "));
    }
}
