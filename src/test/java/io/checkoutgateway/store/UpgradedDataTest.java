package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.payment;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.WebhookStanding.Judgement;
import io.checkoutgateway.apps.WebhookStanding.State;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.mirror.CatchUpStore.Gap;
import io.checkoutgateway.mirror.CatchUpStore.Sweep;
import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an installation of V015 has in its tables, and what becomes of it. */
class UpgradedDataTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    private static final String CUSTOMER = "01KAMZ2V5Q8XG6T4N9R3W7B1CE";
    private static final String RUN = "01KAMZ4C1F8Y3J6Q0S5V7X9ZA2";
    private static final String READ_BEFORE = "01KAMZ4C1F8Y3J6Q0S5V7X9ZA3";
    private static final Duration HORIZON = Duration.ofDays(30).minusHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database = TestDatabase.empty();
    private Postgres postgres;

    @BeforeEach
    void upgrade() {
        MigrationsTest.migrateTo("15", database);
        fill();
        DatabaseSettings settings = database.settings().database();
        await(Migrations.run(vertx, settings));
        postgres = Postgres.of(vertx, settings);
    }

    @AfterEach
    void stop() {
        await(postgres.close());
        await(vertx.close());
    }

    private void fill() {
        sql(
                "INSERT INTO apps (id, namespace, type, stripe_account_id, livemode, configured, created_at) VALUES ('%s',"
                        + " 'test', 'stripe', 'acct_own', false, true, now() - interval '100 days')",
                APP);
        sql("INSERT INTO customers (id, namespace, key, name) VALUES ('%s', 'test', 'c', 'C')", CUSTOMER);
        setup("open", "open", "NULL", "1 hour");
        setup("done", "complete", "'succeeded'", "2 days");
        setup("waits", "complete", "NULL", "2 days");
        setup("tries", "complete", "'requires_payment_method'", "2 days");
        setup("waited", "complete", "NULL", "40 days");
        foreign("paid", "paid", "2 days");
        foreign("unpaid", "unpaid", "20 days");
        foreign("never", "unpaid", "40 days");
        sql(
                "INSERT INTO checkout_sessions (id, namespace, app_id, livemode, customer_id, status, parameters)"
                        + " VALUES ('%s', 'test', '%s', false, '%s', 'creating', '{}')",
                idOf("creating"), APP, CUSTOMER);
        pending(event(
                "checkout.session.completed",
                60,
                session("cs_open", "seti_open").put("status", "complete")));
        pending(event("checkout.session.completed", 60, payment("cs_new", "paid")));
        sql("INSERT INTO follow_ups (app_id, kind, subject) VALUES ('%s', 'read_session', 'cs_paid')", APP);
        sql(
                "INSERT INTO catch_ups (app_id, account, through, ran_at) VALUES ('%s', '', now() - interval '1 minute',"
                        + " now() - interval '1 minute')",
                APP);
        run(RUN, "running", "NULL", "NULL");
        run(READ_BEFORE, "completed", "now() - interval '1 day'", "now() - interval '100 days'");
        sql(
                "INSERT INTO mirror_windows (run_id, number, part, range_from, range_to, attempts) VALUES ('%s', 1,"
                        + " 'sessions', now() - interval '2 days', now(), 3)",
                RUN);
    }

    private void sql(String text, Object... arguments) {
        database.execute("SET search_path TO checkout_gateway; " + text.formatted(arguments));
    }

    /** An id of ours for each name, in upper case as ULIDs are. */
    private static String idOf(String name) {
        return "01KAMZ" + "0".repeat(20 - name.length()) + name.toUpperCase(java.util.Locale.ROOT);
    }

    private void setup(String name, String status, String intent, String age) {
        row(name, status, age, "'" + CUSTOMER + "'", "setup", "no_payment_required", intent);
    }

    private void foreign(String name, String paymentStatus, String age) {
        row(name, "complete", age, "NULL", "payment", paymentStatus, "NULL");
    }

    private void row(
            String name, String status, String age, String customer, String mode, String paymentStatus, String intent) {
        JsonObject object = session("cs_" + name, "seti_" + name)
                .put("mode", mode)
                .put("status", status)
                .put("payment_status", paymentStatus);
        sql(
                """
                INSERT INTO checkout_sessions (id, namespace, app_id, stripe_account_id, livemode, customer_id, status,
                    stripe, stripe_as_of, stripe_session_id, mode, payment_status, stripe_created_at, created_at,
                    expires_at, setup_intent_id, setup_intent_status, completed_at)
                SELECT '%s', 'test', '%s', 'acct_own', false, %s, '%s',
                    '%s', m.at, 'cs_%s', '%s', '%s', m.at, m.at,
                    m.at + interval '1 day', CASE WHEN '%s' = 'setup' THEN 'seti_%s' END, %s,
                    CASE WHEN '%s' = 'complete' THEN m.at END
                FROM (SELECT now() - interval '%s' AS at) m
                """,
                idOf(name),
                APP,
                customer,
                status,
                object.encode(),
                name,
                mode,
                paymentStatus,
                mode,
                name,
                intent,
                status,
                age);
    }

    private void pending(JsonObject event) {
        sql(
                "INSERT INTO stripe_events (app_id, event_id, type, api_version, livemode, created, object_id, body)"
                        + " VALUES ('%s', '%s', '%s', '%s', false, to_timestamp(%d), '%s', convert_to('%s', 'UTF8'))",
                APP,
                event.getString("id"),
                event.getString("type"),
                event.getString("api_version"),
                event.getLong("created"),
                event.getJsonObject("data").getJsonObject("object").getString("id"),
                event.encode());
    }

    private void run(String id, String state, String finished, String from) {
        sql(
                "INSERT INTO mirror_runs (id, namespace, app_id, kind, state, range_from, range_to, finished_at) VALUES"
                        + " ('%s', 'test', '%s', 'backfill', '%s', %s, now(), %s)",
                id, APP, state, from, finished);
    }

    private List<List<String>> rows(String sql) {
        return database.rows(sql.replaceAll("(FROM|JOIN) ", "$1 checkout_gateway."));
    }

    @Test
    void sessions_thatAreCompleteWithoutAnOutcome_areDueWithinTheHourWhileTheyAreYoung() {
        assertThat(rows("SELECT stripe_session_id, read_due_at BETWEEN now() - interval '1 minute'"
                        + " AND now() + interval '1 hour' FROM checkout_sessions WHERE read_due_at IS NOT NULL"
                        + " ORDER BY stripe_session_id"))
                .containsExactly(List.of("cs_tries", "t"), List.of("cs_unpaid", "t"), List.of("cs_waits", "t"));
        assertThat(rows("SELECT count(*), sum(heard), sum(version) FROM checkout_sessions"))
                .containsExactly(List.of("9", "0", "9"));
    }

    @Test
    void events_thatWerePending_areAppliedToTheRows() {
        EventReader reader = new EventReader("2026-07-29.dahlia");
        PgEvents events = new PgEvents(postgres, () -> 0);

        assertThat(await(events.settleNext(reader::read, 10))).isPresent();
        while (await(events.settleNext(reader::read, 10)).isPresent()) {}

        assertThat(rows("SELECT count(*) FROM stripe_events WHERE state = 'applied'"))
                .containsExactly(List.of("2"));
        assertThat(rows("SELECT status FROM checkout_sessions WHERE stripe_session_id IN ('cs_open', 'cs_new')"))
                .containsOnly(List.of("complete"))
                .hasSize(2);
    }

    @Test
    void followUpsAndRuns_areWhereTheyWere() {
        assertThat(rows("SELECT kind, subject, state, set_up_at FROM follow_ups"))
                .containsExactly(List.of("read_session", "cs_paid", "pending", "null"));
        assertThat(rows("SELECT r.id, r.state, r.from_beginning, w.state, w.attempts, w.failures, w.waiting"
                        + " FROM mirror_runs r LEFT JOIN mirror_windows w ON w.run_id = r.id ORDER BY r.id"))
                .containsExactly(
                        List.of(RUN, "running", "f", "pending", "3", "0", "null"),
                        List.of(READ_BEFORE, "completed", "f", "null", "null", "null", "null"));
        assertThat(await(new PgFollowUps(postgres).claim(Line.NEWS, Duration.ofMinutes(1))))
                .hasValueSatisfying(claimed -> assertThat(claimed.causes()).isEmpty());
    }

    /** V015 asked for undelivered events only, which are none of an endpoint that is disabled. */
    @Test
    void catchUp_endpointWasDisabledForLong_asksForAllAndLeavesAGapSinceTheAppIsThere() {
        PgCatchUps catchUps = new PgCatchUps(postgres);
        PgWebhookStandings standings = new PgWebhookStandings(postgres);
        assertThat(await(standings.begin(APP, Duration.ZERO))).isPresent();
        assertThat(await(standings.note(
                                Actor.gateway("test", "test"),
                                APP,
                                false,
                                new Judgement(State.DISABLED, Optional.of("we_1")),
                                false,
                                Duration.ZERO))
                        .now())
                .isEqualTo(State.DISABLED);

        Sweep sweep = await(
                        catchUps.claim(APP, null, Duration.ofMinutes(1), Duration.ZERO, Duration.ofHours(1), HORIZON))
                .orElseThrow();
        await(catchUps.done(sweep, 0, HORIZON));

        assertThat(sweep.full()).isTrue();
        assertThat(Duration.between(sweep.from(), sweep.to())).isEqualTo(HORIZON);
        assertThat(await(catchUps.closed()))
                .as("a run of before began too late for it")
                .isEmpty();
        Gap gap = await(catchUps.gaps()).get(0);
        assertThat(Duration.between(gap.from(), gap.to()))
                .isBetween(Duration.ofDays(70), Duration.ofDays(70).plusHours(2));
    }

    @Test
    void catchUp_endpointIsInOrder_asksForUndeliveredEventsAsBefore() {
        PgCatchUps catchUps = new PgCatchUps(postgres);

        Sweep sweep = await(
                        catchUps.claim(APP, null, Duration.ofMinutes(1), Duration.ZERO, Duration.ofHours(1), HORIZON))
                .orElseThrow();
        await(catchUps.done(sweep, 0, HORIZON));

        assertThat(sweep.full()).isFalse();
        assertThat(Duration.between(sweep.from(), sweep.to())).isLessThan(Duration.ofHours(2));
        assertThat(await(catchUps.gaps())).isEmpty();
    }
}
