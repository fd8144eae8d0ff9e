package io.checkoutgateway.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example",
                "https://hooks.example/",
                "https://hooks.example:443/a?b=c&d=%20",
                "https://hooks.example:1024/a",
                "https://hooks.example:65535/a",
                "https://xn--bcher-kva.example/a",
                "https://[2606:4700::1111]:8443/a",
                "https://1.1.1.1/a",
                "HTTPS://hooks.example/a",
                "http://localhost:8080/a",
                "http://127.0.0.1/a"
            })
    void of_goodUrl_isKeptAsWritten(String text) {
        assertThat(EndpointUrl.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://hooks.example/a,              format",
        "file:///etc/passwd,                 format",
        "gopher://hooks.example/,            format",
        "https:///a,                         format",
        "https:hooks.example,                format",
        "hooks.example/a,                    format",
        "//hooks.example/a,                  format",
        "https://under_score.example/a,      format",
        "https://bücher.example/a,           format",
        "https://hooks.example/a b,          format",
        "https://hooks.example\\a,           format",
        "https://[::1/a,                     format",
        "https://user@hooks.example/a,       userinfo",
        "https://user:word@hooks.example/a,  userinfo",
        "https://1.1.1.1@127.0.0.1/a,        userinfo",
        "https://hooks.example/a#b,          fragment",
        "https://hooks.example:0/a,          port",
        "https://hooks.example:22/a,         port",
        "https://hooks.example:25/a,         port",
        "https://hooks.example:444/a,        port",
        "https://hooks.example:1023/a,       port",
        "https://hooks.example:65536/a,      port"
    })
    void of_badUrl_namesTheRule(String text, String rule) {
        GatewayException refusal = catchThrowableOfType(GatewayException.class, () -> EndpointUrl.of(text));

        assertThat(refusal.invalidParameters()).hasSize(1);
        InvalidParameter parameter = refusal.invalidParameters().get(0);
        assertThat(parameter.field()).isEqualTo("url");
        assertThat(parameter.rule()).isEqualTo(rule);
        assertThat(parameter.pointer()).isEqualTo("/url");
    }

    @Test
    void of_longUrl_isRefusedAt2049Characters() {
        String longest = "https://hooks.example/" + "a".repeat(2048 - "https://hooks.example/".length());

        assertThat(EndpointUrl.of(longest)).hasToString(longest);
        assertThat(catchThrowableOfType(GatewayException.class, () -> EndpointUrl.of(longest + "a")))
                .hasMessageContaining("at most 2048 characters");
    }
}
