package io.checkoutgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FingerprintTest {
    private static final String BODY = "{\"a\": {\"b\": [1, 2], \"c\": null}, \"d\": \"x\"}";

    private static String of(String path, String body) {
        return Fingerprint.of(path, new JsonObject(body)).toString("ISO-8859-1");
    }

    static Stream<Arguments> sameRequests() {
        return Stream.of(
                argumentSet("white space", "{\"a\":{\"b\":[1,2],\"c\":null},\n\"d\":\"x\"}"),
                argumentSet("order of members", "{\"d\": \"x\", \"a\": {\"c\": null, \"b\": [1, 2]}}"),
                argumentSet("escapes", "{\"a\": {\"b\": [1, 2], \"c\": null}, \"d\": \"\\u0078\"}"));
    }

    @ParameterizedTest
    @MethodSource("sameRequests")
    void of_sameMeaning_isTheSame(String body) {
        assertThat(of("/p", body)).isEqualTo(of("/p", BODY));
    }

    static Stream<Arguments> otherRequests() {
        return Stream.of(
                argumentSet("another value", "{\"a\": {\"b\": [1, 2], \"c\": null}, \"d\": \"y\"}"),
                argumentSet("order of elements", "{\"a\": {\"b\": [2, 1], \"c\": null}, \"d\": \"x\"}"),
                argumentSet("null left out", "{\"a\": {\"b\": [1, 2]}, \"d\": \"x\"}"),
                argumentSet("text for a number", "{\"a\": {\"b\": [\"1\", 2], \"c\": null}, \"d\": \"x\"}"),
                argumentSet("one level up", "{\"a\": {\"b\": [1, 2]}, \"c\": null, \"d\": \"x\"}"),
                argumentSet("nothing", "{}"));
    }

    @ParameterizedTest
    @MethodSource("otherRequests")
    void of_otherMeaning_isAnother(String body) {
        assertThat(of("/p", body)).isNotEqualTo(of("/p", BODY));
    }

    @Test
    void of_otherPathOrNoBody_isAnother() {
        assertThat(of("/q", BODY)).isNotEqualTo(of("/p", BODY));
        assertThat(Fingerprint.of("/p", null)).isNotEqualTo(Fingerprint.of("/p", new JsonObject()));
        assertThat(Fingerprint.of("/p", null).length()).isEqualTo(32);
    }
}
