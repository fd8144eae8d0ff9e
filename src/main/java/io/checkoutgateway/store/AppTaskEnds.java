package io.checkoutgateway.store;

import io.checkoutgateway.apps.App;
import io.checkoutgateway.apps.AppAnswers;
import io.checkoutgateway.apps.AppTask;
import io.checkoutgateway.apps.AppTask.Webhook;
import io.checkoutgateway.apps.StripeAccountCalls;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How installs, registrations and removals end: what is written once Stripe has answered, or has not for too long. */
final class AppTaskEnds {
    private static final String INSTALLED =
            """
            UPDATE apps
            SET state = 'ready', due_at = (SELECT min(retire_at) FROM app_webhooks WHERE app_id = #{id}), attempts = 0,
                updated_at = now()
            WHERE id = #{id} AND lease = #{lease} AND state = 'installing'
            RETURNING namespace, asked_by, asked_with
            """;

    private static final String REGISTERED =
            "UPDATE app_webhooks SET stripe_endpoint_id = #{endpoint_id} WHERE id = #{webhook_id}";

    /** A sandbox makes room for an account. */
    private static final String DISPLACED =
            """
            SELECT id
            FROM apps
            WHERE namespace = #{namespace} AND is_default AND type = 'sandbox'
              AND EXISTS (SELECT FROM apps WHERE id = #{id} AND billing_profile AND type <> 'sandbox')
            """;

    private static final String BECOME_DEFAULT =
            """
            UPDATE apps
            SET is_default = true
            WHERE id = #{id} AND billing_profile
              AND NOT EXISTS (SELECT FROM apps WHERE namespace = #{namespace} AND is_default)
            """;

    private static final String SHOW = "SELECT " + AppRows.COLUMNS + "FROM apps WHERE id = #{id}";

    private static final String CHANGED =
            """
            UPDATE apps
            SET updated_at = now(), version = version + 1
            WHERE id = #{id} AND lease = #{lease} AND state IN ('ready', 'unauthorized')
            RETURNING namespace, (SELECT asked_by FROM app_webhooks WHERE id = #{webhook_id}) AS asked_by,
                      (SELECT asked_with FROM app_webhooks WHERE id = #{webhook_id}) AS asked_with
            """;

    private static final String RETIRE =
            """
            UPDATE app_webhooks
            SET retire_at = least(retire_at,
                                  now() + (SELECT retire_after FROM app_webhooks WHERE id = #{webhook_id}))
            WHERE app_id = #{id} AND id <> #{webhook_id} AND connect = #{connect}
            """;

    private static final String HOLDS =
            "SELECT to_jsonb(a)::text AS snapshot FROM apps a WHERE id = #{id} AND lease = #{lease} FOR UPDATE";

    private static final String REMOVE_WEBHOOK = "DELETE FROM app_webhooks WHERE id = #{webhook_id}";

    private static final String REMOVE_WEBHOOK_SECRET =
            "DELETE FROM app_secrets WHERE kind = 'app.webhook_secret' AND id = #{webhook_id}";

    private static final String DONE =
            """
            UPDATE apps
            SET due_at = (SELECT min(retire_at) FROM app_webhooks WHERE app_id = #{id}), attempts = 0
            WHERE id = #{id} AND lease = #{lease} AND state IN ('ready', 'unauthorized')
            """;

    private static final String GONE =
            """
            UPDATE apps
            SET state = 'gone', due_at = NULL, attempts = 0
            WHERE id = #{id} AND lease = #{lease} AND state = 'leaving'
              AND deleted_at < now() - make_interval(secs => #{creates_begin_seconds}::float8)
              AND NOT EXISTS (SELECT FROM checkout_sessions WHERE app_id = #{id} AND status = 'creating')
            RETURNING id
            """;

    private static final String FORGET_SECRETS = "DELETE FROM app_secrets WHERE app_id = #{id}";

    /** An app that was there before stays, with its sessions, and goes again. */
    private static final String UNDONE =
            """
            WITH left_again AS (
                UPDATE apps
                SET state = 'leaving', deleted_at = now(), due_at = now()
                WHERE id = #{id} AND lease = #{lease} AND state = 'installing' AND returned_at IS NOT NULL
                RETURNING id
            ), undone AS (
                DELETE FROM apps
                WHERE id = #{id} AND lease = #{lease} AND state = 'installing' AND returned_at IS NULL
                RETURNING id
            )
            SELECT id FROM left_again UNION ALL SELECT id FROM undone
            """;

    private static final String ABANDON =
            """
            UPDATE apps
            SET state = 'leaving', deleted_at = now(), due_at = now()
            WHERE id = #{id} AND lease = #{lease} AND state = 'installing'
            RETURNING id
            """;

    private static final String FAILED =
            """
            UPDATE apps
            SET due_at = now() + make_interval(secs => #{pause_seconds}::float8)
            WHERE id = #{id} AND lease = #{lease}
            """;

    private final Postgres postgres;
    private final Vault vault;

    AppTaskEnds(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.vault = vault;
    }

    Future<Optional<StoredAnswer>> installed(
            AppTask task,
            @Nullable String webhookId,
            StripeAccountCalls.@Nullable Registered registered,
            AppAnswers answers) {
        return postgres.inTransaction(
                connection -> AppBeginnings.lock(connection, task.app().namespace())
                        .compose(locked -> Postgres.on(connection, INSTALLED, of(task).map()))
                        .compose(rows -> Rows.first(rows)
                                .map(row -> register(connection, task, webhookId, registered)
                                        .compose(done -> complete(connection, task, actor(row), answers))
                                        .map(Optional::of))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty()))));
    }

    private static Actor actor(Row row) {
        return new Actor(row.getString("namespace"), row.getString("asked_by"), row.getString("asked_with"));
    }

    private Future<Void> register(
            SqlConnection connection,
            AppTask task,
            @Nullable String webhookId,
            StripeAccountCalls.@Nullable Registered registered) {
        if (webhookId == null || registered == null) {
            return Future.succeededFuture();
        }
        return Postgres.on(
                        connection, REGISTERED, Map.of("webhook_id", webhookId, "endpoint_id", registered.endpointId()))
                .compose(done -> AppRows.put(
                        connection,
                        vault,
                        task.app().namespace(),
                        task.app().id(),
                        AppRows.WEBHOOK_SECRET,
                        webhookId,
                        registered.secret()));
    }

    private static Future<StoredAnswer> complete(
            SqlConnection connection, AppTask task, Actor actor, AppAnswers answers) {
        String id = task.app().id();
        Map<String, Object> parameters =
                Map.of("id", id, "namespace", task.app().namespace());
        return Postgres.on(connection, DISPLACED, parameters)
                .compose(displaced -> Rows.first(displaced)
                        .map(row -> DefaultAppRows.displace(connection, actor, row.getString("id")))
                        .orElseGet(Future::succeededFuture))
                .compose(room -> Postgres.on(connection, BECOME_DEFAULT, parameters))
                .compose(done -> AppRows.asJson(connection, id))
                .compose(after ->
                        AuditRows.append(connection, actor, "app.installed", AppRows.resource(id), null, after))
                // One that was there before may have left what waits for a key.
                .compose(noted -> ConnectedAccountRows.keyChanged(connection, id))
                .compose(revived -> Postgres.on(connection, SHOW, parameters))
                .compose(
                        rows -> answer(connection, AppRows.toApp(rows.iterator().next()), answers));
    }

    private static Future<StoredAnswer> answer(SqlConnection connection, App app, AppAnswers answers) {
        return PgIdempotencyKeys.answer(connection, app.id(), answers.installed(app));
    }

    Future<Optional<StoredAnswer>> registered(
            AppTask task, Webhook webhook, StripeAccountCalls.Registered registered, AppAnswers answers) {
        String id = task.app().id();
        Map<String, Object> parameters = of(task).and("webhook_id", webhook.id())
                .and("connect", webhook.connect())
                .map();
        return postgres.inTransaction(connection -> Postgres.on(connection, HOLDS, parameters)
                .compose(held -> Postgres.on(connection, CHANGED, parameters).compose(changed -> Rows.first(changed)
                        .map(row -> register(connection, task, webhook.id(), registered)
                                .compose(done -> Postgres.on(connection, RETIRE, parameters))
                                .compose(retired -> Postgres.on(connection, DONE, parameters))
                                .compose(done -> note(connection, actor(row), deed(task, webhook), id, before(held)))
                                .compose(noted -> present(connection, id, webhook.connect(), answers))
                                .compose(answer -> PgIdempotencyKeys.answer(connection, webhook.id(), answer))
                                .map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())))));
    }

    private static String before(RowSet<Row> held) {
        return held.iterator().next().getString(AuditRows.SNAPSHOT);
    }

    private static Future<StoredAnswer> present(
            SqlConnection connection, String id, boolean connect, AppAnswers answers) {
        return connect
                ? ConnectEndpointRows.find(connection, id).map(answers::connectEndpoint)
                : Postgres.on(connection, SHOW, Map.of("id", id))
                        .map(rows ->
                                answers.rotated(AppRows.toApp(rows.iterator().next())));
    }

    private static Future<Void> note(SqlConnection connection, Actor actor, String deed, String id, String before) {
        return AppRows.asJson(connection, id)
                .compose(after -> AuditRows.append(connection, actor, deed, AppRows.resource(id), before, after));
    }

    private static String deed(AppTask task, Webhook webhook) {
        boolean first = task.webhooks().stream()
                .noneMatch(other ->
                        other.connect() && !other.retired() && !other.id().equals(webhook.id()));
        return !webhook.connect()
                ? "app.secret_rotated"
                : first ? "app.connect_endpoint_registered" : "app.connect_secret_rotated";
    }

    Future<Void> removed(AppTask task, String webhookId) {
        Map<String, Object> parameters = of(task).and("webhook_id", webhookId).map();
        return whileHeld(task, connection -> Postgres.on(connection, REMOVE_WEBHOOK, parameters)
                .compose(removed -> Postgres.on(connection, REMOVE_WEBHOOK_SECRET, parameters))
                .compose(removed -> PgIdempotencyKeys.free(connection, webhookId)));
    }

    private Future<Void> whileHeld(AppTask task, Function<SqlConnection, Future<Void>> steps) {
        return postgres.inTransaction(connection -> Postgres.on(connection, HOLDS, of(task).map())
                .compose(held -> held.size() == 1 ? steps.apply(connection) : Future.succeededFuture()));
    }

    Future<Void> done(AppTask task) {
        return postgres.query(DONE, of(task).map()).mapEmpty();
    }

    Future<Boolean> gone(AppTask task, Duration createsBegin) {
        Map<String, Object> parameters = of(task).and("creates_begin_seconds", Rows.seconds(createsBegin))
                .map();
        return postgres.inTransaction(connection -> Postgres.on(connection, GONE, parameters)
                .compose(gone -> gone.size() == 0
                        ? Future.succeededFuture(false)
                        : Postgres.on(connection, FORGET_SECRETS, parameters).map(true)));
    }

    Future<Void> undone(AppTask task) {
        return withKeyFreed(task, UNDONE);
    }

    Future<Void> abandon(AppTask task) {
        return withKeyFreed(task, ABANDON);
    }

    private Future<Void> withKeyFreed(AppTask task, String sql) {
        return postgres.inTransaction(connection -> Postgres.on(connection, sql, of(task).map())
                .compose(rows -> rows.size() == 0
                        ? Future.succeededFuture()
                        : PgIdempotencyKeys.free(connection, task.app().id())));
    }

    Future<Void> failed(AppTask task, Duration pause) {
        return postgres.query(
                        FAILED,
                        of(task).and("pause_seconds", Rows.seconds(pause)).map())
                .mapEmpty();
    }

    private static Parameters of(AppTask task) {
        return Parameters.of("id", task.app().id()).and("lease", task.lease());
    }
}
