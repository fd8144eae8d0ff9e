package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.START;
import static io.checkoutgateway.store.InboxOnPostgres.app;
import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.madeNow;
import static io.checkoutgateway.store.InboxOnPostgres.orders;
import static io.checkoutgateway.store.InboxOnPostgres.payment;
import static io.checkoutgateway.store.InboxOnPostgres.paymentIntent;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.store.InboxOnPostgres.setupIntent;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.Payment;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeCheckout.Snapshot;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.mirror.OverdueStore.Overdue;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done about news that never comes, or comes before anybody knows what to do with it. */
class LostNewsTest {
    private static final Duration REST = Duration.ofMinutes(10);
    private static final String DUE =
            "SELECT read_due_at > now(), read_due_at < now() + interval '31 seconds'" + " FROM checkout_sessions";
    private static final String SETUP_INTENT = "SELECT setup_intent_status, payment_method_id FROM checkout_sessions";

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    private static final PgMirrorSessions SESSIONS = new PgMirrorSessions(INBOX.postgres);
    private static final PgOverdueSessions OVERDUE = new PgOverdueSessions(INBOX.postgres);

    private static JsonObject completed(String id, String setupIntentId) {
        return event(
                "checkout.session.completed",
                5,
                madeNow(session(id, setupIntentId)).put("status", "complete"));
    }

    private static JsonObject succeeded(String id) {
        return event(
                "setup_intent.succeeded",
                4,
                setupIntent(id, "succeeded").put("payment_method", "pm_1").put("customer", "cus_1"));
    }

    private static void passUntilDue() {
        INBOX.execute("UPDATE checkout_sessions SET read_due_at = now() - interval '1 second'");
    }

    private static List<Overdue> claimed() {
        return await(OVERDUE.claimOpenEnded(app(), REST, 10)).toRead();
    }

    @Test
    void claimOpenEnded_onlyTheCompletionIsHeard_isTakenHalfAMinuteLater() {
        INBOX.addOurs("01KAMZ2V5Q8XG6T4N9R3W7B1CF", "cs_1", "seti_1");
        INBOX.hear(List.of(completed("cs_1", "seti_1")));
        assertThat(INBOX.rows(DUE)).containsExactly(List.of("t", "t"));
        assertThat(claimed()).isEmpty();

        passUntilDue();

        assertThat(claimed()).extracting(Overdue::stripeSessionId).containsExactly("cs_1");
        assertThat(claimed()).as("it is somebody's").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 32})
    void claimOpenEnded_couldNotBeRead_isTakenAgainSoonHoweverOldItIs(int days) {
        INBOX.hear(List.of(event("checkout.session.completed", 5, payment("cs_1", "unpaid"))));
        INBOX.execute(
                "UPDATE checkout_sessions SET completed_at = now() - interval '%d days', stripe_created_at = now() - interval '%<d days'"
                        .formatted(days));
        passUntilDue();

        assertThat(claimed()).hasSize(1);

        assertThat(
                        INBOX.rows(
                                "SELECT read_due_at > now(), read_due_at <= now() + interval '10 minutes' FROM checkout_sessions"))
                .containsExactly(List.of("t", "t"));
    }

    @Test
    void claimOpenEnded_outcomeIsKnown_isNeverTaken() {
        for (List<JsonObject> order : orders(List.of(succeeded("seti_1"), completed("cs_1", "seti_1")))) {
            INBOX.addOurs("01KAMZ2V5Q8XG6T4N9R3W7B1CF", "cs_1", "seti_1");
            INBOX.hear(order);

            assertThat(INBOX.rows("SELECT read_due_at FROM checkout_sessions")).containsExactly(List.of("null"));
            INBOX.forgetAll();
        }
    }

    @Test
    void rest_paymentThatTakesDays_isTakenEverMoreRarelyUntilItIsPaid() {
        INBOX.hear(List.of(event("checkout.session.completed", 5, payment("cs_1", "unpaid"))));
        INBOX.execute("UPDATE checkout_sessions SET completed_at = now() - interval '3 days'");
        passUntilDue();

        await(OVERDUE.rest(claimed().get(0), REST));

        assertThat(INBOX.rows("SELECT round(extract(epoch FROM read_due_at - now()) / 3600) FROM checkout_sessions"))
                .containsExactly(List.of("72"));
        INBOX.hear(List.of(event("checkout.session.async_payment_succeeded", 9, payment("cs_1", "paid"))));
        assertThat(INBOX.rows("SELECT read_due_at FROM checkout_sessions")).containsExactly(List.of("null"));
    }

    @Test
    void claimOpenEnded_paymentMethodIsNotTold_isTakenUntilItIsReadOrCannotBe() {
        INBOX.hear(List.of(paidThrough("cs_1", "pi_1"), paidThrough("cs_2", "pi_2")));
        passUntilDue();
        assertThat(claimed()).hasSize(2);

        Observation read = Observation.of(
                new Snapshot(
                        StripeSession.of(payment("cs_1", "paid").put("payment_intent", "pi_1")),
                        null,
                        new Payment("pi_1", true, null),
                        START),
                Observation.Source.RECONCILER,
                "overdue");
        await(SESSIONS.apply(app(), read));
        INBOX.execute("UPDATE checkout_sessions SET read_due_at = now() - interval '1 second'"
                + " WHERE read_due_at IS NOT NULL");
        assertThat(claimed()).extracting(Overdue::stripeSessionId).containsExactly("cs_2");

        await(OVERDUE.unreadable(await(SESSIONS.find(app(), "cs_2"))
                .map(kept -> new Overdue(kept.session().id(), "cs_2", null))
                .orElseThrow()));
        assertThat(INBOX.rows("SELECT read_due_at FROM checkout_sessions"))
                .containsExactly(List.of("null"), List.of("null"));
    }

    private static JsonObject paidThrough(String id, String paymentIntentId) {
        return event("checkout.session.completed", 5, payment(id, "paid").put("payment_intent", paymentIntentId));
    }

    @Test
    void settleNext_paymentOfAnotherVersion_hasItsSessionReadWhicheverComesFirst() {
        JsonObject succeeded = event("payment_intent.succeeded", 4, paymentIntent("pi_1", "succeeded", "pm_1"))
                .put("api_version", "2020-08-27");

        for (List<JsonObject> order : orders(List.of(succeeded, paidThrough("cs_1", "pi_1")))) {
            INBOX.hear(order);

            assertThat(INBOX.rows("SELECT kind, subject FROM follow_ups ORDER BY kind"))
                    .containsExactly(List.of("fetch_line_items", "cs_1"), List.of("read_session", "cs_1"));
            INBOX.forgetAll();
        }
    }

    @Test
    void rest_madeLongerThanAMonthAgo_isNotTakenAgain() {
        INBOX.hear(List.of(event("checkout.session.completed", 5, payment("cs_1", "unpaid"))));
        INBOX.execute("UPDATE checkout_sessions SET stripe_created_at = now() - interval '32 days'");
        passUntilDue();

        await(OVERDUE.rest(claimed().get(0), REST));

        assertThat(INBOX.rows("SELECT read_due_at FROM checkout_sessions")).containsExactly(List.of("null"));
    }

    @Test
    void claimOpenEnded_copiedLongAfterItsEnd_isNotTaken() {
        JsonObject old = payment("cs_1", "unpaid");
        old.put("created", old.getLong("created") - Duration.ofDays(32).toSeconds());

        INBOX.hear(List.of(event("checkout.session.completed", 5, old)));

        assertThat(INBOX.rows("SELECT read_due_at FROM checkout_sessions")).containsExactly(List.of("null"));
    }

    @Test
    void claimOpenEnded_inADisconnectedAccount_isPutOffAndKeepsNobodyWaiting() {
        INBOX.hear(List.of(event("checkout.session.completed", 5, payment("cs_1", "unpaid"))
                .put("account", "acct_gone")));
        INBOX.execute("UPDATE connected_accounts SET disconnected_at = now(), disconnected_by = 'refused'");
        passUntilDue();

        assertThat(claimed()).isEmpty();
        assertThat(INBOX.rows("SELECT read_due_at > now() + interval '23 hours' FROM checkout_sessions"))
                .containsExactly(List.of("t"));
    }

    @Test
    void lost_sessionThatStripeDoesNotKnow_isNotTakenAgain() {
        INBOX.hear(List.of(event("checkout.session.completed", 5, payment("cs_1", "unpaid"))));
        passUntilDue();

        await(OVERDUE.lost(claimed().get(0)));

        assertThat(INBOX.rows("SELECT read_due_at FROM checkout_sessions")).containsExactly(List.of("null"));
    }

    @Test
    void settleNext_setupIntentOfAnotherVersionReadBeforeItsSessionWasKnown_isReadAgain() {
        INBOX.hear(List.of(succeeded("seti_1").put("api_version", "2020-08-27")));
        // The reading finds that no session kept here has it, and is met.
        INBOX.execute("DELETE FROM follow_ups");

        INBOX.hear(List.of(completed("cs_1", "seti_1")));

        assertThat(INBOX.rows("SELECT kind, subject FROM follow_ups"))
                .containsExactly(List.of("read_setup_intent", "seti_1"));
    }

    @Test
    void writeSetupIntent_whileItsSessionIsBeingAdded_waitsForTheSession() throws SQLException {
        SetupIntent read = new SetupIntent("seti_1", "succeeded", "pm_1", null);
        Observation seen = new Observation(null, read, START, Observation.Source.FOLLOW_UP, null, "read_again");
        PgFindings findings = new PgFindings(INBOX.postgres);
        Future<Optional<CheckoutSession>> written;
        try (Connection adding = INBOX.database().connect();
                Statement statement = adding.createStatement()) {
            adding.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('" + InboxOnPostgres.APP
                    + "' || '/' || 'seti_1', 0))");
            statement.execute("INSERT INTO checkout_gateway.checkout_sessions (id, namespace, app_id, livemode, status,"
                    + " stripe_session_id, setup_intent_id, stripe, stripe_as_of, mode) VALUES ("
                    + "'01KAMZ2V5Q8XG6T4N9R3W7B1CF', 'test', '%s', false, 'complete', 'cs_1', 'seti_1', '%s', now(), 'setup')"
                            .formatted(
                                    InboxOnPostgres.APP,
                                    session("cs_1", "seti_1")
                                            .put("status", "complete")
                                            .encode()));
            written = findings.writeSetupIntent(app(), seen, null, null);
            Awaitility.await()
                    .until(() -> written.isComplete()
                            || !INBOX.rows("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                                    .isEmpty());
            adding.commit();
        }

        assertThat(await(written)).isPresent();
        assertThat(INBOX.rows(SETUP_INTENT)).containsExactly(List.of("succeeded", "pm_1"));
    }

    @Test
    void settleNext_sessionThatNamesItsSetupIntentLate_hearsWhatWasSaidOfItBefore() {
        JsonObject unnamed = madeNow(session("cs_1", "none")).putNull("setup_intent");
        List<JsonObject> told =
                List.of(event("checkout.session.opened", 1, unnamed), succeeded("seti_1"), completed("cs_1", "seti_1"));

        for (List<JsonObject> order : orders(told)) {
            INBOX.hear(order);

            assertThat(INBOX.rows(SETUP_INTENT)).containsExactly(List.of("succeeded", "pm_1"));
            INBOX.forgetAll();
        }
    }

    private static final Duration OVER = Duration.ofMinutes(2);

    /** A session of ours that is still open so long after its time was over, and that nobody has read since. */
    private static void overdue(String id, String ago) {
        String row = ("01KAMZ2V5Q8XG6T4N9R3W7B1" + id).toUpperCase(Locale.ROOT);
        INBOX.addOurs(row, "cs_" + id, "seti_" + id);
        INBOX.execute(
                "UPDATE checkout_sessions SET expires_at = now() - interval '%s', stripe_as_of = now() - interval '%<s' - interval '1 day' WHERE id = '%s'"
                        .formatted(ago, row));
    }

    private static List<Overdue> claimedOverdue(int most) {
        return await(OVERDUE.claimOverdue(app(), OVER, REST, most));
    }

    private static void pass(String time) {
        INBOX.execute(
                """
                UPDATE checkout_sessions SET expires_at = expires_at - interval '%1$s',
                    stripe_as_of = stripe_as_of - interval '%1$s', overdue_read_at = overdue_read_at - interval '%1$s'
                """
                        .formatted(time));
    }

    @Test
    void stillOpen_sessionThatStripeNeverEnds_isTakenEverMoreRarelyAndNoMoreAfterAMonth() {
        overdue("aa", "3 minutes");
        int reads = 0;
        for (int quarterDays = 0; quarterDays < 4 * 45; quarterDays++) {
            for (Overdue session : claimedOverdue(10)) {
                reads++;
                await(OVERDUE.stillOpen(session));
            }
            pass("6 hours");
        }

        assertThat(reads).isBetween(7, 14);
        assertThat(INBOX.rows("SELECT overdue_read_at FROM checkout_sessions")).containsExactly(List.of("infinity"));
    }

    @Test
    void claimOverdue_oneThatCouldNotBeRead_isTakenAgainSoonHoweverOldItIs() {
        overdue("aa", "20 days");

        assertThat(claimedOverdue(10)).hasSize(1);
        pass("11 minutes");

        assertThat(claimedOverdue(10)).hasSize(1);
    }

    @Test
    void claimOverdue_olderThatStripeNeverEnds_doNotKeepANewerOneWaiting() {
        overdue("aa", "5 days");
        overdue("bb", "4 days");
        assertThat(claimedOverdue(10)).hasSize(2);
        overdue("cc", "20 minutes");
        pass("11 minutes");

        assertThat(claimedOverdue(1)).extracting(Overdue::stripeSessionId).containsExactly("cs_cc");
    }

    @Test
    void stillOpen_sessionThatEndedMeanwhileOrThatStripeLost_isLeftAlone() {
        overdue("aa", "5 days");
        Overdue taken = claimedOverdue(10).get(0);
        await(OVERDUE.lost(taken));

        await(OVERDUE.stillOpen(taken));

        assertThat(INBOX.rows("SELECT overdue_read_at FROM checkout_sessions")).containsExactly(List.of("infinity"));
    }

    @Test
    void claimOverdue_amongManyThatRest_isFoundByItsIndex() {
        overdue("aa", "5 days");
        INBOX.execute(
                """
                INSERT INTO checkout_sessions (id, namespace, app_id, stripe_account_id, livemode, customer_id, status,
                    stripe_session_id, stripe, stripe_as_of, mode, expires_at, overdue_read_at)
                SELECT '01KAMZ2V5Q8XG6T4N9' || lpad(n::text, 8, '0'), namespace, app_id, stripe_account_id, livemode,
                    customer_id, status, 'cs_' || n, stripe, stripe_as_of, mode, expires_at, now() + interval '1 day'
                FROM checkout_sessions, generate_series(1, 20000) n
                """);
        INBOX.execute("ANALYZE checkout_sessions");

        String plan = Plans.of(
                INBOX.postgres,
                PgOverdueSessions.CLAIM_OVERDUE,
                Map.of("app_id", InboxOnPostgres.APP, "over_seconds", 120.0, "rest_seconds", 600.0, "most", 50),
                "generic");

        assertThat(plan).contains("checkout_sessions_overdue_next").doesNotContain("Seq Scan on checkout_sessions");
    }
}
