package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.RawHttp;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.Untouched;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Too large, too slow, or no HTTP at all: a short answer, a closed connection, and nothing kept. */
class TooMuchTest {
    private static final int BODY_MAX = 2048;
    private static final int WEBHOOK_BODY_MAX = 65_536;

    /** The kernel's buffers of both ends may grow to some megabytes. */
    private static final int HELD_ON_THE_WAY = 64_000_000;

    private static final String CUSTOMERS = "/api/v3/openmeter/customers";
    private static final String JSON = "Content-Type: application/json";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of(
            "GATEWAY_BODY_MAX_BYTES", Integer.toString(BODY_MAX),
            "GATEWAY_WEBHOOK_BODY_MAX_BYTES", Integer.toString(WEBHOOK_BODY_MAX)));

    /** Nothing may happen. */
    @RegisterExtension
    private static final Untouched UNTOUCHED = new Untouched(GATEWAY);

    @RegisterExtension
    private static final GatewayExtension IMPATIENT = new GatewayExtension(Map.of("GATEWAY_BODY_TIMEOUT", "PT1S"));

    @Test
    void body_oneByteOverTheLimit_is413AndAtTheLimitIsRead() {
        String path = checkoutSessionsOf("01ARZ3NDEKTSV4RRFFQ69G5FAV");

        Answer atTheLimit = GATEWAY.client().post(path, "x".repeat(BODY_MAX));
        Answer over = GATEWAY.client().post(path, "x".repeat(BODY_MAX + 1));

        assertThat(atTheLimit.status()).isEqualTo(400);
        assertThat(over.status()).isEqualTo(413);
        assertThat(over.json().getString("code")).isEqualTo("body_too_large");
    }

    @Test
    void webhook_hasALargerLimitOfItsOwn() {
        String path = GATEWAY.get().webhookUrl().getPath();

        Answer larger = GATEWAY.client()
                .anonymous()
                .with("Stripe-Signature", SignedEvent.of("").signature())
                .post(path, "x".repeat(WEBHOOK_BODY_MAX));
        Answer tooLarge = GATEWAY.client().anonymous().post(path, "x".repeat(WEBHOOK_BODY_MAX + 1));

        assertThat(larger.json().getString("code")).isEqualTo("signature_invalid");
        assertThat(tooLarge.status()).isEqualTo(413);
    }

    @Test
    void body_ofAHundredMegabytesInChunks_is413AtOnceAndTheConnectionIsClosed() throws IOException {
        String chunk = "x".repeat(10_000);
        try (RawHttp connection = RawHttp.to(GATEWAY.get().url())) {
            connection.request("POST " + CUSTOMERS + " HTTP/1.1", JSON, "Transfer-Encoding: chunked");
            int sent = 0;
            try {
                for (; sent < 100_000_000; sent += chunk.length()) {
                    connection.write(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
                }
            } catch (IOException closed) {
                // What this test hopes for: nobody reads the rest.
            }

            assertThat(sent).as("what the buffers on the way held").isLessThan(HELD_ON_THE_WAY);
        }
    }

    @Test
    void body_announcedTooLarge_is413BeforeItIsSent() throws IOException {
        try (RawHttp connection = RawHttp.to(GATEWAY.get().url())) {
            Answer answer = connection
                    .request("POST " + CUSTOMERS + " HTTP/1.1", JSON, "Content-Length: 100000000")
                    .answer();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(connection.closed()).isTrue();
        }
    }

    @Test
    void body_announcedTooLargeAndExpectingLeave_isNotAskedFor() throws IOException {
        try (RawHttp connection = RawHttp.to(GATEWAY.get().url())) {
            Answer answer = connection
                    .request(
                            "POST " + CUSTOMERS + " HTTP/1.1",
                            JSON,
                            "Content-Length: 100000000",
                            "Expect: 100-continue")
                    .answer();

            assertThat(answer.status()).isEqualTo(413);
        }
    }

    @Test
    void body_thatTrickles_is408AndTheConnectionIsClosed() throws IOException {
        try (RawHttp connection = RawHttp.to(IMPATIENT.get().url())) {
            long startNanos = System.nanoTime();
            connection.request("POST " + CUSTOMERS + " HTTP/1.1", JSON, "Content-Length: 1000");
            connection.write("{");
            Answer answer = connection.answer();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.json().getString("code")).isEqualTo("body_too_slow");
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofMillis(900));
            assertThat(connection.closed()).isTrue();
        }
    }

    @Test
    void body_cutOff_leavesNothingAndTheServerGoesOn() throws IOException {
        try (RawHttp connection = RawHttp.to(GATEWAY.get().url())) {
            connection.request("POST " + CUSTOMERS + " HTTP/1.1", JSON, "Content-Length: 1000");
            connection.write("{\"key\": \"cut\"");
        }

        GATEWAY.client().get("/api/v1/checkout-sessions").expect(200);
    }

    static Stream<Arguments> noHttp() {
        return Stream.of(
                argumentSet("no HTTP", 400, "invalid_request", new String[] {"hello"}),
                argumentSet("no version", 400, "invalid_request", new String[] {"GET /openapi.json"}),
                argumentSet("a header without a colon", 400, "invalid_request", new String[] {
                    "GET /openapi.json HTTP/1.1", "nonsense"
                }),
                argumentSet("two lengths", 400, "invalid_request", new String[] {
                    "POST " + CUSTOMERS + " HTTP/1.1", "Content-Length: 1", "Content-Length: 2"
                }),
                argumentSet("a negative length", 400, "invalid_request", new String[] {
                    "POST " + CUSTOMERS + " HTTP/1.1", "Content-Length: -1"
                }),
                argumentSet("a broken escape in the path", 400, "invalid_request", new String[] {
                    "GET /api/v1/checkout-sessions/%zz HTTP/1.1"
                }),
                argumentSet("a broken escape in the query", 400, "invalid_request", new String[] {
                    "GET /api/v1/checkout-sessions?sort=%zz HTTP/1.1", "Authorization: Bearer KEY"
                }),
                argumentSet("an expectation", 400, "invalid_request", new String[] {
                    "POST " + CUSTOMERS + " HTTP/1.1", JSON, "Content-Length: 2", "Expect: a-miracle"
                }),
                argumentSet("a long line", 414, "uri_too_long", new String[] {
                    "GET /openapi.json?" + "x".repeat(17_000) + " HTTP/1.1"
                }),
                argumentSet("a long header", 431, "headers_too_large", new String[] {
                    "GET /openapi.json HTTP/1.1", "X-Long: " + "x".repeat(17_000)
                }));
    }

    @ParameterizedTest
    @MethodSource("noHttp")
    void request_thatIsMalformed_isAProblemLikeAnyOther(int status, String code, String[] head) throws IOException {
        String key = GATEWAY.get().key();
        for (int i = 0; i < head.length; i++) {
            head[i] = head[i].replace("KEY", key);
        }
        try (RawHttp connection = RawHttp.to(GATEWAY.get().url())) {
            Answer answer = connection.request(head).answer();

            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            JsonObject problem = answer.json();
            assertThat(problem.getString("code")).isEqualTo(code);
            assertThat(problem.getString("request_id")).isEqualTo(answer.header("X-Request-Id"));
        }
    }

    @Test
    void header_sentTwice_isRefusedByItsName() throws IOException {
        try (RawHttp connection = RawHttp.to(GATEWAY.get().url())) {
            Answer answer = connection
                    .request(
                            "POST " + CUSTOMERS + " HTTP/1.1",
                            JSON,
                            "Authorization: Bearer " + GATEWAY.get().key(),
                            "Content-Length: 0",
                            "Idempotency-Key: a",
                            "Idempotency-Key: b")
                    .answer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("Idempotency-Key", "must not be given twice");
        }
    }
}
