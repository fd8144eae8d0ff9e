package io.checkoutgateway.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading what stands around Stripe's object. */
class StripeEventTest {

    @Test
    void listedFor_eventThatDoesNotSayWhoseItIs_isTheAccountsThatItWasListedFor() {
        StripeEvent event = StripeEvent.of(Buffer.buffer("{\"id\":\"evt_1\",\"type\":\"t\",\"created\":1}"));

        assertThat(event.listedFor(null)).isEqualTo(event);
        assertThat(event.listedFor("acct_1").account()).isEqualTo("acct_1");
        assertThat(event.listedFor("acct_1").listedFor("acct_2").account())
                .as("what it says itself counts")
                .isEqualTo("acct_1");
    }

    @Test
    void of_event_readsEnvelopeAndObjectsId() {
        Buffer body = Buffer.buffer(
                """
                {
                  "id": "evt_1", "object": "event", "api_version": "2026-07-29.dahlia", "account": "acct_1",
                  "created": 1795332800, "request": {"id": "req_1", "type": "none"},
                  "data": {
                    "previous_attributes": {"id": "not this", "object": {"id": "nor this"}},
                    "object": {"lines": [{"id": "nor that"}], "id": "cs_1", "created": 1, "type": "other"}
                  },
                  "livemode": false, "type": "checkout.session.completed"
                }
                """);
        assertThat(StripeEvent.of(body))
                .isEqualTo(new StripeEvent(
                        "evt_1",
                        "checkout.session.completed",
                        "2026-07-29.dahlia",
                        "acct_1",
                        false,
                        Instant.ofEpochSecond(1_795_332_800),
                        "cs_1",
                        body));
    }

    @Test
    void of_thinEvent_readsItsTimeAndTheObjectThatItNames() {
        Buffer body = Buffer.buffer(
                """
                {
                  "id": "evt_test_65R1", "object": "v2.core.event", "type": "v1.checkout.session.completed",
                  "created": "2026-11-22T08:00:00.750Z", "livemode": false, "context": "acct_1", "reason": null,
                  "related_object": {"id": "cs_1", "type": "checkout.session", "url": "/v1/checkout/sessions/cs_1"}
                }
                """);
        StripeEvent event = StripeEvent.of(body);

        assertThat(event)
                .isEqualTo(new StripeEvent(
                        "evt_test_65R1",
                        "v1.checkout.session.completed",
                        null,
                        null,
                        false,
                        Instant.parse("2026-11-22T08:00:00Z"),
                        "cs_1",
                        body));
        assertThat(new EventReader("2026-07-29.dahlia").read(event))
                .isInstanceOfSatisfying(Meaning.Ignored.class, ignored -> assertThat(ignored.reason())
                        .contains("thin event"));
    }

    @ParameterizedTest
    @MethodSource("withoutObject")
    void of_eventWithoutObject_hasNoObjectsId(String data) {
        StripeEvent event = StripeEvent.of(Buffer.buffer(
                """
                {"id": "evt_1", "type": "ping", "created": 1, "livemode": null, "api_version": null%s}"""
                        .formatted(data)));
        assertThat(event.objectId()).isNull();
        assertThat(event.apiVersion()).isNull();
        assertThat(event.livemode()).isNull();
    }

    static Stream<Arguments> withoutObject() {
        return Stream.of(
                argumentSet("no data", ""),
                argumentSet("data is a list", ", \"data\": [{\"object\": {\"id\": \"cs_1\"}}]"),
                argumentSet("object is a text", ", \"data\": {\"object\": \"cs_1\"}"),
                argumentSet("object without an id", ", \"data\": {\"object\": {}}"),
                argumentSet("id is a number", ", \"data\": {\"object\": {\"id\": 1}}"),
                argumentSet("id has a blank", ", \"data\": {\"object\": {\"id\": \"cs 1\"}}"));
    }

    @ParameterizedTest
    @MethodSource("noEvents")
    void of_noEvent_isRefused(String body) {
        assertThatThrownBy(() -> StripeEvent.of(Buffer.buffer(body)))
                .isInstanceOfSatisfying(GatewayException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Reason.INVALID_REQUEST));
    }

    static Stream<Arguments> noEvents() {
        return Stream.of(
                argumentSet("empty", ""),
                argumentSet("a list", "[]"),
                argumentSet("unfinished", "{\"id\": \"evt_1\", \"type\": \"ping\", \"created\": 1"),
                argumentSet("something follows", event("evt_1", "ping", "1") + " {}"),
                argumentSet("no members", "{}"),
                argumentSet("id is a number", "{\"id\": 1, \"type\": \"ping\", \"created\": 1}"),
                argumentSet("id has a line break", event("evt_\\n", "ping", "1")),
                argumentSet("id of 256 characters", event("e".repeat(256), "ping", "1")),
                argumentSet("empty type", event("evt_1", "", "1")),
                argumentSet("created is a text", event("evt_1", "ping", "\"1\"")),
                argumentSet("created without a zone", event("evt_1", "ping", "\"2026-11-22T08:00:00\"")),
                argumentSet("created in words before 1970", event("evt_1", "ping", "\"1969-12-31T23:59:59Z\"")),
                argumentSet("created in words after 9999", event("evt_1", "ping", "\"+10000-01-01T00:00:00Z\"")),
                argumentSet("created before 1970", event("evt_1", "ping", "-1")),
                argumentSet("created after 9999", event("evt_1", "ping", "253402300800")));
    }

    @Test
    void of_longestId_isRead() {
        String id = "e".repeat(255);
        assertThat(StripeEvent.of(Buffer.buffer(event(id, "ping", "253402300799")))
                        .id())
                .isEqualTo(id);
    }

    private static String event(String id, String type, String created) {
        return "{\"id\": \"%s\", \"type\": \"%s\", \"created\": %s}".formatted(id, type, created);
    }
}
