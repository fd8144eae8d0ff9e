package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rows of configured apps say what the settings do, as steps of a transaction at a start. Each change has its
 * entry in the audit trail, and a start that changes nothing has none.
 */
final class ConfiguredApps {
    /** Replicas start together. */
    private static final String LOCK =
            "SELECT pg_advisory_xact_lock(hashtextextended('apps/' || #{namespace}::text, 0))";

    private static final String LOCK_ALL =
            """
            SELECT id, namespace, to_jsonb(a)::text AS snapshot
            FROM apps a
            WHERE configured AND billing_profile
            ORDER BY id
            FOR UPDATE
            """;

    private static final String LOCK_OTHERS =
            """
            SELECT id, namespace, to_jsonb(a)::text AS snapshot
            FROM apps a
            WHERE configured AND billing_profile AND NOT (namespace = #{namespace} AND livemode = #{livemode})
            ORDER BY id
            FOR UPDATE
            """;

    /** A configured app has a profile for as long as the settings name it. */
    private static final String RETIRE =
            """
            UPDATE apps a
            SET is_default = false, billing_profile = false, updated_at = now(), version = version + 1
            WHERE id = #{id}
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    private static final String ADD =
            """
            INSERT INTO apps AS a (id, namespace, type, livemode, configured, name, masked_api_key, billing_profile, is_default)
            VALUES (#{id}, #{namespace}, 'stripe', #{livemode}, true, 'Stripe', #{masked_api_key}, true,
                    NOT EXISTS (SELECT FROM apps other WHERE other.namespace = #{namespace} AND other.is_default))
            ON CONFLICT (namespace, livemode) WHERE configured DO NOTHING
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    private static final String FIND =
            """
            SELECT id
            FROM apps
            WHERE namespace = #{namespace} AND livemode = #{livemode} AND configured
            """;

    private static final String LOCK_ONE =
            "SELECT to_jsonb(a)::text AS snapshot FROM apps a WHERE id = #{id} FOR UPDATE";

    /** A new start is a new chance for a key that Stripe refused; another key is looked at first. */
    private static final String AUTHORIZE =
            """
            UPDATE apps a
            SET state = 'ready', updated_at = now(), version = version + 1
            WHERE id = #{id} AND state = 'unauthorized'
              AND (stripe_account_id IS NULL OR key_fingerprint = #{key_fingerprint})
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    private static final String RENEW =
            """
            UPDATE apps a
            SET billing_profile = true,
                masked_api_key = #{masked_api_key},
                is_default = NOT EXISTS (
                    SELECT FROM apps other WHERE other.namespace = a.namespace AND other.is_default AND other.id <> a.id),
                updated_at = now(),
                version = version + 1
            WHERE id = #{id}
              AND (NOT billing_profile OR masked_api_key <> #{masked_api_key} OR NOT EXISTS (
                    SELECT FROM apps other WHERE other.namespace = a.namespace AND other.is_default))
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    /** Stands for the request in the audit trail. */
    private static final String START = "start";

    private static final String CONFIGURED = "app.configured";

    private ConfiguredApps() {}

    /**
     * The settings name one account.
     *
     * @param parameters its namespace and mode, its key masked and as a fingerprint, and an id for a row that is not there
     *     yet
     */
    static Future<Void> configure(SqlConnection connection, Map<String, Object> parameters) {
        return Postgres.on(connection, LOCK, parameters)
                .compose(locked -> Postgres.on(connection, LOCK_OTHERS, parameters))
                .compose(others -> retire(connection, others))
                .compose(retired -> Postgres.on(connection, ADD, parameters))
                .compose(added -> Rows.first(added)
                        .map(row -> note(connection, CONFIGURED, parameters, null, row))
                        .orElseGet(() -> renew(connection, parameters)));
    }

    /** The settings name none. */
    static Future<Void> retireAll(SqlConnection connection) {
        return Postgres.on(connection, LOCK_ALL, Map.of()).compose(all -> retire(connection, all));
    }

    private static Future<Void> retire(SqlConnection connection, Iterable<Row> apps) {
        Future<Void> retired = Future.succeededFuture();
        for (Row app : apps) {
            Map<String, Object> one = Map.of("id", app.getString("id"), "namespace", app.getString("namespace"));
            retired = retired.compose(before -> Postgres.on(connection, RETIRE, one))
                    .compose(after -> note(
                            connection,
                            "app.unconfigured",
                            one,
                            app.getString(AuditRows.SNAPSHOT),
                            after.iterator().next()));
        }
        return retired;
    }

    private static Future<Void> renew(SqlConnection connection, Map<String, Object> parameters) {
        return Postgres.on(connection, FIND, parameters).compose(rows -> {
            String id = rows.iterator().next().getString("id");
            Map<String, Object> one = Parameters.of("id", id)
                    .and("namespace", parameters.get("namespace"))
                    .and("masked_api_key", parameters.get("masked_api_key"))
                    .and("key_fingerprint", parameters.get("key_fingerprint"))
                    .map();
            return around(connection, CONFIGURED, RENEW, one)
                    .compose(renewed -> around(connection, "app.authorized", AUTHORIZE, one))
                    .compose(authorized -> authorized.isPresent()
                            ? ConnectedAccountRows.keyChanged(connection, id)
                            : Future.succeededFuture());
        });
    }

    private static Future<Optional<Row>> around(
            SqlConnection connection, String action, String change, Map<String, Object> app) {
        return AuditRows.around(connection, actor(app), action, resource(app), LOCK_ONE, change, app);
    }

    private static Future<Void> note(
            SqlConnection connection, String action, Map<String, Object> app, @Nullable String before, Row after) {
        return AuditRows.append(
                connection, actor(app), action, resource(app), before, after.getString(AuditRows.SNAPSHOT));
    }

    private static Actor actor(Map<String, Object> app) {
        return Actor.gateway(String.valueOf(app.get("namespace")), START);
    }

    private static String resource(Map<String, Object> app) {
        return AppRows.resource(String.valueOf(app.get("id")));
    }
}
