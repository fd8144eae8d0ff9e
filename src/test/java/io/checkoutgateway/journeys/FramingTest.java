package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.RawHttp;
import io.checkoutgateway.testing.Untouched;
import java.io.IOException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where one request ends and the next begins is said in one way only: whatever a proxy in front might read another way
 * is refused, and what follows it on the connection is never answered. (RFC 9112, sections 2.2, 5.1, 5.2, 6 and 11.2.)
 */
class FramingTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    /** Nothing may happen. */
    @RegisterExtension
    private static final Untouched UNTOUCHED = new Untouched(GATEWAY);

    private static final String POST = "POST /api/v3/openmeter/customers HTTP/1.1\r\nHost: gateway.test\r\n";
    private static final String SMUGGLED = "GET /openapi.json HTTP/1.1\r\nHost: gateway.test\r\n\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    static Stream<Arguments> ambiguous() {
        return Stream.of(
                argumentSet("a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                argumentSet("chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
                argumentSet("the same length twice", "Content-Length: 0\r\nContent-Length: 0\r\n\r\n"),
                argumentSet("two lengths in one line", "Content-Length: 0, 0\r\n\r\n"),
                argumentSet("other lengths", "Content-Length: 0\r\nContent-Length: 44\r\n\r\n"),
                argumentSet("a signed length", "Content-Length: +0\r\n\r\n"),
                argumentSet("a hexadecimal length", "Content-Length: 0x0\r\n\r\n"),
                argumentSet("a length that is no number", "Content-Length: zero\r\n\r\n"),
                argumentSet("an empty length", "Content-Length: \r\n\r\n"),
                argumentSet("a length beyond numbers", "Content-Length: 99999999999999999999\r\n\r\n"),
                argumentSet("an encoding nobody knows", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                argumentSet("chunks that are not last", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                argumentSet(
                        "chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                argumentSet(
                        "chunks and another line",
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n"),
                argumentSet("identity and a length", "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n"),
                argumentSet("a vertical tab before chunked", "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                argumentSet("a blank before the colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                argumentSet("a blank before the first header", " Content-Length: 0\r\n\r\n"),
                argumentSet("a NUL in a name", "X\0Y: a\r\nContent-Length: 0\r\n\r\n"),
                argumentSet("a NUL in a value", "X-A: a\0b\r\nContent-Length: 0\r\n\r\n"),
                argumentSet("a bare CR in a value", "X-A: a\rContent-Length: 44\r\n\r\n"),
                argumentSet("a size that is no number", "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"),
                argumentSet("a negative size", "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n"),
                argumentSet("a size beyond numbers", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n\r\n"),
                argumentSet("a second host", "Host: evil.test\r\nContent-Length: 0\r\n\r\n"),
                argumentSet("the same host twice", "Host: gateway.test\r\nContent-Length: 0\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("ambiguous")
    void request_thatCouldEndElsewhere_isRefusedAndWhatFollowsIsNotAnswered(String rest) throws IOException {
        String answers = answersTo(POST + rest + SMUGGLED);

        assertThat(statuses(answers))
                .as(answers.substring(0, Math.min(answers.length(), 2_000)))
                .hasSizeLessThanOrEqualTo(1)
                .allSatisfy(status -> assertThat(status).isEqualTo("400"));
    }

    static Stream<Arguments> bareLines() {
        return Stream.of(
                argumentSet("a bare LF after the first line", "GET /openapi.yaml HTTP/1.1\nHost: gateway.test\r\n\r\n"),
                argumentSet("bare LFs", "GET /openapi.yaml HTTP/1.1\nHost: gateway.test\n\n"),
                argumentSet("another version", "GET /openapi.yaml HTTP/3.7\r\nHost: gateway.test\r\n\r\n"),
                argumentSet("no version", "GET /openapi.yaml\r\n\r\n"),
                argumentSet("no host", "GET /openapi.yaml HTTP/1.1\r\n\r\n"),
                argumentSet("a host that is none", "GET /openapi.yaml HTTP/1.1\r\nHost: a/b@c d\r\n\r\n"),
                argumentSet("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                argumentSet("a method with a blank", "GET\t/openapi.yaml\tHTTP/1.1\r\nHost: gateway.test\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("bareLines")
    void firstLine_thatIsNotAsItShouldBe_isNotTakenForTwoRequests(String request) throws IOException {
        String answers = answersTo(request);

        assertThat(statuses(answers)).as(answers).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void upgradeToHttp2_isNotAnswered() throws IOException {
        String answers =
                answersTo("GET /openapi.yaml HTTP/1.1\r\nHost: gateway.test\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n");

        assertThat(statuses(answers)).containsExactly("200");
    }

    @Test
    void manyRequestsInOneWrite_areAnsweredInOrder() throws IOException {
        String one = "GET /api/v1/checkout-sessions/%d HTTP/1.1\r\nHost: gateway.test\r\nX-Request-Id: r%d\r\n\r\n";
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            requests.append(one.formatted(i, i));
        }

        String answers = answersTo(requests.toString());

        assertThat(statuses(answers)).hasSize(500).containsOnly("401");
        assertThat(Pattern.compile("(?i)x-request-id: r(\\d+)")
                        .matcher(answers)
                        .results()
                        .map(id -> id.group(1)))
                .isEqualTo(Stream.iterate(0, i -> i + 1)
                        .limit(500)
                        .map(String::valueOf)
                        .toList());
    }

    /** Everything that comes back until the server has nothing more to say. */
    private static String answersTo(String bytes) throws IOException {
        try (RawHttp connection = RawHttp.to(GATEWAY.get().url())) {
            return connection.write(bytes).everything();
        }
    }

    private static java.util.List<String> statuses(String answers) {
        return STATUS.matcher(answers).results().map(found -> found.group(1)).toList();
    }
}
