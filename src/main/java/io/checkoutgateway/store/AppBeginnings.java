package io.checkoutgateway.store;

import io.checkoutgateway.apps.AppTaskStore.Install;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How installs and removals begin: what is written before Stripe is called. */
final class AppBeginnings {
    /** The apps of a namespace decide together which one serves its customers. */
    private static final String LOCK =
            "SELECT pg_advisory_xact_lock(hashtextextended('apps/' || #{namespace}::text, 0))";

    /** A configured app that the settings name no more has no profile. */
    private static final String COUNT =
            """
            SELECT count(*) AS apps,
                   count(*) FILTER (WHERE stripe_account_id = #{account_id} AND livemode = #{livemode}) AS same
            FROM apps
            WHERE namespace = #{namespace} AND deleted_at IS NULL AND (NOT configured OR billing_profile)
            """;

    private static final String ADD =
            """
            INSERT INTO apps (id, namespace, type, stripe_account_id, livemode, configured, name, state, masked_api_key,
                              billing_profile, asked_by, asked_with, due_at, lease, attempts)
            VALUES (#{id}, #{namespace}, #{type}, #{account_id}, #{livemode}, false, #{name}, 'installing',
                    #{masked_api_key}, #{billing_profile}, #{asked_by}, #{asked_with},
                    now() + make_interval(secs => #{lease_seconds}::float8), nextval('create_leases'), 1)
            """;

    static final String ADD_WEBHOOK =
            """
            INSERT INTO app_webhooks (id, app_id, connect, parameters, retire_after, asked_by, asked_with)
            VALUES (#{webhook_id}, #{id}, #{connect}, #{parameters}, make_interval(secs => #{retire_seconds}::float8),
                    #{asked_by}, #{asked_with})
            """;

    static final String FIND_INSTALLED =
            """
            SELECT id, to_jsonb(a)::text AS before
            FROM apps a
            WHERE namespace = #{namespace} AND id = #{id} AND state IN ('ready', 'unauthorized') AND NOT configured
            FOR UPDATE
            """;

    static final String TAKE =
            """
            UPDATE apps
            SET due_at = now() + make_interval(secs => #{lease_seconds}::float8), lease = nextval('create_leases'),
                attempts = #{attempts}
            WHERE id = #{id}
            """;

    private static final String RETIRE_CONNECT =
            """
            UPDATE app_webhooks
            SET retire_at = now()
            WHERE app_id = #{id} AND connect AND coalesce(retire_at, 'infinity') > now()
            """;

    private static final String LEAVE =
            """
            UPDATE apps
            SET state = 'leaving', deleted_at = now(), is_default = false, updated_at = now(), version = version + 1
            WHERE id = #{id}
            """;

    private static final String CANCEL_RUNS =
            """
            WITH canceled AS (
                UPDATE mirror_runs SET state = 'canceled', finished_at = now()
                WHERE app_id = #{id} AND state = 'running'
                RETURNING id
            )
            UPDATE mirror_windows SET state = 'dropped'
            WHERE run_id IN (SELECT id FROM canceled) AND state = 'pending'
            """;

    private AppBeginnings() {}

    static Future<Void> lock(SqlClient client, String namespace) {
        return Postgres.on(client, LOCK, Map.of("namespace", namespace)).mapEmpty();
    }

    static Future<Void> install(SqlConnection connection, Vault vault, Install install, double leaseSeconds, int most) {
        Actor actor = install.actor();
        Map<String, Object> parameters = parametersOf(install, leaseSeconds).map();
        return lock(connection, actor.namespace())
                .compose(locked -> Postgres.on(connection, COUNT, parameters))
                .map(rows -> checked(rows.iterator().next(), most))
                .compose(checked -> AppReturns.of(connection, install.id(), parameters))
                .compose(returned -> returned
                        ? Future.succeededFuture()
                        : Postgres.on(connection, ADD, parameters).mapEmpty())
                .compose(added -> AppRows.put(
                        connection,
                        vault,
                        actor.namespace(),
                        install.id(),
                        AppRows.API_KEY,
                        install.id(),
                        install.key().secret()))
                .compose(put -> install.webhookId() == null
                        ? Future.succeededFuture()
                        : Postgres.on(connection, ADD_WEBHOOK, parameters).mapEmpty());
    }

    private static Parameters parametersOf(Install install, double leaseSeconds) {
        return Parameters.of("id", install.id())
                .and("namespace", install.actor().namespace())
                .and("type", install.app().type().word())
                .and("account_id", install.accountId())
                .and("livemode", install.key().livemode())
                .and("name", install.app().name())
                .and("masked_api_key", install.key().masked())
                .and("billing_profile", install.app().billingProfile())
                .and("asked_by", install.actor().name())
                .and("asked_with", install.actor().requestId())
                .and("lease_seconds", leaseSeconds)
                .and("webhook_id", install.webhookId())
                .and("connect", false)
                .and("parameters", install.webhook())
                .and("retire_seconds", 0.0);
    }

    private static Row checked(Row counts, int most) {
        if (counts.getLong("same") > 0) {
            throw installedAlready(null);
        }
        if (counts.getLong("apps") >= most) {
            throw new GatewayException(Reason.CONFLICT, "There are %d apps, as many as there may be".formatted(most));
        }
        return counts;
    }

    private static GatewayException installedAlready(@Nullable Throwable cause) {
        return new GatewayException(
                Reason.CONFLICT, "This Stripe account is installed already, in this namespace and mode", cause);
    }

    static <T> Future<T> explained(Throwable failure) {
        return Future.failedFuture(Postgres.violates(failure, "apps_account") ? installedAlready(failure) : failure);
    }

    /**
     * Tells whether there was anything to retire. Where there was not, whoever is at another of the app's endpoints stays
     * at it.
     */
    static Future<Boolean> retirement(SqlConnection connection, Actor actor, String appId, double leaseSeconds) {
        // Not the first attempt: somebody may be at another of the app's endpoints.
        Map<String, Object> parameters =
                of(actor, appId, leaseSeconds).and("attempts", 2).map();
        return Postgres.on(connection, FIND_INSTALLED, parameters).compose(found -> Rows.first(found)
                .map(row -> retire(connection, actor, parameters, row))
                .orElseGet(() -> Future.succeededFuture(false)));
    }

    /** The app's row says nothing of its endpoints: the entry says by its action what was done. */
    private static Future<Boolean> retire(
            SqlConnection connection, Actor actor, Map<String, Object> parameters, Row app) {
        String resource = AppRows.resource(app.getString("id"));
        String state = app.getString("before");
        return Postgres.on(connection, RETIRE_CONNECT, parameters)
                .compose(retired -> retired.rowCount() == 0
                        ? Future.succeededFuture(false)
                        : Postgres.on(connection, TAKE, parameters)
                                .compose(taken -> AuditRows.append(
                                        connection, actor, "app.connect_endpoint_removed", resource, state, state))
                                .map(true));
    }

    private static Parameters of(Actor actor, String appId, double leaseSeconds) {
        return Parameters.of("id", appId).and("namespace", actor.namespace()).and("lease_seconds", leaseSeconds);
    }

    /** Tells whether there is such an app. */
    static Future<Boolean> removal(SqlConnection connection, Actor actor, String appId, double leaseSeconds) {
        Map<String, Object> parameters =
                of(actor, appId, leaseSeconds).and("attempts", 1).map();
        return lock(connection, actor.namespace())
                .compose(locked -> Postgres.on(connection, FIND_INSTALLED, parameters))
                .compose(found -> Rows.first(found)
                        .map(row -> remove(connection, actor, parameters, row).map(true))
                        .orElseGet(() -> Future.succeededFuture(false)));
    }

    private static Future<Void> remove(SqlConnection connection, Actor actor, Map<String, Object> parameters, Row app) {
        String resource = AppRows.resource(app.getString("id"));
        return Postgres.on(connection, TAKE, parameters)
                .compose(taken -> Postgres.on(connection, LEAVE, parameters))
                .compose(left -> Postgres.on(connection, CANCEL_RUNS, parameters))
                .compose(canceled -> AuditRows.append(
                        connection, actor, "app.uninstalled", resource, app.getString("before"), null));
    }
}
