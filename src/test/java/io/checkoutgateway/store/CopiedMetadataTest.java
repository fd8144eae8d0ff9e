package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.START;
import static io.checkoutgateway.store.InboxOnPostgres.app;
import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.payment;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.mirror.MirrorSessions.Applied;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Another service hears of a session of ours, and opens sessions of its own with the metadata that it read there. */
class CopiedMetadataTest {
    private static final String OURS = "01KAMZ2V5Q8XG6T4N9R3W7B1CF";
    private static final String ROWS =
            "SELECT stripe_session_id, status FROM checkout_sessions WHERE id <> '" + OURS + "'";
    private static final long AN_HOUR = 3600;

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    private static final PgMirrorSessions SESSIONS = new PgMirrorSessions(INBOX.postgres);

    /** A session of ours that was completed a minute after it was opened. */
    private static void complete() {
        INBOX.addOurs(OURS, "cs_ours", "seti_ours");
        INBOX.hear(List.of(event(
                "checkout.session.completed",
                60,
                named(session("cs_ours", "seti_ours").put("status", "complete")))));
    }

    private static JsonObject named(JsonObject object) {
        return object.put(
                "metadata", new JsonObject().put("gateway_session_id", OURS).put("om_namespace", "test"));
    }

    private static JsonObject later(JsonObject session) {
        return session.put("created", START.getEpochSecond() + AN_HOUR);
    }

    private static Observation listed(JsonObject object) {
        return new Observation(
                StripeSession.of(object),
                null,
                START.plus(Duration.ofDays(1)),
                Observation.Source.BACKFILL,
                null,
                "backfill");
    }

    static Stream<Named<JsonObject>> others() {
        return Stream.of(
                Named.of("a payment", named(payment("cs_other", "paid"))),
                Named.of(
                        "a payment that is open",
                        named(payment("cs_other", "unpaid").put("status", "open"))),
                Named.of("a subscription", named(payment("cs_other", "paid").put("mode", "subscription"))),
                Named.of("a set-up opened later", later(named(session("cs_other", "seti_other")))),
                Named.of(
                        "a set-up that ended",
                        later(named(session("cs_other", "seti_other").put("status", "expired")))),
                Named.of(
                        "a set-up that was completed",
                        named(session("cs_other", "seti_other").put("status", "complete"))));
    }

    @ParameterizedTest
    @MethodSource("others")
    void settleNext_sessionOfAnotherService_getsARowOfItsOwn(JsonObject other) {
        complete();

        INBOX.hear(List.of(event("checkout.session.completed", 4000, other)));

        assertThat(INBOX.rows(ROWS)).containsExactly(List.of("cs_other", other.getString("status")));
        assertThat(INBOX.rows("SELECT stripe_session_id, status FROM checkout_sessions WHERE id = '" + OURS + "'"))
                .containsExactly(List.of("cs_ours", "complete"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void known_sessionOfAnotherService_isMissedAndAdded(JsonObject other) {
        complete();

        assertThat(await(SESSIONS.known(app(), List.of(StripeSession.of(other))))
                        .leftAlone())
                .isEmpty();
        assertThat(await(SESSIONS.apply(app(), listed(other)))).isEqualTo(Applied.ADDED);
        assertThat(INBOX.rows(ROWS)).containsExactly(List.of("cs_other", other.getString("status")));
    }

    @ParameterizedTest
    @MethodSource("others")
    void keep_sessionOfAnotherService_isKept(JsonObject other) {
        complete();

        assertThat(await(SESSIONS.keep(Actor.gateway("test", "test"), app(), listed(other))))
                .hasValueSatisfying(kept -> assertThat(kept.id()).isNotEqualTo(OURS));
    }

    /** The create's answer was lost: what sells is not what it asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"creating", "failed"})
    void settleNext_paymentNamesACreateWithoutASession_leavesTheCreateAsItIs(String status) {
        INBOX.addOurs(OURS, "cs_none", "seti_none");
        INBOX.execute("UPDATE checkout_sessions SET status = '" + status + "',"
                + " failure_code = CASE WHEN '" + status
                + "' = 'failed' THEN 'abandoned' END, stripe = NULL, stripe_as_of = NULL,"
                + " stripe_session_id = NULL, setup_intent_id = NULL");

        INBOX.hear(List.of(event("checkout.session.completed", 5, named(payment("cs_other", "paid")))));

        assertThat(INBOX.rows(ROWS)).containsExactly(List.of("cs_other", "complete"));
        assertThat(INBOX.rows("SELECT status, stripe_session_id FROM checkout_sessions WHERE id = '" + OURS + "'"))
                .containsExactly(List.of(status, "null"));
    }

    static Stream<Named<UnaryOperator<JsonObject>>> doubles() {
        return Stream.of(Named.of("open", twin -> twin), Named.of("ended", twin -> twin.put("status", "expired")));
    }

    /** A second attempt at the create came through late: it is ended by whoever made it. */
    @ParameterizedTest
    @MethodSource("doubles")
    void apply_doubleOfTheCreate_isLeftAlone(UnaryOperator<JsonObject> state) {
        complete();
        JsonObject twin = state.apply(named(session("cs_double", "seti_double")));

        assertThat(await(SESSIONS.known(app(), List.of(StripeSession.of(twin)))).leftAlone())
                .containsExactly("cs_double");
        assertThat(await(SESSIONS.apply(app(), listed(twin)))).isEqualTo(Applied.LEFT_ALONE);
        INBOX.hear(List.of(event("checkout.session.expired", 90, twin)));
        assertThat(INBOX.rows(ROWS)).isEmpty();
    }
}
