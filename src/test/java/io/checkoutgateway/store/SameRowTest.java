package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.START;
import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.madeNow;
import static io.checkoutgateway.store.InboxOnPostgres.orders;
import static io.checkoutgateway.store.InboxOnPostgres.payment;
import static io.checkoutgateway.store.InboxOnPostgres.paymentIntent;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.store.InboxOnPostgres.setupIntent;
import static io.checkoutgateway.store.InboxOnPostgres.subscription;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole row, and not what some accessors show of it, is the same whatever order its events come in. */
class SameRowTest {
    /** But what tells of our own clock, and how often it was written. */
    private static final String ROW =
            """
            SELECT to_jsonb(s) - ARRAY['id', 'djstripe_id', 'created_at', 'updated_at', 'attempt_started_at',
                'lease_until', 'version', 'heard', 'read_due_at']
                || jsonb_build_object('read_due', read_due_at IS NOT NULL)
            FROM checkout_sessions s
            """;

    private static final int LANES = 4;

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    /** @return the row that all orders end in */
    private static JsonObject rowOfAllOrders(List<JsonObject> told) {
        Set<List<List<String>>> ends = new HashSet<>();
        for (List<JsonObject> order : orders(told)) {
            INBOX.forgetAll();
            INBOX.hear(order);
            ends.add(INBOX.rows(ROW));
        }
        assertThat(ends).hasSize(1);
        List<List<String>> rows = ends.iterator().next();
        assertThat(rows).hasSize(1);
        return new JsonObject(rows.get(0).get(0));
    }

    private static JsonObject again(JsonObject event) {
        return event.copy().put("id", event.getString("id") + "_again");
    }

    @Test
    void settleNext_setupSessionInAnyOrderAndTwice_endsInTheSameRow() {
        JsonObject completed = event(
                "checkout.session.completed",
                9,
                madeNow(session("cs_1", "seti_1")).put("status", "complete"));
        JsonObject failed = setupIntent("seti_1", "requires_payment_method")
                .put("last_setup_error", new JsonObject().put("code", "card_declined"));

        JsonObject row = rowOfAllOrders(List.of(
                event("setup_intent.setup_failed", 5, failed),
                event(
                        "setup_intent.succeeded",
                        9,
                        setupIntent("seti_1", "succeeded").put("payment_method", "pm_1")),
                completed,
                again(completed)));

        assertThat(row.getString("payment_method_id")).isEqualTo("pm_1");
    }

    @Test
    void settleNext_paymentSessionInAnyOrderAndTwice_endsInTheSameRow() {
        JsonObject completed = event(
                "checkout.session.completed",
                1,
                payment("cs_1", "unpaid")
                        .put("customer_email", "given@example.com")
                        .put("client_reference_id", "order 1")
                        .put("payment_intent", "pi_1"));

        JsonObject row = rowOfAllOrders(List.of(
                completed,
                again(completed),
                event("checkout.session.async_payment_failed", 1800, payment("cs_1", "unpaid")),
                event(
                        "checkout.session.async_payment_succeeded",
                        3600,
                        payment("cs_1", "paid").put("payment_intent", "pi_2"))));

        assertThat(OffsetDateTime.parse(row.getString("completed_at")).toInstant())
                .isEqualTo(START.plusSeconds(1));
        assertThat(row.getString("payment_intent_id")).isEqualTo("pi_2");
        assertThat(row.getString("customer_email"))
                .as("Stripe's object says none any more")
                .isNull();
    }

    @Test
    void settleNext_subscriptionSessionInAnyOrder_endsInTheSameRow() {
        JsonObject subscription = payment("cs_1", "unpaid").put("mode", "subscription");

        JsonObject row = rowOfAllOrders(List.of(
                event("checkout.session.opened", 1, subscription.copy().put("status", "open")),
                event("checkout.session.completed", 9, subscription.copy().put("subscription", "sub_1")),
                event(
                        "checkout.session.async_payment_succeeded",
                        90,
                        subscription.copy().put("subscription", "sub_1").put("payment_status", "paid"))));

        assertThat(row.getString("subscription_id")).isEqualTo("sub_1");
    }

    @Test
    void settleNext_paymentIntentAndItsSessionInAnyOrderAndTwice_endInTheSameRow() {
        JsonObject succeeded = event("payment_intent.succeeded", 9, paymentIntent("pi_1", "succeeded", "pm_1"));

        JsonObject row = rowOfAllOrders(List.of(
                event("payment_intent.payment_failed", 5, paymentIntent("pi_1", "requires_payment_method", null)),
                succeeded,
                again(succeeded),
                event("checkout.session.completed", 9, payment("cs_1", "paid").put("payment_intent", "pi_1"))));

        assertThat(row.getString("payment_method_id")).isEqualTo("pm_1");
        assertThat(row.getBoolean("read_due")).isFalse();
        assertThat(INBOX.rows("SELECT DISTINCT state FROM stripe_events")).containsExactly(List.of("applied"));
    }

    @Test
    void settleNext_subscriptionAndItsSessionInAnyOrder_endInTheSameRow() {
        JsonObject session = payment("cs_1", "paid").put("mode", "subscription").put("subscription", "sub_1");

        JsonObject row = rowOfAllOrders(List.of(
                event("customer.subscription.created", 9, subscription("sub_1", "incomplete", null)),
                event("customer.subscription.updated", 9, subscription("sub_1", "active", "pm_1")),
                event("checkout.session.completed", 9, session),
                event("customer.subscription.updated", 99, subscription("sub_1", "active", "pm_2"))));

        assertThat(row.getString("payment_method_id")).isEqualTo("pm_2");
        assertThat(INBOX.rows("SELECT kind FROM follow_ups")).containsExactly(List.of("fetch_line_items"));
    }

    @Test
    void settleNext_subscriptionThatIsRenewed_isNoNewsOfItsSession() {
        JsonObject session = payment("cs_1", "paid").put("mode", "subscription").put("subscription", "sub_1");
        INBOX.hear(List.of(
                event("checkout.session.completed", 9, session),
                event("customer.subscription.updated", 9, subscription("sub_1", "active", "pm_1"))));
        INBOX.execute("DELETE FROM outbox");

        INBOX.hear(List.of(event("customer.subscription.updated", 999, subscription("sub_1", "past_due", "pm_1"))));

        assertThat(INBOX.rows("SELECT version FROM checkout_sessions")).containsExactly(List.of("2"));
        assertThat(INBOX.rows("SELECT id FROM outbox")).isEmpty();
    }

    @Test
    void settleNext_twoReplicasAtOneInbox_applyEachEventOnceAndMissNone() {
        List<JsonObject> told = IntStream.range(0, 60)
                .boxed()
                .flatMap(i -> Stream.of(
                        event(
                                "setup_intent.setup_failed",
                                3,
                                setupIntent("seti_" + i, "requires_payment_method")
                                        .put("last_setup_error", new JsonObject().put("code", "card_declined"))),
                        event(
                                "setup_intent.succeeded",
                                5,
                                setupIntent("seti_" + i, "succeeded").put("payment_method", "pm_" + i)),
                        event(
                                "checkout.session.completed",
                                5,
                                madeNow(session("cs_" + i, "seti_" + i)).put("status", "complete"))))
                .toList();
        INBOX.addAll(told);

        Vertx vertx = Vertx.vertx();
        Postgres otherPool = Postgres.of(vertx, INBOX.database().settings().database());
        PgEvents other = new PgEvents(otherPool);
        List<Future<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            lanes.add(settleAll(INBOX.events));
            lanes.add(settleAll(other));
        }
        await(Future.all(lanes));
        await(otherPool.close());
        await(vertx.close());

        assertThat(INBOX.rows("SELECT DISTINCT state FROM stripe_events")).containsExactly(List.of("applied"));
        assertThat(INBOX.rows("SELECT status, setup_intent_status, payment_method_id FROM checkout_sessions"))
                .hasSize(60)
                .allMatch(row -> row.get(0).equals("complete") && row.get(1).equals("succeeded"));
        assertThat(INBOX.rows(
                        "SELECT event_id FROM checkout_session_transitions GROUP BY event_id" + " HAVING count(*) > 1"))
                .isEmpty();
        assertThat(INBOX.rows("SELECT event_id FROM checkout_session_transitions"))
                .hasSize(180);
        assertThat(INBOX.rows("SELECT session_id FROM checkout_sessions s LEFT JOIN checkout_session_transitions t"
                        + " ON t.session_id = s.id GROUP BY s.id, s.version, session_id HAVING count(*) <> s.version"))
                .isEmpty();
    }

    private static Future<Void> settleAll(PgEvents events) {
        return events.settleNext(INBOX.reader()::read, 1)
                .compose(settled -> settled.isPresent() ? settleAll(events) : Future.succeededFuture());
    }
}
