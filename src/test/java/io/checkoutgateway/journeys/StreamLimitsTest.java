package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.EventReader;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.RawHttp;
import io.checkoutgateway.testing.TestGateway;
import java.io.IOException;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams are many and long: how many, how long, and what becomes of those that nobody reads. */
class StreamLimitsTest {
    private static final String EVENTS = "/api/v1/checkout-sessions/events";

    /** How many streams there were that are over. */
    private static final String ENDED = "http_server_request_duration_seconds_count{http_request_method=\"GET\","
            + "http_response_status_code=\"200\",http_route=\"/api/v1/checkout-sessions/events\"}";

    /** What ends an answer of chunks. */
    private static final String LAST_CHUNK = "0\r\n\r\n";

    /** More than the buffers of both ends of a connection hold: 30 MB. */
    private static final int MANY = 15_000;

    private static final int PADDING = 2_000;

    @RegisterExtension
    private static final GatewayExtension GATEWAY =
            new GatewayExtension(Map.of("GATEWAY_STREAMS_MAX", "2", "GATEWAY_STREAM_HEARTBEAT", "PT0.2S"));

    private static void awaitStreams(int count) {
        awaitStreams(GATEWAY.get(), count);
    }

    private static void awaitStreams(TestGateway gateway, int count) {
        Awaitility.await().until(() -> gateway.metric("gateway_feed_streams").orElseThrow() == count);
    }

    /** A stream that a test has left counts until the server has noticed. */
    @BeforeEach
    void nobodyWatches() {
        awaitStreams(0);
    }

    @Test
    void watch_oneMoreThanTheLimit_is503UntilAnotherLeaves() {
        try (EventReader first = GATEWAY.client().watch(EVENTS)) {
            try (EventReader second = GATEWAY.client().watch(EVENTS)) {
                Answer refused = GATEWAY.client().get(EVENTS).expect(503);

                assertThat(refused.json().getString("code")).isEqualTo("too_many_streams");
                assertThat(refused.header("Retry-After")).isEqualTo("5");
                assertThat(second.ended()).isFalse();
            }
            awaitStreams(1);
            try (EventReader third = GATEWAY.client().watch(EVENTS)) {
                assertThat(third.ended()).isFalse();
            }
            assertThat(first.ended()).isFalse();
        }
    }

    @Test
    void watch_streamIsOver_isMeasured() {
        try (EventReader reader = GATEWAY.client().watch(EVENTS)) {
            reader.until(any -> any.lines().contains(": heartbeat"));
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(GATEWAY.get().metrics()).contains(ENDED));
    }

    @Test
    void watch_readerThatReadsNothing_isCutOff() throws IOException {
        publishMoreThanBuffersHold();
        try (TestGateway strict = GATEWAY.get().replica(Map.of("GATEWAY_IDLE_TIMEOUT", "PT5S"));
                RawHttp connection = silentReader(strict)) {
            // The stream itself may have come and gone between two looks; what is measured of it stays.
            Awaitility.await().until(() -> strict.metric(ENDED).orElse(0) == 1);

            awaitStreams(strict, 0);
            assertThat(assertNotAllCame(connection)).doesNotEndWith(LAST_CHUNK);
        }
    }

    @Test
    void watch_readerFarBehind_readsEverythingInOrder() {
        GATEWAY.awaitHeard();
        String first;
        try (EventReader reader = GATEWAY.client().watch(EVENTS)) {
            first = reader.until(any -> !any.lastId().isEmpty()).lastId();
        }
        publish(5_000, 10);

        try (EventReader reader = GATEWAY.client().with("Last-Event-ID", first).watch(EVENTS)) {
            reader.until(any -> any.ids().size() >= 5_000);
            assertThat(reader.ids().stream().map(Long::parseLong))
                    .hasSize(5_000)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    /** Nothing else would end the connection within the time that a test may wait. */
    @Test
    void close_readerThatReadsNothing_isWaitedForNoLongerThanTheGrace() throws IOException {
        publishMoreThanBuffersHold();
        TestGateway stopping =
                GATEWAY.get().replica(Map.of("GATEWAY_SHUTDOWN_GRACE", "PT1S", "GATEWAY_IDLE_TIMEOUT", "PT1H"));
        try (RawHttp connection = silentReader(stopping)) {
            awaitStreams(stopping, 1);

            stopping.close();

            assertNotAllCame(connection);
        }
    }

    /** The connection is over, and what came is not all there was; answers the last of it. */
    @CanIgnoreReturnValue
    private static String assertNotAllCame(RawHttp connection) throws IOException {
        String came = connection.everything();
        assertThat(came.length()).isLessThan(MANY * PADDING);
        return came.substring(Math.max(0, came.length() - LAST_CHUNK.length()));
    }

    private static void publishMoreThanBuffersHold() {
        long there = Long.parseLong(GATEWAY.database()
                .rows("SELECT count(*) FROM checkout_gateway.feed")
                .get(0)
                .get(0));
        if (there < MANY) {
            publish(MANY, PADDING);
        }
    }

    private static void publish(int entries, int padding) {
        GATEWAY.database()
                .execute(
                        """
                        INSERT INTO checkout_gateway.feed (namespace, session_id, sequence, type, data)
                        SELECT 'test', '01G65Z755AFWAKHE12NY0CQ9FH', n, 'checkout_session.updated',
                               jsonb_build_object('status', 'open', 'padding', repeat('x', %d))
                        FROM generate_series(1, %d) n
                        """
                                .formatted(padding, entries));
    }

    private static RawHttp silentReader(TestGateway gateway) throws IOException {
        return RawHttp.to(gateway.url())
                .request(
                        "GET " + EVENTS + "?last_event_id=0 HTTP/1.1",
                        "Authorization: Bearer " + GATEWAY.get().key());
    }

    @Test
    void watch_oldStream_endsAndCanBeResumed() {
        try (TestGateway impatient = GATEWAY.get().replica(Map.of("GATEWAY_STREAM_AGE", "PT1S"))) {
            String lastId;
            try (EventReader reader = impatient.client().watch(EVENTS)) {
                lastId = reader.untilEnd().lastId();
            }
            GATEWAY.openSession();
            GATEWAY.awaitPublished();

            // Its second may be over before the first event is read.
            Awaitility.await().until(() -> {
                try (EventReader reader =
                        impatient.client().with("Last-Event-ID", lastId).watch(EVENTS)) {
                    return reader.untilEnd().types().contains("checkout_session.creating");
                }
            });
        }
    }

    @Test
    void close_streamIsOpen_endsItAtOnce() {
        TestGateway stopping = GATEWAY.get().replica(Map.of("GATEWAY_SHUTDOWN_GRACE", "PT5M"));
        try (EventReader reader = stopping.client().watch(EVENTS)) {
            stopping.close();

            reader.untilEnd();
        }
    }
}
