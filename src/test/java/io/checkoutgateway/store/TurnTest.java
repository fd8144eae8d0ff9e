package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.madeNow;
import static io.checkoutgateway.store.InboxOnPostgres.payment;
import static io.checkoutgateway.store.InboxOnPostgres.paymentIntent;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.store.InboxOnPostgres.setupIntent;
import static io.checkoutgateway.store.InboxOnPostgres.subscription;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.events.EventStore.Outcome;
import io.checkoutgateway.events.EventStore.Settled;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** News of one session that arrive at the same moment, told by the locks that are held meanwhile. */
class TurnTest {
    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    static Stream<Arguments> news() {
        JsonObject completed = madeNow(session("cs_1", "seti_1")).put("status", "complete");
        JsonObject paid = payment("cs_1", "paid").put("payment_intent", "pi_1");
        return Stream.of(
                Arguments.of("seti_1", event("checkout.session.completed", 5, completed), Outcome.APPLIED),
                Arguments.of("pi_1", event("checkout.session.completed", 5, paid), Outcome.APPLIED),
                Arguments.of(
                        "seti_1",
                        event("setup_intent.succeeded", 5, setupIntent("seti_1", "succeeded")),
                        Outcome.IGNORED),
                Arguments.of(
                        "pi_1",
                        event("payment_intent.succeeded", 5, paymentIntent("pi_1", "succeeded", "pm_1")),
                        Outcome.IGNORED),
                Arguments.of(
                        "sub_1",
                        event("customer.subscription.created", 5, subscription("sub_1", "active", "pm_1")),
                        Outcome.IGNORED));
    }

    /** Whoever has the turn may be about to have that very event heard again, and would wait for ever. */
    @ParameterizedTest
    @MethodSource("news")
    void settleNext_whileAnotherBringsNewsOfTheSame_waitsWithoutAnyEventInHand(
            String followed, JsonObject told, Outcome outcome) throws SQLException {
        assertThat(INBOX.add(told)).isTrue();
        Future<Optional<Settled>> settled;
        try (Connection other = INBOX.database().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('" + InboxOnPostgres.APP + "/" + followed
                    + "', 0))");
            settled = INBOX.events.settleNext(INBOX.reader()::read, 1);
            Awaitility.await().until(() -> settled.isComplete() || isSomebodyWaiting());

            assertThat(settled.isComplete()).isFalse();
            statement.execute("SELECT FROM stripe_events FOR UPDATE NOWAIT");
            other.commit();
        }

        assertThat(await(settled)).map(Settled::outcome).contains(outcome);
    }

    private static boolean isSomebodyWaiting() {
        return !INBOX.rows("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                .isEmpty();
    }
}
