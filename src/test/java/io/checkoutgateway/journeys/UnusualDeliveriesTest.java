package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.RawHttp;
import io.checkoutgateway.testing.SignedEvent;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Stripe signed is taken, whatever stands round it; what is refused before it is looked at is seen all the same. */
class UnusualDeliveriesTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY =
            new GatewayExtension(Map.of("GATEWAY_WEBHOOK_BODY_MAX_BYTES", "65536", "GATEWAY_BODY_TIMEOUT", "PT1S"));

    private static SignedEvent event() {
        return SignedEvent.of(SignedEvent.event("invoice.paid", new JsonObject().put("id", "in_1"))
                .encode());
    }

    private static String path() {
        return GATEWAY.get().webhookUrl().getPath();
    }

    private static String head(String path, int length, String... headers) {
        return "POST " + path + " HTTP/1.1\r\nHost: gateway.test\r\nContent-Length: " + length + "\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private static int deliver(String path, SignedEvent event, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Stripe-Signature: " + event.signature());
        try (RawHttp http = RawHttp.to(GATEWAY.get().url())) {
            int length = event.body().getBytes(StandardCharsets.UTF_8).length;
            http.write(head(path, length, all.toArray(String[]::new)) + event.body());
            return http.answer().status();
        }
    }

    private static int deliver(SignedEvent event, String... headers) throws IOException {
        return deliver(path(), event, headers);
    }

    private static String metrics() throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(GATEWAY.get().managementUrl().resolve("/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static void awaitRefused(String reason, int count) {
        Awaitility.await().untilAsserted(() -> {
            GATEWAY.get().gateway().countSoon();
            assertThat(refusedFor(reason)).isEqualTo(count);
        });
    }

    private static int refusedFor(String reason) {
        String app = path().split("/")[4];
        return GATEWAY.client().get("/api/v1/admin/refused-deliveries").expect(200).json().getJsonArray("data").stream()
                .map(JsonObject.class::cast)
                .filter(entry -> entry.getString("reason").equals(reason))
                .filter(entry -> entry.getString("app_id").equals(app))
                .mapToInt(entry -> entry.getInteger("count"))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?tenant=1", "?a=1&a=2", "?filter[", "?page[size]=9&page=1", "?"})
    void deliver_addressWithAQuery_isTaken(String query) throws IOException {
        assertThat(deliver(path() + query, event(), "Content-Type: application/json"))
                .isEqualTo(200);
    }

    static Stream<Arguments> requestIds() {
        return Stream.of(
                argumentSet("as HAProxy's manual has it", (Object)
                        new String[] {"X-Request-Id: 7F000001:8296_7F00001E:1F90_4F7B0A69_0003:790B"}),
                argumentSet("two", (Object) new String[] {"X-Request-Id: a", "x-request-id: b"}),
                argumentSet("empty", (Object) new String[] {"X-Request-Id: "}),
                argumentSet("long", (Object) new String[] {"X-Request-Id: " + "a".repeat(500)}));
    }

    @ParameterizedTest
    @MethodSource("requestIds")
    void deliver_requestIdOfAProxysOwnForm_isTaken(String[] headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: application/json");

        assertThat(deliver(event(), all.toArray(String[]::new))).isEqualTo(200);
    }

    @Test
    void deliver_tooLarge_isListed() throws IOException {
        SignedEvent large = SignedEvent.of(event().body() + " ".repeat(70_000));

        assertThat(deliver(large, "Content-Type: application/json")).isEqualTo(413);

        awaitRefused("body_too_large", 1);
    }

    @Test
    void deliver_otherMediaType_isListed() throws IOException {
        assertThat(deliver(event(), "Content-Type: text/plain")).isEqualTo(415);
        assertThat(deliver(event(), "Content-Type: application/x-www-form-urlencoded"))
                .isEqualTo(415);
        assertThat(deliver(event())).isEqualTo(415);

        awaitRefused("unsupported_media_type", 3);
    }

    @Test
    void deliver_twoSignatureHeaders_isListed() throws IOException {
        assertThat(deliver(event(), "Content-Type: application/json", "Stripe-Signature: t=1,v1=00"))
                .isEqualTo(400);

        awaitRefused("header_repeated", 1);
    }

    @Test
    void deliver_queryThatIsNone_isListed() throws IOException {
        assertThat(deliver(path() + "?%zz", event(), "Content-Type: application/json"))
                .isEqualTo(400);

        awaitRefused("malformed_request", 1);
    }

    @Test
    void deliver_bodyThatDoesNotCome_isListed() throws IOException {
        try (RawHttp http = RawHttp.to(GATEWAY.get().url())) {
            http.write(head(path(), 1_000, "Content-Type: application/json") + "{");
            assertThat(http.answer().status()).isEqualTo(408);
        }

        awaitRefused("body_too_slow", 1);
    }

    @Test
    void deliver_tooLargeForNoApp_isCountedAndNotListed() throws IOException {
        SignedEvent large = SignedEvent.of(event().body() + " ".repeat(70_000));

        assertThat(deliver(
                        "/api/v1/apps/01ARZ3NDEKTSV4RRFFQ69G5FAV/stripe/webhook",
                        large,
                        "Content-Type: application/json"))
                .isEqualTo(413);
        assertThat(deliver("/api/v1/apps/mine/stripe/webhook", large, "Content-Type: application/json"))
                .isEqualTo(413);

        Awaitility.await().untilAsserted(() -> assertThat(metrics())
                .contains("gateway_events_refused_total{app=\"none\",reason=\"unknown_app\"} 1.0"));
        assertThat(GATEWAY.database()
                        .rows("SELECT 1 FROM checkout_gateway.refused_deliveries WHERE app_id LIKE '01ARZ%'"))
                .isEmpty();
    }
}
