package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.LineItems;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.SessionPage;
import io.checkoutgateway.checkout.SessionQuery;
import io.checkoutgateway.checkout.SessionStore;
import io.checkoutgateway.checkout.Transition;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Sessions in Postgres. */
public final class PgSessions implements SessionStore {
    private static final String STRIPE_PREFIX = "cs_";

    private static final String FIND =
            "SELECT " + SessionRow.COLUMNS + " FROM checkout_sessions WHERE namespace = #{namespace} AND id = #{id}";

    /** Two apps of an account, one of the settings and one that was installed, may know it: who is there follows it. */
    private static final String FIND_BY_STRIPE_ID = "SELECT " + SessionRow.COLUMNS
            + """
            FROM checkout_sessions
            WHERE namespace = #{namespace} AND stripe_session_id = #{id}
            ORDER BY (SELECT a.state IN ('ready', 'unauthorized') FROM apps a WHERE a.id = app_id) DESC, id DESC
            LIMIT 1
            """;

    private static final String FIND_BY_DJSTRIPE_ID = "SELECT " + SessionRow.COLUMNS
            + " FROM checkout_sessions WHERE namespace = #{namespace} AND djstripe_id = #{id}";

    private static final String LOCK = "SELECT " + SessionRow.COLUMNS
            + ", to_jsonb(s)::text AS snapshot FROM checkout_sessions s WHERE id = #{id} FOR UPDATE";

    private static final String SNAPSHOT =
            "SELECT to_jsonb(s)::text AS snapshot FROM checkout_sessions s WHERE id = #{id}";

    private static final String TRANSITIONS =
            """
            SELECT sequence, from_status, to_status, reason, source, event_id, occurred_at, recorded_at,
                   setup_error
            FROM checkout_session_transitions
            WHERE session_id = #{id} AND sequence > #{after}
            ORDER BY sequence
            LIMIT #{most}
            """;

    private static final String LINE_ITEMS =
            """
            SELECT s.id, s.line_items, s.line_items_as_of,
                   EXISTS (
                       SELECT 1 FROM follow_ups f
                       WHERE f.app_id = s.app_id AND f.kind = 'fetch_line_items' AND f.subject = s.stripe_session_id
                         AND f.state = 'pending') AS pending
            FROM checkout_sessions s
            WHERE s.id = ANY(#{ids})
            """;

    static final String FORGET_HISTORY =
            """
            WITH old AS MATERIALIZED (
                SELECT session_id, sequence FROM checkout_session_transitions
                WHERE recorded_at < now() - make_interval(secs => #{retention_seconds})
                ORDER BY recorded_at
                LIMIT #{most}
                FOR UPDATE SKIP LOCKED
            )
            DELETE FROM checkout_session_transitions
            WHERE (session_id, sequence) IN (SELECT session_id, sequence FROM old)
            """;

    /** How many changes are forgotten at once: few enough that their locks are gone in a moment. */
    private static final int FORGOTTEN_MAX = 1_000;

    private final Postgres postgres;

    public PgSessions(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<CheckoutSession> observe(String sessionId, Observation seen) {
        return postgres.inTransaction(connection -> SessionChanges.apply(connection, sessionId, seen));
    }

    @Override
    public Future<CheckoutSession> observe(Actor actor, String sessionId, Observation seen, Deed deed) {
        Map<String, Object> of = Map.of("id", sessionId);
        return postgres.inTransaction(connection -> Postgres.on(connection, LOCK, of)
                .map(rows -> Rows.first(rows)
                        .orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No checkout session has this id")))
                .compose(before -> SessionChanges.apply(connection, SessionRow.toSession(before), seen)
                        .compose(after -> deed.of(SessionRow.toSession(before), after)
                                .map(action -> note(connection, actor, action, before, sessionId))
                                .orElseGet(Future::succeededFuture)
                                .map(after))));
    }

    private static Future<Void> note(
            SqlConnection connection, Actor actor, String action, Row before, String sessionId) {
        return Postgres.on(connection, SNAPSHOT, Map.of("id", sessionId))
                .compose(after -> AuditRows.append(
                        connection,
                        actor,
                        action,
                        "checkout_session:" + sessionId,
                        before.getString(AuditRows.SNAPSHOT),
                        after.iterator().next().getString(AuditRows.SNAPSHOT)));
    }

    @Override
    public Future<Optional<CheckoutSession>> find(String namespace, String id) {
        String sql = id.startsWith(STRIPE_PREFIX) ? FIND_BY_STRIPE_ID : FIND;
        return one(sql, Map.of("namespace", namespace, "id", id));
    }

    @Override
    public Future<Optional<CheckoutSession>> findByDjstripeId(String namespace, int djstripeId) {
        return one(FIND_BY_DJSTRIPE_ID, Map.of("namespace", namespace, "id", djstripeId));
    }

    private Future<Optional<CheckoutSession>> one(String sql, Map<String, Object> parameters) {
        return postgres.query(sql, parameters).map(rows -> Rows.first(rows).map(SessionRow::toSession));
    }

    @Override
    public Future<SessionPage> list(String namespace, SessionQuery query) {
        SessionSelect select = SessionSelect.of(namespace, query);
        Future<RowSet<Row>> found = select.dependsOnValues()
                ? postgres.inTransaction(connection -> Postgres.planned(connection, select.sql(), select.parameters()))
                : postgres.query(select.sql(), select.parameters());
        return found.map(rows -> select.toPage(rows));
    }

    @Override
    public Future<Map<String, LineItems>> lineItems(List<String> sessionIds) {
        return postgres.query(LINE_ITEMS, Map.of("ids", sessionIds.toArray(String[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(row -> row.getString("id"), PgSessions::toLineItems)));
    }

    private static LineItems toLineItems(Row row) {
        JsonArray items = row.getJsonArray("line_items");
        return new LineItems(
                items == null
                        ? List.of()
                        : items.stream().map(JsonObject.class::cast).toList(),
                Rows.instant(row, "line_items_as_of"),
                row.getBoolean("pending"));
    }

    @Override
    public Future<List<Transition>> transitions(String sessionId, long after, int most) {
        return postgres.query(TRANSITIONS, Map.of("id", sessionId, "after", after, "most", most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgSessions::toTransition)
                        .toList());
    }

    @Override
    public Future<Boolean> forgetHistory(Duration retention) {
        return postgres.query(
                        FORGET_HISTORY,
                        Map.of("retention_seconds", (double) retention.toSeconds(), "most", FORGOTTEN_MAX))
                .map(rows -> rows.rowCount() == FORGOTTEN_MAX);
    }

    private static Transition toTransition(Row row) {
        String from = row.getString("from_status");
        return new Transition(
                row.getLong("sequence"),
                from == null ? null : CheckoutStatus.of(from),
                CheckoutStatus.of(row.getString("to_status")),
                row.getString("reason"),
                Observation.Source.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
                row.getString("event_id"),
                Rows.instantOf(row, "occurred_at"),
                Rows.instantOf(row, "recorded_at"),
                SessionRow.toSetupError(row.getJsonObject("setup_error")));
    }
}
