package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.SIGNING_SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.SignedEvent;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stripe's signature is the only credential; what it vouches for is stored once, whatever it is. */
class WebhookTest {
    private static final String NEW_SECRET = "whsec_new_secret_of_the_rotation";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(
            Map.of("STRIPE_WEBHOOK_SECRET", SIGNING_SECRET + "," + NEW_SECRET, "GATEWAY_EVENTS_ATTEMPTS", "1"));

    private static Answer deliver(SignedEvent event) {
        return deliver(event.signature(), event.body());
    }

    private static Answer deliver(String signature, String body) {
        return client(signature).post(path(), body);
    }

    private static ContractClient client(String signature) {
        return GATEWAY.client().anonymous().with("Stripe-Signature", signature);
    }

    private static String path() {
        return GATEWAY.get().webhookUrl().getPath();
    }

    private static JsonObject event() {
        return SignedEvent.event(
                "invoice.paid", new JsonObject().put("id", "in_1").put("object", "invoice"));
    }

    private static List<List<String>> stored(String eventId) {
        return GATEWAY.database()
                .rows("SELECT state, outcome FROM checkout_gateway.stripe_events WHERE event_id = '" + eventId + "'");
    }

    private static void awaitState(String eventId, String state) {
        Awaitility.await().untilAsserted(() -> assertThat(stored(eventId))
                .extracting(row -> row.get(0))
                .containsExactly(state));
    }

    @Test
    void deliver_signedEventOfAnyType_isStoredAndAcknowledged() {
        JsonObject event = event();

        JsonObject receipt = deliver(SignedEvent.of(event.encode())).expect(200).json();

        assertThat(receipt.getMap())
                .containsEntry("received", true)
                .containsEntry("event_id", event.getString("id"))
                .containsEntry("duplicate", false);
        awaitState(event.getString("id"), "ignored");
    }

    /** Thin events are meant for endpoints of another kind; a 4xx would make Stripe repeat them for days. */
    @Test
    void deliver_thinEvent_isStoredAndIgnoredWithAReason() {
        String id = event().getString("id") + "_thin";
        String body =
                """
                {"id": "%s", "object": "v2.core.event", "type": "v1.checkout.session.completed", "livemode": false,
                 "created": "2026-11-22T08:00:00.000Z", "context": null,
                 "related_object": {"id": "cs_1", "type": "checkout.session", "url": "/v1/checkout/sessions/cs_1"}}
                """
                        .formatted(id);

        deliver(SignedEvent.of(body)).expect(200);

        awaitState(id, "ignored");
        assertThat(stored(id).get(0).get(1)).contains("thin event");
        assertThat(GATEWAY.client()
                        .get("/api/v1/admin/events/" + id)
                        .expect(200)
                        .json()
                        .getString("created_at"))
                .isEqualTo("2026-11-22T08:00:00Z");
    }

    @Test
    void deliver_noSignature_isRefused() {
        Answer answer =
                GATEWAY.client().anonymous().post(path(), event().encode()).expect(400);

        assertThat(answer.json().getString("code")).isEqualTo("signature_invalid");
        assertThat(answer.json().getString("detail")).contains("missing");
    }

    static Stream<Arguments> signatures() {
        long now = Instant.now().getEpochSecond();
        String some = "5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd";
        return Stream.of(
                argumentSet("empty", ""),
                argumentSet("a word", "garbage"),
                argumentSet("only commas", ",,,"),
                argumentSet("only equals", "="),
                argumentSet("an element without a value", "t"),
                argumentSet("a name without a value", "t=,v1="),
                argumentSet("no time", "v1=" + some),
                argumentSet("no signature", "t=" + now),
                argumentSet("a time that is no number", "t=now,v1=" + some),
                argumentSet("a negative time", "t=-1,v1=" + some),
                argumentSet("a time of twenty digits", "t=99999999999999999999,v1=" + some),
                argumentSet("a time with a fraction", "t=" + now + ".5,v1=" + some),
                argumentSet("another scheme", "t=" + now + ",v0=" + some),
                argumentSet("no hexadecimal", "t=" + now + ",v1=zz"),
                argumentSet("an odd number of digits", "t=" + now + ",v1=abc"),
                argumentSet("too short", "t=" + now + ",v1=ab"),
                argumentSet("of someone else", "t=" + now + ",v1=" + some),
                argumentSet("semicolons", "t=" + now + ";v1=" + some),
                argumentSet("many elements", "t=" + now + (",v1=" + some).repeat(40)),
                argumentSet("an old one that matches nothing", "t=1,v1=" + some));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void deliver_signatureThatProvesNothing_isRefusedAndNotStored(String signature) {
        JsonObject event = event();

        Answer answer = deliver(signature, event.encode()).expect(400);

        assertThat(answer.json().getString("code")).isEqualTo("signature_invalid");
        assertThat(stored(event.getString("id"))).isEmpty();
    }

    @Test
    void deliver_otherBytesThanSigned_isRefused() {
        String body = event().encode();

        deliver(SignedEvent.of(body).signature(), body + " ").expect(400);
    }

    @Test
    void deliver_wrongSecret_isRefused() {
        deliver(SignedEvent.of(event().encode(), "whsec_of_someone_else", Instant.now()))
                .expect(400);
    }

    @Test
    void deliver_bothSecretsOfARotation_areAccepted() {
        deliver(SignedEvent.of(event().encode(), SIGNING_SECRET, Instant.now())).expect(200);
        deliver(SignedEvent.of(event().encode(), NEW_SECRET, Instant.now())).expect(200);
    }

    @Test
    void deliver_severalSignaturesOneOfThemRight_isAccepted() {
        SignedEvent signed = SignedEvent.of(event().encode());

        deliver(signed.signature().replace(",v1=", ",v1=00,v0=11,v1="), signed.body())
                .expect(200);
    }

    static Stream<Arguments> times() {
        return Stream.of(
                argumentSet("four minutes old", Duration.ofMinutes(-4), 200),
                argumentSet("more than five minutes old", Duration.ofMinutes(-6), 400),
                argumentSet("four minutes ahead", Duration.ofMinutes(4), 200),
                argumentSet("more than five minutes ahead", Duration.ofMinutes(7), 400));
    }

    @ParameterizedTest
    @MethodSource("times")
    void deliver_signedAtAnotherTime_isTakenWithinFiveMinutes(Duration offset, int status) {
        Answer answer = deliver(SignedEvent.of(
                        event().encode(), SIGNING_SECRET, Instant.now().plus(offset)))
                .expect(status);

        assertThat(answer.json().getString("code")).isEqualTo(status == 200 ? null : "signature_timestamp");
    }

    @Test
    void deliver_otherApp_is404() {
        SignedEvent signed = SignedEvent.of(event().encode());

        client(signed.signature())
                .post("/api/v1/apps/01ARZ3NDEKTSV4RRFFQ69G5FAV/stripe/webhook", signed.body())
                .expect(404);
        client(signed.signature())
                .post("/api/v1/apps/mine/stripe/webhook", signed.body())
                .expect(404);
    }

    static Stream<Arguments> noEvents() {
        String created = "\"created\": 1795334400";
        return Stream.of(
                argumentSet("nothing", ""),
                argumentSet("no JSON", "hello"),
                argumentSet("half a document", "{\"id\": \"evt_1\""),
                argumentSet("null", "null"),
                argumentSet("an array", "[]"),
                argumentSet("an empty object", "{}"),
                argumentSet("no id", "{\"type\": \"a\", " + created + "}"),
                argumentSet("an empty id", "{\"id\": \"\", \"type\": \"a\", " + created + "}"),
                argumentSet("a long id", "{\"id\": \"" + "x".repeat(256) + "\", \"type\": \"a\", " + created + "}"),
                argumentSet("NUL in the id", "{\"id\": \"evt_\\u0000\", \"type\": \"a\", " + created + "}"),
                argumentSet("a number for an id", "{\"id\": 1, \"type\": \"a\", " + created + "}"),
                argumentSet("no type", "{\"id\": \"evt_1\", " + created + "}"),
                argumentSet("NUL in the type", "{\"id\": \"evt_1\", \"type\": \"\\u0000\", " + created + "}"),
                argumentSet("no time", "{\"id\": \"evt_1\", \"type\": \"a\"}"),
                argumentSet("a time in words", "{\"id\": \"evt_1\", \"type\": \"a\", \"created\": \"now\"}"),
                argumentSet("a time beyond time", "{\"id\": \"evt_1\", \"type\": \"a\", \"created\": 1e30}"),
                argumentSet("a negative time", "{\"id\": \"evt_1\", \"type\": \"a\", \"created\": -1}"),
                argumentSet("too deep", "{\"id\": \"evt_1\", \"type\": \"a\", \"data\": " + "[".repeat(100_000)));
    }

    @ParameterizedTest
    @MethodSource("noEvents")
    void deliver_signedButNoEvent_is400(String body) {
        Answer answer = deliver(SignedEvent.of(body)).expect(400);

        assertThat(answer.json().getString("code")).isEqualTo("invalid_request");
    }

    static Stream<Arguments> strangeEvents() {
        return Stream.of(
                argumentSet(
                        "no data",
                        event().put("type", "checkout.session.completed").putNull("data")),
                argumentSet("no session", SignedEvent.event("checkout.session.completed", new JsonObject())),
                argumentSet(
                        "another object",
                        SignedEvent.event("setup_intent.succeeded", new JsonObject().put("object", "charge"))));
    }

    /** Stripe has done its part: a 4xx would make it send the same again for days. */
    @ParameterizedTest
    @MethodSource("strangeEvents")
    void deliver_eventThatCannotBeApplied_isStoredAndSetAsideWithItsReason(JsonObject event) {
        deliver(SignedEvent.of(event.encode())).expect(200);

        awaitState(event.getString("id"), "quarantined");
        assertThat(stored(event.getString("id")).get(0).get(1)).isNotEmpty().doesNotContain("database cannot be used");
    }

    @Test
    void deliver_theSameAHundredTimesAtOnce_isStoredOnce() {
        JsonObject event = event();
        ContractClient client = client(SignedEvent.of(event.encode()).signature());

        List<CompletableFuture<Answer>> under = IntStream.range(0, 100)
                .mapToObj(i -> client.postAsync(path(), event))
                .toList();

        assertThat(under.stream()
                        .map(each -> each.join().expect(200).json().getBoolean("duplicate"))
                        .filter(duplicate -> !duplicate))
                .hasSize(1);
        assertThat(stored(event.getString("id"))).hasSize(1);
    }

    @Test
    void deliver_otherMediaType_is415() {
        SignedEvent signed = SignedEvent.of(event().encode());

        client(signed.signature())
                .send("POST", path(), BodyPublishers.ofString(signed.body()), "text/plain")
                .expect(415);
    }

    @Test
    void deliver_mediaTypeWithCharset_isTaken() {
        SignedEvent signed = SignedEvent.of(event().encode());

        client(signed.signature())
                .send("POST", path(), BodyPublishers.ofString(signed.body()), "application/json; charset=utf-8")
                .expect(200);
    }

    @Test
    void deliver_largestEvent_isTakenAndOneByteMoreIsNot() {
        String body = event().put("padding", "").encode();
        String largest =
                body.replace("\"padding\":\"\"", "\"padding\":\"" + "x".repeat(1_048_576 - body.length()) + "\"");

        deliver(SignedEvent.of(largest)).expect(200);
        deliver(SignedEvent.of(largest + " ")).expect(413);
    }
}
