package io.checkoutgateway.store;

import io.checkoutgateway.apps.WebhookStanding;
import io.checkoutgateway.apps.WebhookStanding.Judgement;
import io.checkoutgateway.apps.WebhookStanding.State;
import io.checkoutgateway.apps.WebhookStandingStore;
import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** How apps' endpoints at Stripe were found, in Postgres. */
public final class PgWebhookStandings implements WebhookStandingStore {
    /** A state in which nothing was found yet; the first look may find another. */
    private static final String ADD =
            """
            INSERT INTO webhook_standings (app_id, connect)
            SELECT id, connect FROM apps, (VALUES (false), (true)) kinds (connect) WHERE id = #{app_id}
            ON CONFLICT (app_id, connect) DO NOTHING
            """;

    /** Of two processes that would look at once, the second finds the first's time, and leaves it to that for a minute. */
    private static final String BEGIN =
            """
            UPDATE webhook_standings s
            SET checked_at = now()
            WHERE app_id = #{app_id}
              AND s.checked_at <= now() - make_interval(secs => least(#{idle_seconds}::float8, 60))
              AND EXISTS (
                SELECT FROM webhook_standings d
                WHERE d.app_id = #{app_id}
                  AND (d.checked_at <= now() - make_interval(secs => #{idle_seconds}::float8)
                       OR d.state = ANY (#{losing}::text[])))
            RETURNING connect, CASE WHEN NOT registered THEN endpoint_id END AS endpoint_id,
                      EXISTS (SELECT FROM connected_accounts k
                              WHERE k.app_id = #{app_id} AND k.disconnected_at IS NULL) AS has_connected
            """;

    private static final String REGISTERED =
            """
            SELECT id, connect, parameters, stripe_endpoint_id, retire_at IS NOT NULL AS retiring
            FROM app_webhooks
            WHERE app_id = #{app_id}
            ORDER BY created_at, id
            """;

    private static final String LOCK =
            """
            SELECT state, heard_at, to_jsonb(s)::text AS snapshot
            FROM webhook_standings s
            WHERE app_id = #{app_id} AND connect = #{connect}
            FOR UPDATE
            """;

    private static final String NOTE =
            """
            UPDATE webhook_standings s
            SET since = CASE WHEN state = #{state} THEN since ELSE now() END,
                state = #{state},
                endpoint_id = coalesce(#{endpoint_id}::text, endpoint_id),
                registered = EXISTS (
                    SELECT FROM app_webhooks w
                    WHERE w.app_id = #{app_id} AND w.connect = s.connect
                      AND w.retire_at IS NULL AND w.stripe_endpoint_id IS NOT NULL),
                heard_at = CASE WHEN #{hears}
                    THEN now() - make_interval(secs => #{looked_seconds}::float8) ELSE heard_at END
            WHERE app_id = #{app_id} AND connect = #{connect}
            RETURNING app_id, connect, to_jsonb(s)::text AS snapshot
            """;

    private static final String OF =
            """
            SELECT connect, state, since, endpoint_id, checked_at
            FROM webhook_standings
            WHERE app_id = #{app_id} AND checked_at > '-infinity'
            ORDER BY connect
            """;

    private static final String COUNT =
            """
            SELECT s.state, count(*) AS endpoints
            FROM webhook_standings s
            JOIN apps a ON a.id = s.app_id
            WHERE a.state IN ('ready', 'unauthorized')
            GROUP BY s.state
            """;

    /** The parameter {@code losing} of statements: the states in which events are lost. */
    static final String[] LOSING = State.losingWords().toArray(String[]::new);

    private final Postgres postgres;

    public PgWebhookStandings(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<Known>> begin(String appId, Duration idle) {
        Map<String, Object> parameters = Map.of("app_id", appId, "idle_seconds", Rows.seconds(idle), "losing", LOSING);
        return postgres.query(ADD, parameters)
                .compose(added -> postgres.query(BEGIN, parameters))
                .compose(begun -> begun.size() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : postgres.query(REGISTERED, parameters).map(rows -> Optional.of(known(begun, rows))));
    }

    private static Known known(RowSet<Row> begun, RowSet<Row> registered) {
        Map<Boolean, String> seen = new HashMap<>();
        begun.forEach(row -> {
            if (row.getString("endpoint_id") != null) {
                seen.put(row.getBoolean("connect"), row.getString("endpoint_id"));
            }
        });
        return new Known(
                StreamSupport.stream(registered.spliterator(), false)
                        .map(PgWebhookStandings::toRegistered)
                        .toList(),
                begun.iterator().next().getBoolean("has_connected"),
                seen);
    }

    private static Registered toRegistered(Row row) {
        return new Registered(
                row.getString("id"),
                row.getBoolean("connect"),
                row.getJsonObject("parameters"),
                row.getString("stripe_endpoint_id"),
                row.getBoolean("retiring"));
    }

    @Override
    public Future<Change> note(
            Actor actor, String appId, boolean connect, Judgement found, boolean mended, Duration lookedFor) {
        Map<String, Object> parameters = Parameters.of("app_id", appId)
                .and("connect", connect)
                .and("state", found.state().word())
                .and("endpoint_id", found.endpointId().orElse(null))
                .and("hears", found.state().hears())
                .and("looked_seconds", Rows.seconds(lookedFor))
                .map();
        return postgres.inTransaction(connection -> Postgres.on(connection, LOCK, parameters)
                .compose(locked ->
                        note(connection, actor, parameters, locked.iterator().next(), found.state(), mended)));
    }

    /** While events are lost, a key that may not look any more is no sign that they are not. */
    private static Future<Change> note(
            SqlConnection connection,
            Actor actor,
            Map<String, Object> parameters,
            Row before,
            State now,
            boolean mended) {
        State was = State.of(before.getString("state"));
        if (was.losing() && now == State.UNREADABLE) {
            return Future.succeededFuture(new Change(was, was));
        }
        return Postgres.on(connection, NOTE, parameters)
                .compose(noted -> was.losing() == now.losing()
                        ? Future.succeededFuture()
                        : turned(connection, actor, before, noted.iterator().next(), now, mended))
                .map(new Change(was, now));
    }

    /**
     * When events begin to be lost, those since the endpoint was last seen in order are in doubt. When they cease to be,
     * those since the last sweep: it was in full.
     */
    private static Future<Void> turned(
            SqlConnection connection, Actor actor, Row before, Row after, State now, boolean mended) {
        String appId = after.getString("app_id");
        boolean connect = after.getBoolean("connect");
        Instant since = now.losing() ? heardAt(before) : null;
        return SweepWishes.ofKind(connection, appId, connect, since)
                .compose(wished -> AuditRows.append(
                        connection,
                        actor,
                        now.losing() ? "app.endpoint_lost" : mended ? "app.endpoint_mended" : "app.endpoint_found",
                        AppRows.resource(appId),
                        before.getString(AuditRows.SNAPSHOT),
                        after.getString(AuditRows.SNAPSHOT)));
    }

    /** One that was never seen in order may have lost all that Stripe remembers. */
    private static Instant heardAt(Row before) {
        @Nullable Instant heard = Rows.instant(before, "heard_at");
        return heard == null ? Instant.EPOCH : heard;
    }

    @Override
    public Future<List<WebhookStanding>> of(String appId) {
        return postgres.query(OF, Map.of("app_id", appId)).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new WebhookStanding(
                        row.getBoolean("connect"),
                        State.of(row.getString("state")),
                        Rows.instantOf(row, "since"),
                        row.getString("endpoint_id"),
                        Rows.instant(row, "checked_at")))
                .toList());
    }

    @Override
    public Future<Map<State, Long>> countByState() {
        return postgres.query(COUNT, Map.of()).map(rows -> {
            Map<State, Long> counts = new EnumMap<>(State.class);
            rows.forEach(row -> counts.put(State.of(row.getString("state")), row.getLong("endpoints")));
            return Map.copyOf(counts);
        });
    }
}
