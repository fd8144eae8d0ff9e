package io.checkoutgateway.store;

import io.checkoutgateway.apps.AppStore;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Apps in Postgres, for those who work with them. */
public final class PgApps implements AppStore {
    private static final Logger LOG = LoggerFactory.getLogger(PgApps.class);

    /** Replicas start together. */
    private static final String LOCK =
            "SELECT pg_advisory_xact_lock(hashtextextended('apps/' || #{namespace}::text, 0))";

    private static final String ADD_CONFIGURED =
            """
            INSERT INTO apps (id, namespace, type, livemode, configured, name, billing_profile)
            VALUES (#{id}, #{namespace}, 'stripe', #{livemode}, true, 'Stripe', true)
            ON CONFLICT (namespace, livemode) WHERE configured DO NOTHING
            """;

    /** A configured app has a profile for as long as the settings name it. */
    private static final String RETIRE_CONFIGURED =
            """
            UPDATE apps
            SET is_default = false, billing_profile = false
            WHERE configured AND billing_profile AND NOT (namespace = #{namespace} AND livemode = #{livemode})
            """;

    private static final String RENEW_CONFIGURED =
            """
            UPDATE apps a
            SET state = 'ready',
                billing_profile = true,
                masked_api_key = #{masked_api_key},
                is_default = is_default OR NOT EXISTS (
                    SELECT FROM apps other WHERE other.namespace = a.namespace AND other.is_default),
                updated_at = CASE WHEN masked_api_key = #{masked_api_key} THEN updated_at ELSE now() END,
                version = CASE WHEN masked_api_key = #{masked_api_key} AND state = 'ready' THEN version ELSE version + 1 END
            WHERE namespace = #{namespace} AND livemode = #{livemode} AND configured
            RETURNING id, namespace, to_jsonb(a)::text AS snapshot
            """;

    private static final String FIND_WITH_OTHER_KEY =
            """
            SELECT id FROM apps
            WHERE namespace = #{namespace} AND livemode = #{livemode} AND configured
              AND masked_api_key <> #{masked_api_key}
            """;

    private static final String LOCK_REFUSED =
            """
            SELECT to_jsonb(a)::text AS snapshot
            FROM apps a
            WHERE namespace = #{namespace} AND livemode = #{livemode} AND configured AND state = 'unauthorized'
            FOR UPDATE
            """;

    private static final String NONE_CONFIGURED =
            """
            UPDATE apps SET is_default = false, billing_profile = false WHERE configured AND billing_profile
            """;

    private static final String FIND_CONFIGURED =
            AppRows.SELECT + "WHERE a.namespace = #{namespace} AND a.livemode = #{livemode} AND a.configured";

    /** While it was not known, an event that named it made it a connected one. */
    private static final String REMEMBER_ACCOUNT =
            """
            WITH taken_for_connected AS (
                DELETE FROM connected_accounts WHERE account = #{account_id} AND app_id = #{id}
            ), swept AS (
                DELETE FROM catch_ups WHERE account = #{account_id} AND app_id = #{id}
            )
            UPDATE apps SET stripe_account_id = #{account_id} WHERE id = #{id}
            """;

    private static final String FIND =
            AppRows.SELECT + "WHERE a.id = #{id} AND a.state IN ('ready', 'unauthorized') ORDER BY s.id DESC";

    private static final String FIND_EVEN_LEAVING = AppRows.SELECT
            + "WHERE a.id = #{id} AND a.state IN ('ready', 'unauthorized', 'leaving') ORDER BY s.id DESC";

    private static final String DEFAULT_OF =
            AppRows.SELECT + "WHERE a.namespace = #{namespace} AND a.is_default ORDER BY s.id DESC";

    private static final String ALL =
            AppRows.SELECT + "WHERE a.state IN ('ready', 'unauthorized') ORDER BY a.place, s.id DESC";

    private static final String COUNT_BY_STATE =
            "SELECT state, count(*) AS apps FROM apps WHERE state <> 'gone' GROUP BY state";

    private static final String UNAUTHORIZED =
            """
            UPDATE apps a
            SET state = 'unauthorized', updated_at = now(), version = version + 1
            WHERE id = #{id} AND version = #{version} AND state = 'ready'
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    private static final String LOCK_ONE =
            "SELECT to_jsonb(a)::text AS snapshot FROM apps a WHERE id = #{id} FOR UPDATE";

    /** Stands for the request in the audit trail. */
    private static final String START = "start";

    private final Postgres postgres;
    private final Vault vault;

    public PgApps(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.vault = vault;
    }

    @Override
    public Future<Row> ensureConfigured(String id, String namespace, boolean livemode, String maskedKey) {
        Map<String, Object> parameters =
                Map.of("id", id, "namespace", namespace, "livemode", livemode, "masked_api_key", maskedKey);
        return postgres.inTransaction(connection -> configure(connection, parameters))
                .map(Optional::orElseThrow);
    }

    private Future<Optional<Row>> configure(SqlConnection connection, Map<String, Object> parameters) {
        return Postgres.on(connection, LOCK, parameters)
                .compose(locked -> Postgres.on(connection, ADD_CONFIGURED, parameters))
                .compose(added -> Postgres.on(connection, RETIRE_CONFIGURED, parameters))
                .compose(retired -> Postgres.on(connection, LOCK_REFUSED, parameters))
                .compose(refused -> Postgres.on(connection, FIND_WITH_OTHER_KEY, parameters)
                        .compose(other -> renew(connection, parameters, Rows.first(refused))
                                .compose(renewed -> noteNewKey(connection, Rows.first(other)))))
                .compose(renewed -> Postgres.on(connection, FIND_CONFIGURED, parameters))
                .compose(this::first);
    }

    /** A new start is a new chance for a key that Stripe refused. */
    private static Future<Void> renew(
            SqlConnection connection, Map<String, Object> parameters, Optional<io.vertx.sqlclient.Row> refused) {
        return Postgres.on(connection, RENEW_CONFIGURED, parameters)
                .compose(renewed -> refused.isEmpty()
                        ? Future.succeededFuture()
                        : noteAuthorized(
                                connection, refused.get(), renewed.iterator().next()));
    }

    private static Future<Void> noteNewKey(SqlConnection connection, Optional<io.vertx.sqlclient.Row> other) {
        return other.map(app -> ConnectedAccountRows.keyChanged(connection, app.getString("id")))
                .orElseGet(Future::succeededFuture);
    }

    private static Future<Void> noteAuthorized(
            SqlConnection connection, io.vertx.sqlclient.Row before, io.vertx.sqlclient.Row after) {
        return AuditRows.append(
                connection,
                Actor.gateway(after.getString("namespace"), START),
                "app.authorized",
                AppRows.resource(after.getString("id")),
                before.getString(AuditRows.SNAPSHOT),
                after.getString(AuditRows.SNAPSHOT));
    }

    @Override
    public Future<Optional<Row>> configured(String namespace, boolean livemode) {
        return postgres.query(FIND_CONFIGURED, Map.of("namespace", namespace, "livemode", livemode))
                .compose(this::first);
    }

    @Override
    public Future<Void> noneConfigured() {
        return postgres.query(NONE_CONFIGURED, Map.of()).mapEmpty();
    }

    @Override
    public Future<Void> rememberAccount(String id, String accountId) {
        return postgres.query(REMEMBER_ACCOUNT, Map.of("id", id, "account_id", accountId))
                .mapEmpty();
    }

    @Override
    public Future<Optional<Row>> find(String id) {
        return postgres.query(FIND, Map.of("id", id)).compose(this::first);
    }

    @Override
    public Future<Optional<Row>> findEvenLeaving(String id) {
        return postgres.query(FIND_EVEN_LEAVING, Map.of("id", id)).compose(this::first);
    }

    @Override
    public Future<Optional<Row>> defaultOf(String namespace) {
        return postgres.query(DEFAULT_OF, Map.of("namespace", namespace)).compose(this::first);
    }

    private Future<Optional<Row>> first(io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row> rows) {
        return AppRows.byApp(rows).stream()
                .findFirst()
                .map(found -> AppRows.open(vault, found).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    @Override
    public Future<List<Row>> all() {
        return postgres.query(ALL, Map.of()).compose(rows -> {
            List<Future<Optional<Row>>> opened =
                    AppRows.byApp(rows).stream().map(this::openOrSkip).toList();
            return Future.join(opened).map(done -> opened.stream()
                    .map(Future::result)
                    .flatMap(Optional::stream)
                    .toList());
        });
    }

    private Future<Optional<Row>> openOrSkip(List<io.vertx.sqlclient.Row> rows) {
        return AppRows.open(vault, rows).map(Optional::of).otherwise(failure -> {
            LOG.atError()
                    .addKeyValue("app", Objects.requireNonNull(rows.get(0).getString("id")))
                    .addKeyValue("reason", String.valueOf(failure.getMessage()))
                    .log("an app's secrets cannot be read now");
            return Optional.empty();
        });
    }

    @Override
    public Future<Map<String, Long>> countByState() {
        return postgres.query(COUNT_BY_STATE, Map.of()).map(rows -> {
            Map<String, Long> counts = new HashMap<>();
            rows.forEach(row -> counts.put(row.getString("state"), row.getLong("apps")));
            return Map.copyOf(counts);
        });
    }

    @Override
    public Future<Void> unauthorized(Actor actor, String id, long version) {
        return postgres.inTransaction(connection -> AuditRows.around(
                        connection,
                        actor,
                        "app.unauthorized",
                        AppRows.resource(id),
                        LOCK_ONE,
                        UNAUTHORIZED,
                        Map.of("id", id, "version", version)))
                .mapEmpty();
    }
}
