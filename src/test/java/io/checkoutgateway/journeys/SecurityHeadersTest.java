package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers say to browsers, and what they do not say to anyone. */
class SecurityHeadersTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static Answer answer(String... head) throws IOException {
        try (RawHttp connection = RawHttp.to(GATEWAY.get().url())) {
            return connection.request(head).answer();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /openapi.json HTTP/1.1",
                "GET /docs/ HTTP/1.1",
                "GET /docs/docs.js HTTP/1.1",
                "GET /docs/swagger-ui/swagger-ui.css HTTP/1.1",
                "GET /api/v1/checkout-sessions HTTP/1.1",
                "GET /nothing HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "POST /api/v1/checkout-sessions HTTP/1.1",
                "TRACE /api/v1/checkout-sessions HTTP/1.1",
                "nonsense"
            })
    void everyAnswer_tellsBrowsersToKeepAndGuessNothing(String request) throws IOException {
        Answer answer = answer(request);

        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Content-Security-Policy"))
                .startsWith("default-src '")
                .contains("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'");
        assertThat(answer.headers()).doesNotContainKeys("server", "x-powered-by", "via", "set-cookie");
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    @Test
    void api_answersMayLoadNothingAndAreNotKept() throws IOException {
        Answer answer = answer("GET /api/v1/checkout-sessions HTTP/1.1");

        assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none';");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void documentation_mayLoadItsOwnFilesOnlyAndNamesNoOther() throws IOException {
        Answer page = answer("GET /docs/ HTTP/1.1");

        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'self'", "base-uri 'none'", "form-action 'none'")
                .doesNotContain("http:", "https:", "*", "'unsafe-eval'");
        for (String file : List.of("index.html", "docs.js", "docs.css")) {
            assertThat(Files.readString(Path.of("src/main/resources/docs", file)))
                    .doesNotContainPattern(Pattern.compile("(src|href)=\"(https?:)?//|url\\(|import\\("));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "OPTIONS", "CONNECT", "TRACK", "DEBUG"})
    void method_ofNoOperation_isRefusedAndEchoesNothing(String method) throws IOException {
        Answer answer = answer(
                method + " /api/v1/checkout-sessions HTTP/1.1",
                "X-Planted: echo-me",
                "Origin: https://evil.test",
                "Access-Control-Request-Method: POST");

        assertThat(answer.status()).isIn(400, 405);
        assertThat(answer.body() + answer.headers()).doesNotContain("echo-me", "evil.test", "access-control");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPTIONS * HTTP/1.1",
                "CONNECT evil.test:443 HTTP/1.1",
                "GET http://evil.test/ HTTP/1.1",
                "GET //evil.test HTTP/1.1"
            })
    void target_thatIsNoPathOfOurs_isRefused(String request) throws IOException {
        Answer answer = answer(request);

        assertThat(answer.status()).isBetween(400, 499);
        assertThat(new String(answer.body().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .doesNotContain("evil.test");
    }
}
