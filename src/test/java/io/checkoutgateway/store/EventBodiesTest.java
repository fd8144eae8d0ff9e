package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.events.EventStore.Outcome;
import io.checkoutgateway.events.EventStore.Settled;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBodiesTest {
    /** Indented, as Stripe sends it. */
    private static final Buffer EVENT =
            Buffer.buffer(event("checkout.session.completed", 2, session("cs_test_a1Zx81", "seti_1PQ"))
                    .encodePrettily());

    private static final String EVENT_OF_THE_FIRST_VERSION =
            """
            {
              "id": "evt_1",
              "object": "event",
              "api_version": "2026-07-29.dahlia",
              "created": 1790000000,
              "type": "customer.updated"
            }""";

    /** What it was packed to. */
    private static final String OF_THE_FIRST_VERSION =
            "0128b52ffd2085cd0000107b0a0600d61e33406d6690bc0214ba70c26ee1000b5f100b";

    @Test
    void packed_eventAsStripeSendsIt_takesAFractionAndComesBackByteForByte() {
        Buffer packed = EventBodies.packed(EVENT);

        assertThat(packed.length()).isLessThan(EVENT.length() / 2);
        assertThat(EventBodies.unpacked(packed)).isEqualTo(EVENT);
    }

    @Property(tries = 300)
    void unpacked_whateverWasPacked_isTheSameBytes(
            @ForAll @ByteRange(min = 9) byte first, @ForAll @Size(max = 4_000) byte[] rest) {
        Buffer body = Buffer.buffer().appendByte(first).appendBytes(rest);

        assertThat(EventBodies.unpacked(EventBodies.packed(body))).isEqualTo(body);
    }

    @Test
    void packed_nothingToSave_staysAsItIs() {
        assertThat(EventBodies.packed(Buffer.buffer("{}"))).isEqualTo(Buffer.buffer("{}"));
        assertThat(EventBodies.unpacked(Buffer.buffer())).isEqualTo(Buffer.buffer());
    }

    @Test
    void packed_aMegabyteThatRepeatsItself_comesBack() {
        Buffer body = Buffer.buffer("{\"a\": \"" + "words and more words ".repeat(50_000) + "\"}");

        assertThat(EventBodies.packed(body).length()).isLessThan(10_000);
        assertThat(EventBodies.unpacked(EventBodies.packed(body))).isEqualTo(body);
    }

    @Test
    void packed_byManyThreadsAtOnce_eachGetsItsOwn() {
        List<Buffer> bodies = IntStream.range(0, 2_000)
                .mapToObj(i -> Buffer.buffer(EVENT.toString().replace("cs_test_a1Zx81", "cs_test_" + i)))
                .toList();

        List<Buffer> back = bodies.parallelStream()
                .map(EventBodies::packed)
                .map(EventBodies::unpacked)
                .toList();

        assertThat(back).isEqualTo(bodies);
    }

    /** A change here is a mistake: rows that were packed with the other one could not be read any more. */
    @Test
    void dictionary_isTheOneThatRowsWerePackedWith() throws IOException, GeneralSecurityException {
        try (InputStream dictionary = EventBodies.class.getResourceAsStream("/store/event-bodies-1.txt")) {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Objects.requireNonNull(dictionary).readAllBytes());

            assertThat(HexFormat.of().formatHex(digest))
                    .isEqualTo("7ede15aee8aebdbcee7447b0a97913a45fa344511da3eabee782dad12a3a40c3");
        }
    }

    @Test
    void unpacked_packedByTheFirstVersion_isRead() {
        Buffer stored = Buffer.buffer(HexFormat.of().parseHex(OF_THE_FIRST_VERSION));

        assertThat(EventBodies.unpacked(stored).toString(UTF_8)).isEqualTo(EVENT_OF_THE_FIRST_VERSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "0100", "0128b52ffd", "0128b52ffd2000", "01ffffffffffffffff"})
    void unpacked_damaged_fails(String stored) {
        assertThatThrownBy(
                        () -> EventBodies.unpacked(Buffer.buffer(HexFormat.of().parseHex(stored))))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void settleNext_bodiesOfBeforeAndOfNow_areAllApplied() {
        try (InboxOnPostgres inbox = new InboxOnPostgres()) {
            inbox.addOurs("01KAMZ2V5Q8XG6T4N9R3W7B1CF", "cs_test_a1Zx81", "seti_1PQ");
            inbox.addOurs("01KAMZ2V5Q8XG6T4N9R3W7B1CG", "cs_test_b", "seti_b");
            assertThat(inbox.add(event(
                            "checkout.session.expired",
                            3,
                            session("cs_test_a1Zx81", "seti_1PQ").put("status", "expired"))))
                    .isTrue();
            inbox.execute(
                    """
                    INSERT INTO stripe_events (app_id, event_id, type, api_version, created, livemode, body)
                    VALUES ('%s', 'evt_before', 'checkout.session.expired', '2026-07-29.dahlia', now(), false,
                            convert_to('%s', 'UTF8'))
                    """
                            .formatted(
                                    InboxOnPostgres.APP,
                                    event(
                                                    "checkout.session.expired",
                                                    3,
                                                    session("cs_test_b", "seti_b")
                                                            .put("status", "expired"))
                                            .encode()));

            assertThat(inbox.settle()).extracting(Settled::outcome).containsExactly(Outcome.APPLIED, Outcome.APPLIED);
            assertThat(inbox.rows("SELECT DISTINCT status FROM checkout_sessions"))
                    .containsExactly(List.of("expired"));
            assertThat(inbox.rows("SELECT get_byte(body, 0) FROM stripe_events ORDER BY id"))
                    .containsExactly(List.of("1"), List.of(Integer.toString('{')));
        }
    }

    @Test
    void appWithEvents_deleted_isRefused() {
        try (InboxOnPostgres inbox = new InboxOnPostgres()) {
            assertThat(inbox.add(event("invoice.paid", 1, session("cs_a", "seti_a"))))
                    .isTrue();

            assertThatThrownBy(() -> inbox.execute("DELETE FROM apps"))
                    .hasStackTraceContaining("app " + InboxOnPostgres.APP + " has events");
            inbox.execute("DELETE FROM stripe_events");
            inbox.execute("DELETE FROM apps");

            assertThat(inbox.rows("SELECT count(*) FROM apps")).containsExactly(List.of("0"));
        }
    }
}
