package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.Refusals.assertNames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Untouched;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no JSON object, or not what the contract asks for, is refused; nothing is stored and Stripe hears of nothing. */
class BadBodiesTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    /** Nothing may happen. */
    @RegisterExtension
    private static final Untouched UNTOUCHED = new Untouched(GATEWAY);

    private static final String CUSTOMERS = "/api/v3/openmeter/customers";

    private static String createSession = "";

    @BeforeAll
    static void remember() {
        createSession = checkoutSessionsOf(GATEWAY.customer());
    }

    static Stream<Arguments> notJson() {
        String nul = "{\"stripe_options\": {\"success_url\": \"https://a.example/\\u0000\"}}";
        return Stream.of(
                argumentSet("empty", "", "body", "must not be empty"),
                argumentSet("white space", "   \n", "body", "must be"),
                argumentSet("half an object", "{\"stripe_options\": {", "body", "line 1"),
                argumentSet("a trailing comma", "{\"stripe_options\": {},}", "body", "line 1"),
                argumentSet("trailing garbage", "{\"stripe_options\": {}} x", "body", "line 1"),
                argumentSet("two objects", "{} {}", "body", "line 1"),
                argumentSet("a comment", "{/* */}", "body", "line 1"),
                argumentSet("single quotes", "{'a': 1}", "body", "line 1"),
                argumentSet("a bare word", "hello", "body", "line 1"),
                argumentSet("not a number", "{\"stripe_options\": NaN}", "body", "line 1"),
                argumentSet("an array", "[]", "body", "must be a JSON object"),
                argumentSet("a string", "\"text\"", "body", "must be a JSON object"),
                argumentSet("null", "null", "body", "must be a JSON object"),
                argumentSet("a number", "5", "body", "must be a JSON object"),
                argumentSet("a member twice", "{\"stripe_options\": {}, \"stripe_options\": {}}", "body", "repeated"),
                argumentSet("deep arrays", "{\"a\":" + "[".repeat(25_000), "body", "nested deeper"),
                argumentSet("deep objects", "{\"a\":".repeat(10_000), "body", "nested deeper"),
                argumentSet("a control character", "{\"a\": \"\n\"}", "body", "line"),
                argumentSet("a number of 5,000 digits", "{\"a\": " + "9".repeat(5_000) + "}", "body", "longer"),
                argumentSet("NUL in a value", nul, "stripe_options.success_url", "NUL"),
                argumentSet("NUL in a name", "{\"stripe_options\": {\"a\\u0000b\": 1}}", "stripe_options", "NUL"),
                argumentSet(
                        "half a pair",
                        "{\"stripe_options\": {\"locale\": \"\\ud800\"}}",
                        "stripe_options.locale",
                        "pair"));
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void createSession_bodyThatIsNoJsonObject_isRefusedWithThePlace(String body, String field, String reason) {
        Answer answer = GATEWAY.client().post(createSession, body).expect(400);

        assertNames(answer, field, reason);
    }

    static Stream<Arguments> brokenBytes() {
        return Stream.of(
                argumentSet("invalid UTF-8", bytes("{\"a\": \"", 0xff, "\"}")),
                argumentSet("a cut sequence", bytes("{\"a\": \"", 0xe2, "\"}")),
                argumentSet("Latin-1", "{\"a\": \"café\"}".getBytes(StandardCharsets.ISO_8859_1)),
                argumentSet("UTF-16", "{\"stripe_options\": {}}".getBytes(StandardCharsets.UTF_16)));
    }

    private static byte[] bytes(String before, int wrong, String after) {
        return (before + (char) wrong + after).getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("brokenBytes")
    void createSession_bytesThatAreNoUtf8_areRefused(byte[] body) {
        Answer answer = GATEWAY.client()
                .send("POST", createSession, BodyPublishers.ofByteArray(body), "application/json")
                .expect(400);

        assertNames(answer, "body", "UTF-8");
    }

    private static JsonObject entries(int count) {
        JsonObject entries = new JsonObject();
        for (int i = 0; i < count; i++) {
            entries.put("key" + i, "x");
        }
        return entries;
    }

    static Stream<Arguments> customers() {
        return Stream.of(
                customer("no key", "\"name\": \"A\"", "key", "is required"),
                customer("no name", "\"key\": \"a\"", "name", "is required"),
                customer("empty name", "\"key\": \"a\", \"name\": \"\"", "name", "too short"),
                customer("long key", "\"key\": \"" + "x".repeat(257) + "\", \"name\": \"A\"", "key", "too long"),
                customer("name null", "\"key\": \"a\", \"name\": null", "name", "must be of type string"),
                customer("unknown", "\"key\": \"a\", \"name\": \"A\", \"id\": \"x\"", "id", "not a known property"),
                customer("currency", "\"key\": \"a\", \"name\": \"A\", \"currency\": \"euro\"", "currency", ""),
                customer(
                        "country",
                        "\"key\": \"a\", \"name\": \"A\", \"billing_address\": {\"country\": \"DEU\"}",
                        "billing_address.country",
                        ""),
                customer(
                        "address unknown",
                        "\"key\": \"a\", \"name\": \"A\", \"billing_address\": {\"zip\": \"1\"}",
                        "billing_address.zip",
                        "not a known property"),
                customer(
                        "label value",
                        "\"key\": \"a\", \"name\": \"A\", \"labels\": {\"a\": \"-\"}",
                        "labels.a",
                        "not a valid label value"),
                customer(
                        "label value with a line end",
                        "\"key\": \"a\", \"name\": \"A\", \"labels\": {\"a\": \"x\\n\"}",
                        "labels.a",
                        "not a valid label value"),
                customer(
                        "label key",
                        "\"key\": \"a\", \"name\": \"A\", \"labels\": {\"a b\": \"x\"}",
                        "labels.a b",
                        "not a valid label key"),
                customer(
                        "label prefix",
                        "\"key\": \"a\", \"name\": \"A\", \"labels\": {\"kong_a\": \"x\"}",
                        "labels.kong_a",
                        "reserved prefix"),
                customer("51 labels", "\"key\": \"a\", \"name\": \"A\", \"labels\": " + entries(51), "labels", "50"),
                customer(
                        "subject empty",
                        "\"key\": \"a\", \"name\": \"A\", \"usage_attribution\": {\"subject_keys\": [\"\"]}",
                        "usage_attribution.subject_keys.0",
                        "too short"),
                customer("NUL", "\"key\": \"a\\u0000\", \"name\": \"A\"", "key", "NUL"),
                customer(
                        "NUL in a label",
                        "\"key\": \"a\", \"name\": \"A\", \"labels\": {\"a\": \"\\u0000\"}",
                        "labels.a",
                        "NUL"));
    }

    private static Arguments customer(String name, String members, String field, String reason) {
        return argumentSet(name, "{" + members + "}", field, reason);
    }

    @ParameterizedTest
    @MethodSource("customers")
    void createCustomer_memberThatBreaksARule_isRefusedByItsName(String body, String field, String reason) {
        Answer answer = GATEWAY.client().post(CUSTOMERS, body).expect(400);

        assertNames(answer, field, reason);
    }

    /** Clients may hold the list to be one without repetitions. */
    @Test
    void createCustomer_severalNamesThatCannotBeStored_nameTheirObjectOnce() {
        Answer answer = GATEWAY.client()
                .post(
                        CUSTOMERS,
                        "{\"key\": \"a\", \"name\": \"A\", \"labels\": {\"a\\u0000\": \"x\", \"b\\u0000\": \"y\"}}")
                .expect(400);

        assertThat(answer.json().getJsonArray("invalid_parameters")).hasSize(1);
    }

    @Test
    void createCustomer_valueBelowAnOddName_isPointedAt() {
        Answer answer = GATEWAY.client()
                .post(CUSTOMERS, "{\"key\": \"a\", \"name\": \"A\", \"labels\": {\"a.b/c~d\": \"\\u0000\"}}")
                .expect(400);

        assertThat(answer.json()
                        .getJsonArray("invalid_parameters")
                        .getJsonObject(0)
                        .getString("pointer"))
                .isEqualTo("/labels/a.b~1c~0d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/jsonp",
                "application/problem+json",
                "multipart/form-data",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded",
                ";",
                "",
            })
    void createCustomer_otherMediaType_is415(String contentType) {
        Answer answer = GATEWAY.client()
                .send("POST", CUSTOMERS, BodyPublishers.ofString("{\"key\": \"a\", \"name\": \"A\"}"), contentType)
                .expect(415);

        assertThat(answer.json().getString("code")).isEqualTo("unsupported_media_type");
    }

    @Test
    void createCustomer_noMediaType_is415() {
        Answer answer = GATEWAY.client()
                .send("POST", CUSTOMERS, BodyPublishers.ofString("{\"key\": \"a\", \"name\": \"A\"}"), null)
                .expect(415);

        assertThat(answer.json().getString("detail")).contains("missing");
    }
}
