package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.Refusals.assertNames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Untouched;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, methods, headers and parameters of no operation are refused clearly, and change nothing. */
class BadRequestsTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    /** Nothing may happen. */
    @RegisterExtension
    private static final Untouched UNTOUCHED = new Untouched(GATEWAY);

    private static final String CUSTOMERS = "/api/v3/openmeter/customers";
    private static final String SESSIONS = "/api/v1/checkout-sessions";
    private static final String NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static String createSession = "";

    @BeforeAll
    static void remember() {
        createSession = checkoutSessionsOf(GATEWAY.customer());
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

    @ParameterizedTest
    @ValueSource(
            strings = {CUSTOMERS, CUSTOMERS + "/", "/api/v3/openmeter/%63ustomers", "/api/v3//openmeter/x/../customers"
            })
    void list_pathWrittenInAnotherWay_isTheSameOperation(String path) {
        GATEWAY.client().get(path).expect(200);
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
                argumentSet("PUT customers", "PUT", CUSTOMERS, "GET, POST"),
                argumentSet("PATCH customer", "PATCH", CUSTOMERS + "/" + NOBODY, "DELETE, GET, PUT"),
                argumentSet("GET create", "GET", createSession(), "POST"),
                argumentSet("DELETE session", "DELETE", SESSIONS + "/" + NOBODY, "GET"),
                argumentSet("PUT sessions", "PUT", SESSIONS, "GET, POST"),
                argumentSet("HEAD sessions", "HEAD", SESSIONS, "GET, POST"),
                argumentSet("OPTIONS sessions", "OPTIONS", SESSIONS, "GET, POST"),
                argumentSet("an own method", "BREW", SESSIONS, "GET, POST"),
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
}
