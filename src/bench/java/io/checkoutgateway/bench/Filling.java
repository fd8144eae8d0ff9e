package io.checkoutgateway.bench;

import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A gateway's database that has been in use for a year: sessions of setup mode, ten for each customer, and the applied
 * events that are not forgotten yet, two for each session of the last three months. The rows are made inside Postgres;
 * indexes are taken away before and built again after.
 */
record Filling(EmbeddedDatabase server, String database, int sessions) {
    /** So many that Postgres plans as it does in production: it knows nothing of tables that were empty just now. */
    static final int FEW = 10_000;

    private static final int SESSIONS_OF_A_CUSTOMER = 10;

    /** Rows of one statement. */
    private static final int SLICE = 100_000;

    private static final int WRITERS = 2;

    /** Statements that share the events. */
    private static final int EVENT_PARTS = 8;

    private static final String TABLES = "'checkout_sessions', 'stripe_events', 'customers'";

    /** Foreign keys are not checked, and nobody waits for the disk. */
    private static final List<String> HASTE = List.of(
            "SET search_path = checkout_gateway",
            "SET session_replication_role = replica",
            "SET synchronous_commit = off",
            "SET maintenance_work_mem = '1GB'");

    private static final String CONSTRAINTS =
            """
            SELECT format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', r.relname, c.conname, pg_get_constraintdef(c.oid))
            FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
            WHERE c.contype = 'u' AND c.connamespace = 'checkout_gateway'::regnamespace AND r.relname IN (%s)
            """;

    private static final String CONSTRAINTS_GONE =
            """
            SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', r.relname, c.conname)
            FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
            WHERE c.contype = 'u' AND c.connamespace = 'checkout_gateway'::regnamespace AND r.relname IN (%s)
            """;

    private static final String INDEXES =
            """
            SELECT indexdef FROM pg_indexes
            WHERE schemaname = 'checkout_gateway' AND tablename IN (%s)
              AND indexname NOT IN (SELECT conname FROM pg_constraint)
            """;

    private static final String INDEXES_GONE =
            """
            SELECT format('DROP INDEX %%I', indexname) FROM pg_indexes
            WHERE schemaname = 'checkout_gateway' AND tablename IN (%s)
              AND indexname NOT IN (SELECT conname FROM pg_constraint)
            """;

    private static final String CUSTOMERS =
            """
            INSERT INTO customers (id, namespace, key, name, currency)
            SELECT %s, '%s', 'customer-' || i, 'Customer ' || i, 'EUR'
            FROM generate_series(0, %d) i
            """;

    /**
     * Ids of Stripe's begin with the digits that change fastest, so that new ones fall between old ones. Stripe has been
     * asked about those that are open and past their time: otherwise each gateway would ask all the while.
     */
    private static final String SESSIONS =
            """
            INSERT INTO checkout_sessions (
                id, namespace, app_id, stripe_account_id, livemode, customer_id, stripe_customer_id, status, stripe,
                stripe_as_of, stripe_session_id, mode, ui_mode, payment_status, currency, client_reference_id, locale,
                success_url, cancel_url, billing_address_collection, metadata, stripe_created_at, expires_at,
                setup_intent_id, setup_intent_status, payment_method_id, setup_intent_as_of, created_at, updated_at,
                completed_at, overdue_read_at)
            SELECT %1$s, '%2$s', '%3$s', 'acct_bench', false, %4$s, 'cus_bench' || i / 10, s.status,
                   '%5$s'::jsonb || jsonb_build_object(
                       'id', 'cs_test_' || s.digits, 'status', s.status, 'setup_intent', 'seti_' || s.digits,
                       'created', extract(epoch FROM s.created)::bigint, 'client_reference_id', 'order-' || i,
                       'customer', 'cus_bench' || i / 10, 'metadata', s.metadata),
                   s.created, 'cs_test_' || s.digits, 'setup', 'hosted', 'no_payment_required', 'eur', 'order-' || i,
                   'de', 'https://shop.example/done?session={CHECKOUT_SESSION_ID}', 'https://shop.example/cart',
                   'required', s.metadata, s.created, s.created + interval '1 day', 'seti_' || s.digits, 'succeeded',
                   'pm_' || s.digits, s.created, s.created, s.created,
                   CASE WHEN s.status = 'complete' THEN s.created END,
                   CASE WHEN s.status = 'open' THEN 'infinity'::timestamptz END
            FROM generate_series(%6$d, %7$d) i,
                 LATERAL (SELECT CASE WHEN i %% 100 < 3 THEN 'open' WHEN i %% 100 < 10 THEN 'expired' ELSE 'complete' END
                                     AS status,
                                 reverse(lpad(i::text, 20, '0')) AS digits,
                                 now() - (%8$d - i)::float8 / %8$d * interval '365 days' AS created,
                                 jsonb_build_object('order', i::text, 'cost_center', 'marketing') AS metadata) s
            """;

    /** The time in an event's id, see {@link Prepared#SECOND}. */
    private static final String EVENT_ID = IntStream.rangeClosed(0, 5)
            .mapToObj(digit ->
                    "substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (second / %d %% 62)::int + 1, 1)"
                            .formatted((long) Math.pow(62, 5 - digit)))
            .collect(Collectors.joining(" || ", "'evt_' || ", ""));

    /**
     * Half as many as sessions: a quarter of a year is kept, and a session has two. All have one body, packed as the
     * gateway packs it: larger ones would leave room in every page, and new events would go there instead of standing
     * together behind the last.
     */
    private static final String EVENTS =
            """
            INSERT INTO stripe_events (
                app_id, event_id, type, api_version, livemode, created, body, object_id, received_at, state, attempts,
                next_attempt_at, settled_at, outcome)
            SELECT app_id, %3$s || substr(stripe_session_id, 9), 'checkout.session.completed',
                   '2026-07-29.dahlia', false, created_at,
                   decode('%4$s', 'hex'), stripe_session_id, now() - (now() - created_at) / 5, 'applied', 1, created_at,
                   created_at, id
            FROM checkout_sessions,
                 LATERAL (SELECT extract(epoch FROM created_at)::bigint AS second) s
            WHERE djstripe_id %% %1$d = %2$d AND id LIKE '01S000%%'
            """;

    /** A gateway in production whose database holds {@link #FEW} sessions. */
    static Stage few(EmbeddedDatabase server) {
        new Filling(server, "gateway", FEW).run();
        return new Stage(server, "gateway");
    }

    /** Makes the database and fills it; takes a few minutes for each million. */
    void run() {
        Installed installed = install();
        Sql sql = new Sql(server.jdbcUrl(database));
        List<String> again = Stream.of(CONSTRAINTS, INDEXES)
                .flatMap(query -> sql.rows(query.formatted(TABLES)).stream())
                .toList();
        List<String> gone = Stream.of(CONSTRAINTS_GONE, INDEXES_GONE)
                .flatMap(query -> sql.rows(query.formatted(TABLES)).stream())
                .toList();
        sql.run(concat(HASTE, gone));
        sideBySide(sql, concat(List.of(customers()), sessions(installed.appId())));
        sideBySide(sql, events(installed.body()));
        sideBySide(sql, again);
        sql.run(
                "VACUUM ANALYZE checkout_gateway.checkout_sessions",
                "VACUUM ANALYZE checkout_gateway.stripe_events",
                "VACUUM ANALYZE checkout_gateway.customers",
                "CHECKPOINT");
    }

    /** On two connections: making rows keeps a processor busy, not the disk. */
    private static void sideBySide(Sql sql, List<String> statements) {
        Queue<String> left = new ConcurrentLinkedQueue<>(statements);
        CompletableFuture<?>[] workers = new CompletableFuture<?>[WRITERS];
        for (int worker = 0; worker < WRITERS; worker++) {
            workers[worker] = CompletableFuture.runAsync(() -> {
                for (String next = left.poll(); next != null; next = left.poll()) {
                    sql.run(concat(HASTE, List.of(next)));
                }
            });
        }
        CompletableFuture.allOf(workers).join();
    }

    @SafeVarargs
    private static List<String> concat(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    /** A gateway makes its tables and its app when it starts for the first time; it is told of a first event. */
    private Installed install() {
        try (Stage stage = new Stage(server, server.createDatabase(database))) {
            Load one = new Load(
                    stage.port(),
                    List.of(stage.webhook(Events.sessionCompleted())),
                    1,
                    1,
                    Duration.ZERO,
                    Duration.ofSeconds(1),
                    Stage.SIGNING_SECRET);
            if (one.run().errors() > 0) {
                throw new IllegalStateException("the first event was not taken in");
            }
            return new Installed(stage.appId(), new Inbox(stage.sql()).body());
        }
    }

    /** @param body of an event, as it lies in its row, in hexadecimal digits */
    private record Installed(String appId, String body) {}

    private String customers() {
        return CUSTOMERS.formatted(customer("i"), Stage.NAMESPACE, sessions / SESSIONS_OF_A_CUSTOMER);
    }

    private static List<String> events(String body) {
        return IntStream.range(0, EVENT_PARTS)
                .mapToObj(part -> EVENTS.formatted(2 * EVENT_PARTS, 2 * part, EVENT_ID, body))
                .toList();
    }

    private List<String> sessions(String appId) {
        JsonObject object =
                new JsonObject(Events.sessionCompleted()).getJsonObject("data").getJsonObject("object");
        object.getMap().values().removeIf(value -> value == null);
        List<String> statements = new ArrayList<>();
        for (int from = 0; from < sessions; from += SLICE) {
            int to = Math.min(sessions, from + SLICE) - 1;
            statements.add(SESSIONS.formatted(
                    session("i"),
                    Stage.NAMESPACE,
                    appId,
                    customer("i / " + SESSIONS_OF_A_CUSTOMER),
                    object.encode(),
                    from,
                    to,
                    sessions));
        }
        return statements;
    }

    private static String session(String number) {
        return "'01S' || lpad((" + number + ")::text, 23, '0')";
    }

    private static String customer(String number) {
        return "'01C' || lpad((" + number + ")::text, 23, '0')";
    }

    /** The id of the session of this number, from 0. */
    static String sessionId(long number) {
        return "01S%023d".formatted(number);
    }

    /** The id of the customer of the session of this number. */
    static String customerId(long number) {
        return "01C%023d".formatted(number / SESSIONS_OF_A_CUSTOMER);
    }
}
