package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Untouched;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is refused with the caller's own word for it; nothing is stored and Stripe hears of nothing. */
class BadInputsTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static final String CUSTOMERS = "/api/v3/openmeter/customers";
    private static final String SESSIONS = "/api/v1/checkout-sessions";
    private static final String NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static String createSession = "";
    private static Untouched untouched;

    @BeforeAll
    static void remember() {
        createSession = checkoutSessionsOf(GATEWAY.customer());
        untouched = Untouched.since(GATEWAY.get());
    }

    @AfterEach
    void nothingHappened() {
        untouched.check();
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

    static Stream<Arguments> options() {
        long now = Instant.now().getEpochSecond();
        String ok = "\"success_url\": \"https://a.example\"";
        return Stream.of(
                argumentSet("none", "{}", "stripe_options", "is required"),
                argumentSet("null", "{\"stripe_options\": null}", "stripe_options", "must be of type object"),
                argumentSet("a string", "{\"stripe_options\": \"x\"}", "stripe_options", "must be of type object"),
                argumentSet("an unknown sibling", full(ok, "\"more\": 1"), "more", "not a known property"),
                options("unknown", ok + ", \"colour\": \"red\"", "colour", "not a known property"),
                options("no success_url", "", "success_url", "required when ui_mode is hosted"),
                options("success_url of no scheme", "\"success_url\": \"shop\"", "success_url", "must be an absolute"),
                options("success_url javascript", "\"success_url\": \"javascript:x\"", "success_url", "absolute"),
                options("success_url of no host", "\"success_url\": \"https:///x\"", "success_url", "host"),
                options("success_url http", "\"success_url\": \"http://a.example\"", "success_url", "https://"),
                options("success_url with user", "\"success_url\": \"https://u:p@a.example\"", "success_url", "user"),
                options(
                        "success_url with space",
                        "\"success_url\": \"https://a.example/a b\"",
                        "success_url",
                        "encoded"),
                options(
                        "success_url too long",
                        "\"success_url\": \"https://a.example/" + "x".repeat(5000) + "\"",
                        "success_url",
                        "5000"),
                options("success_url number", "\"success_url\": 5", "success_url", "http"),
                options("cancel_url of no scheme", ok + ", \"cancel_url\": \"//a.example\"", "cancel_url", "absolute"),
                options(
                        "return_url with hosted",
                        ok + ", \"return_url\": \"https://a.example\"",
                        "return_url",
                        "only allowed when ui_mode is embedded"),
                options(
                        "redirect with hosted",
                        ok + ", \"redirect_on_completion\": \"never\"",
                        "redirect_on_completion",
                        "embedded"),
                options(
                        "success_url with embedded",
                        "\"ui_mode\": \"embedded\", \"return_url\": \"https://a.example\", " + ok,
                        "success_url",
                        "not allowed when ui_mode is embedded"),
                options(
                        "wrong success_url with embedded",
                        "\"ui_mode\": \"embedded\", \"return_url\": \"https://a.example\", \"success_url\": \"x\"",
                        "success_url",
                        "not allowed"),
                options(
                        "cancel_url with embedded",
                        "\"ui_mode\": \"embedded\", \"return_url\": \"https://a.example\", \"cancel_url\": \"https://a.example\"",
                        "cancel_url",
                        "not allowed"),
                options(
                        "no return_url",
                        "\"ui_mode\": \"embedded\"",
                        "return_url",
                        "required when ui_mode is embedded"),
                options(
                        "ui_mode unknown",
                        ok + ", \"ui_mode\": \"custom\"",
                        "ui_mode",
                        "must be one of embedded, hosted"),
                options("ui_mode empty", ok + ", \"ui_mode\": \"\"", "ui_mode", "must be one of"),
                options("ui_mode number", ok + ", \"ui_mode\": 1", "ui_mode", "must be of type string"),
                options("currency in small letters", ok + ", \"currency\": \"eur\"", "currency", ""),
                options("currency with line end", ok + ", \"currency\": \"EUR\\n\"", "currency", ""),
                options("locale unknown", ok + ", \"locale\": \"xx\"", "locale", "not a locale Stripe Checkout speaks"),
                options("locale number", ok + ", \"locale\": 5", "locale", "not a locale Stripe Checkout speaks"),
                options("reference empty", ok + ", \"client_reference_id\": \"\"", "client_reference_id", "too short"),
                options(
                        "reference too long",
                        ok + ", \"client_reference_id\": \"" + "x".repeat(201) + "\"",
                        "client_reference_id",
                        "too long"),
                options("metadata an array", ok + ", \"metadata\": []", "metadata", "must be of type object"),
                options("metadata number", ok + ", \"metadata\": {\"a\": 1}", "metadata.a", "must be of type string"),
                options("metadata nested", ok + ", \"metadata\": {\"a\": {}}", "metadata.a", "must be of type string"),
                options("metadata empty value", ok + ", \"metadata\": {\"a\": \"\"}", "metadata.a", "too short"),
                options(
                        "metadata long value",
                        ok + ", \"metadata\": {\"a\": \"" + "x".repeat(501) + "\"}",
                        "metadata.a",
                        "too long"),
                options(
                        "metadata reserved key",
                        ok + ", \"metadata\": {\"om_namespace\": \"x\"}",
                        "metadata.om_namespace",
                        "keeps for itself"),
                options(
                        "metadata reserved id",
                        ok + ", \"metadata\": {\"gateway_session_id\": \"x\"}",
                        "metadata.gateway_session_id",
                        "keeps for itself"),
                options(
                        "metadata key with brackets",
                        ok + ", \"metadata\": {\"a[b]\": \"x\"}",
                        "metadata.a[b]",
                        "square brackets"),
                options(
                        "metadata key with a quote",
                        ok + ", \"metadata\": {\"[\\\"a\": \"x\"}",
                        "metadata.[\"a",
                        "square brackets"),
                options("metadata empty key", ok + ", \"metadata\": {\"\": \"x\"}", "metadata.", "1 to 40 characters"),
                options(
                        "metadata long key",
                        ok + ", \"metadata\": {\"" + "k".repeat(41) + "\": \"x\"}",
                        "metadata." + "k".repeat(41),
                        "1 to 40 characters"),
                options("46 metadata keys", ok + ", \"metadata\": " + entries(46), "metadata", "45"),
                options("expires_at text", ok + ", \"expires_at\": \"tomorrow\"", "expires_at", "whole number"),
                options("expires_at fraction", ok + ", \"expires_at\": " + now + ".5", "expires_at", "whole number"),
                options("expires_at past", ok + ", \"expires_at\": 1", "expires_at", "between 30 minutes and 24 hours"),
                options("expires_at negative", ok + ", \"expires_at\": -1", "expires_at", ""),
                options("expires_at in milliseconds", ok + ", \"expires_at\": " + now + "000", "expires_at", ""),
                options(
                        "expires_at 10^19",
                        ok + ", \"expires_at\": 10000000000000000000",
                        "expires_at",
                        "before the year 10000"),
                options("expires_at 10^400", ok + ", \"expires_at\": 1e400", "expires_at", ""),
                options(
                        "expires_at 2^63-1",
                        ok + ", \"expires_at\": 9223372036854775807",
                        "expires_at",
                        "before the year 10000"),
                options(
                        "no payment method types",
                        ok + ", \"payment_method_types\": []",
                        "payment_method_types",
                        "too few"),
                options(
                        "a type twice",
                        ok + ", \"payment_method_types\": [\"card\", \"card\"]",
                        "payment_method_types",
                        ""),
                options(
                        "a type of spaces",
                        ok + ", \"payment_method_types\": [\"a card\"]",
                        "payment_method_types.0",
                        "must be one of Stripe's names"),
                options(
                        "a type with a line end",
                        ok + ", \"payment_method_types\": [\"card\\n\"]",
                        "payment_method_types.0",
                        "must be one of Stripe's names"),
                options(
                        "types as text",
                        ok + ", \"payment_method_types\": \"card\"",
                        "payment_method_types",
                        "must be of type array"),
                options(
                        "custom text too long",
                        ok + ", \"custom_text\": {\"submit\": {\"message\": \"" + "x".repeat(1201) + "\"}}",
                        "custom_text.submit.message",
                        "too long"),
                options(
                        "custom text of nothing",
                        ok + ", \"custom_text\": {\"submit\": {}}",
                        "custom_text.submit.message",
                        "required"),
                options(
                        "custom text unknown",
                        ok + ", \"custom_text\": {\"header\": {\"message\": \"x\"}}",
                        "custom_text.header",
                        "not a known property"),
                options(
                        "tax ids without name",
                        ok + ", \"tax_id_collection\": {\"enabled\": true}",
                        "customer_update",
                        "required, with name set to auto"),
                options(
                        "tax ids, name never",
                        ok + ", \"tax_id_collection\": {\"enabled\": true}, \"customer_update\": {\"name\": \"never\"}",
                        "customer_update.name",
                        "must be auto"),
                options(
                        "tax ids enabled text",
                        ok + ", \"tax_id_collection\": {\"enabled\": \"yes\"}",
                        "tax_id_collection.enabled",
                        "must be of type boolean"),
                options(
                        "consent unknown",
                        ok + ", \"consent_collection\": {\"promotions\": \"all\"}",
                        "consent_collection.promotions",
                        "must be one of"));
    }

    private static Arguments options(String name, String members, String field, String reason) {
        return argumentSet(name, "{\"stripe_options\": {" + members + "}}", "stripe_options." + field, reason);
    }

    private static String full(String members, String sibling) {
        return "{\"stripe_options\": {" + members + "}, " + sibling + "}";
    }

    private static JsonObject entries(int count) {
        JsonObject entries = new JsonObject();
        for (int i = 0; i < count; i++) {
            entries.put("key" + i, "x");
        }
        return entries;
    }

    @ParameterizedTest
    @MethodSource("options")
    void createSession_optionThatBreaksARule_isRefusedByItsName(String body, String field, String reason) {
        Answer answer = GATEWAY.client().post(createSession, body).expect(400);

        assertNames(answer, field, reason);
    }

    @Test
    void createSession_severalMistakes_areAllNamedOnceEach() {
        Answer answer = GATEWAY.client()
                .post(
                        createSession,
                        "{\"stripe_options\": {\"ui_mode\": \"embedded\", \"success_url\": \"x\", \"locale\": 1, \"y\": 2}}")
                .expect(400);

        List<String> fields = answer.json().getJsonArray("invalid_parameters").stream()
                .map(each -> ((JsonObject) each).getString("field"))
                .toList();
        assertThat(fields)
                .containsExactlyInAnyOrder(
                        "stripe_options.success_url",
                        "stripe_options.return_url",
                        "stripe_options.locale",
                        "stripe_options.y");
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

    static Stream<Arguments> headers() {
        return Stream.of(
                argumentSet("key too long", "Idempotency-Key", "k".repeat(256)),
                argumentSet("key with a space", "Idempotency-Key", "a b"),
                argumentSet("key that is empty", "Idempotency-Key", ""),
                argumentSet("request id with a space", "X-Request-Id", "a b"),
                argumentSet("request id like markup", "X-Request-Id", "<script>"),
                argumentSet("request id too long", "X-Request-Id", "r".repeat(129)));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void createSession_headerThatBreaksARule_isRefusedAndNotEchoed(String name, String value) {
        Answer answer = GATEWAY.client()
                .with(name, value)
                .post(createSession, ContractClient.hosted())
                .expect(400);

        assertNames(answer, name, "must have 1 to");
        assertThat(answer.header("X-Request-Id")).matches("[0-9A-Z]{26}");
    }

    static Stream<Arguments> nowhere() {
        return Stream.of(
                argumentSet("root", "GET", "/"),
                argumentSet("unknown", "GET", "/api/v1/nothing"),
                argumentSet("one segment more", "GET", SESSIONS + "/" + NOBODY + "/more"),
                argumentSet("other case", "GET", "/API/v1/checkout-sessions"),
                argumentSet("the file that was asked for", "GET", "/../../etc/passwd"),
                argumentSet("class files", "GET", "/docs/%2e%2e/io/checkoutgateway/Main.class"),
                argumentSet("a post to nowhere", "POST", "/api/v1/nothing"));
    }

    @ParameterizedTest
    @MethodSource("nowhere")
    void request_pathOfNoOperation_is404(String method, String path) {
        Answer answer = GATEWAY.client()
                .send(method, path, BodyPublishers.noBody(), null)
                .expect(404);

        assertThat(answer.json().getString("code")).isEqualTo("route_not_found");
    }

    static Stream<Arguments> badIds() {
        return Stream.of(
                argumentSet("a word", SESSIONS + "/nonsense"),
                argumentSet("a ULID too short", SESSIONS + "/" + NOBODY.substring(1)),
                argumentSet("a ULID too long", SESSIONS + "/" + NOBODY + "0"),
                argumentSet("a ULID in small letters", SESSIONS + "/" + NOBODY.toLowerCase(java.util.Locale.ROOT)),
                argumentSet("a ULID beyond time", SESSIONS + "/8" + NOBODY.substring(1)),
                argumentSet("a ULID and a line end", SESSIONS + "/" + NOBODY + "%0A"),
                argumentSet("NUL", SESSIONS + "/cs_%00"),
                argumentSet("an injection", SESSIONS + "/cs_1'%20OR%201=1--"),
                argumentSet("invalid UTF-8", SESSIONS + "/%ff%fe"),
                argumentSet("an encoded slash", SESSIONS + "/a%2Fb"),
                argumentSet("an id of nobody", SESSIONS + "/" + NOBODY),
                argumentSet("Stripe's id of nobody", SESSIONS + "/cs_test_nobody"),
                argumentSet("a very long id", SESSIONS + "/cs_" + "a".repeat(300)),
                argumentSet("a customer's word", CUSTOMERS + "/acme"),
                argumentSet("a customer of nobody", CUSTOMERS + "/" + NOBODY),
                argumentSet("a number of no row", "/api/v1/djstripe/checkout-sessions/9999999999"),
                argumentSet("number zero", "/api/v1/djstripe/checkout-sessions/0"),
                argumentSet("a negative number", "/api/v1/djstripe/checkout-sessions/-1"));
    }

    @ParameterizedTest
    @MethodSource("badIds")
    void read_idOfNothing_is404(String path) {
        Answer answer = GATEWAY.client().get(path).expect(404);

        assertThat(answer.json().getString("code")).isEqualTo("not_found");
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                argumentSet("PUT customers", "PUT", CUSTOMERS, "POST"),
                argumentSet("GET create", "GET", createSession(), "POST"),
                argumentSet("DELETE session", "DELETE", SESSIONS + "/" + NOBODY, "GET"),
                argumentSet("POST sessions", "POST", SESSIONS, "GET"),
                argumentSet("HEAD sessions", "HEAD", SESSIONS, "GET"),
                argumentSet("OPTIONS sessions", "OPTIONS", SESSIONS, "GET"),
                argumentSet("an own method", "BREW", SESSIONS, "GET"),
                argumentSet("GET expire", "GET", SESSIONS + "/" + NOBODY + "/expire", "POST"));
    }

    private static String createSession() {
        return checkoutSessionsOf(NOBODY);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void request_otherMethod_is405AndNamesTheRightOne(String method, String path, String allowed) {
        Answer answer = GATEWAY.client()
                .send(method, path, BodyPublishers.noBody(), null)
                .expect(405);

        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    static Stream<Arguments> queries() {
        return Stream.of(
                argumentSet("on a read", SESSIONS + "/" + NOBODY + "?verbose=1", "verbose", "not a parameter"),
                argumentSet("on a list", SESSIONS + "?limit=1", "limit", "not a parameter"),
                argumentSet("on a create", CUSTOMERS + "?dry_run=1", "dry_run", "not a parameter"),
                argumentSet("twice", SESSIONS + "?sort=id&sort=id", "sort", "twice"),
                argumentSet("an open bracket", SESSIONS + "?page[size=1", "page[size", "brackets"),
                argumentSet("an empty bracket", SESSIONS + "?page[]=1", "page[]", "brackets"),
                argumentSet("only a bracket", SESSIONS + "?[a]=1", "[a]", ""),
                argumentSet("too deep", SESSIONS + "?filter[a][b][c]=1", "filter[a][b][c]", "brackets"),
                argumentSet("with and without", SESSIONS + "?page=1&page[size]=1", "page[size]", "inner name"),
                argumentSet("101 parameters", SESSIONS + "?" + many(101), "query", "100"));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void request_unknownOrAmbiguousParameter_isRefusedByItsName(String path, String field, String reason) {
        ContractClient client = GATEWAY.client();
        Answer answer = path.startsWith(CUSTOMERS)
                ? client.post(encoded(path), "{\"key\": \"q\", \"name\": \"Q\"}")
                : client.get(encoded(path));

        assertNames(answer.expect(400), field, reason);
    }

    private static String many(int count) {
        return IntStream.range(0, count).mapToObj(i -> "a" + i + "=1").collect(Collectors.joining("&"));
    }

    private static String encoded(String path) {
        return path.replace("[", "%5B").replace("]", "%5D");
    }

    /** The answer names the field, gives the reason, and tells nothing of the inside. */
    private static void assertNames(Answer answer, String field, String reason) {
        assertThat(answer.json().getString("code")).isEqualTo("invalid_request");
        List<JsonObject> parameters = answer.json().getJsonArray("invalid_parameters").stream()
                .map(JsonObject.class::cast)
                .toList();
        assertThat(parameters).as(answer.body()).anySatisfy(parameter -> {
            assertThat(parameter.getString("field")).isEqualTo(field);
            assertThat(parameter.getString("reason")).contains(reason);
        });
        assertThat(answer.body())
                .doesNotContain("Exception", "java.", "io.vertx", "checkoutgateway", "\\tat ", "jackson");
    }
}
