package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.outgoing.EndpointChange;
import io.checkoutgateway.outgoing.NewWebhookEndpoint;
import io.checkoutgateway.outgoing.SigningSecrets;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoint.Disabled;
import io.checkoutgateway.outgoing.WebhookEndpointStore;
import io.checkoutgateway.secrets.Vault;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Webhook endpoints and their secrets in Postgres. */
public final class PgWebhookEndpoints implements WebhookEndpointStore {
    private static final String COLUMNS =
            """
            id, place, url, description, event_types, disabled_reason, disabled_at, failing_since, created_at,
            updated_at, version
            """;

    /** A changed row and, for the trail, all that it holds. */
    private static final String CHANGED = COLUMNS + ", to_jsonb(webhook_endpoints)::text AS snapshot";

    /** So that two requests that come together do not both find room for one. */
    private static final String LOCK_NAMESPACE =
            "SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoints/' || #{namespace}::text, 0))";

    private static final String ADD =
            """
            INSERT INTO webhook_endpoints (id, namespace, url, description, event_types, after_position)
            SELECT #{id}::text, #{namespace}::text, #{url}::text, nullif(#{description}::text, ''), #{event_types}::text[],
                   (SELECT coalesce(max(position), 0) FROM feed)
            WHERE (SELECT count(*) FROM webhook_endpoints WHERE namespace = #{namespace} AND state <> 'deleted') < #{most}
            RETURNING
            """
                    + CHANGED;

    private static final String LOCK =
            """
            SELECT to_jsonb(e)::text AS snapshot
            FROM webhook_endpoints e
            WHERE namespace = #{namespace} AND id = #{id} AND state <> 'deleted'
            FOR UPDATE
            """;

    private static final String LIST = "SELECT " + COLUMNS
            + """
            FROM webhook_endpoints
            WHERE namespace = #{namespace} AND state <> 'deleted' AND place > #{after}
            ORDER BY place
            LIMIT #{most}
            """;

    private static final String FIND = "SELECT " + COLUMNS
            + "FROM webhook_endpoints WHERE namespace = #{namespace} AND id = #{id} AND state <> 'deleted'";

    private static final String SECRETS =
            """
            SELECT s.id, s.secret
            FROM webhook_endpoints e
            JOIN webhook_secrets s ON s.endpoint_id = e.id AND (s.expires_at IS NULL OR s.expires_at > now())
            WHERE e.namespace = #{namespace} AND e.id = #{id} AND e.state <> 'deleted'
            ORDER BY s.id DESC
            """;

    /** Another URL, and leave to try again, are a fresh start. */
    private static final String CHANGE =
            """
            UPDATE webhook_endpoints
            SET url = coalesce(#{url}::text, url),
                description = CASE WHEN #{description}::text IS NULL THEN description
                                   ELSE nullif(#{description}::text, '') END,
                event_types = coalesce(#{event_types}::text[], event_types),
                state = CASE #{enabled}::boolean WHEN true THEN 'enabled' WHEN false THEN 'disabled' ELSE state END,
                disabled_reason = CASE #{enabled}::boolean WHEN true THEN NULL
                                  WHEN false THEN coalesce(disabled_reason, 'requested') ELSE disabled_reason END,
                disabled_at = CASE #{enabled}::boolean WHEN true THEN NULL
                              WHEN false THEN coalesce(disabled_at, now()) ELSE disabled_at END,
                failing_since = CASE WHEN #{enabled}::boolean OR #{url}::text <> url THEN NULL ELSE failing_since END,
                not_before = CASE WHEN #{enabled}::boolean OR #{url}::text <> url THEN NULL ELSE not_before END,
                updated_at = now(),
                version = version + 1
            WHERE namespace = #{namespace} AND id = #{id} AND state <> 'deleted'
              AND (#{versions}::bigint[] IS NULL OR version = ANY (#{versions}::bigint[]))
            RETURNING
            """
                    + CHANGED;

    /** The row stays until its deliveries are forgotten; its secrets do not. */
    private static final String REMOVE =
            """
            WITH removed AS (
                UPDATE webhook_endpoints
                SET state = 'deleted', disabled_reason = NULL, disabled_at = NULL, updated_at = now()
                WHERE namespace = #{namespace} AND id = #{id} AND state <> 'deleted'
                RETURNING id
            ), forgotten AS (
                DELETE FROM webhook_secrets WHERE endpoint_id IN (SELECT id FROM removed)
            )
            SELECT id FROM removed
            """;

    private static final String ARRIVED =
            """
            UPDATE webhook_endpoints
            SET failing_since = NULL, not_before = NULL
            WHERE namespace = #{namespace} AND id = #{id} AND version = #{version} AND failing_since IS NOT NULL
            """;

    private static final String TOUCH =
            """
            UPDATE webhook_endpoints
            SET updated_at = now(), version = version + 1
            WHERE namespace = #{namespace} AND id = #{id} AND state <> 'deleted'
            RETURNING
            """
                    + CHANGED;

    private static final String FORGET_EXPIRED =
            "DELETE FROM webhook_secrets WHERE endpoint_id = #{id} AND expires_at <= now()";

    private static final String COUNT_SECRETS =
            "SELECT count(*) AS live FROM webhook_secrets WHERE endpoint_id = #{id}";

    /** Also those that an earlier rotation gave longer: any of them may be the one that has leaked. */
    private static final String EXPIRE =
            """
            UPDATE webhook_secrets
            SET expires_at = least(expires_at, now() + make_interval(secs => #{overlap_seconds}))
            WHERE endpoint_id = #{id}
            """;

    private static final String ACTION = "webhook_endpoint.";
    private static final String RESOURCE = "webhook_endpoint:";

    private final Postgres postgres;
    private final Vault vault;
    private final SealedAnswers answers;

    public PgWebhookEndpoints(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.vault = vault;
        this.answers = new SealedAnswers(vault);
    }

    @Override
    public Future<Answered> add(
            String id,
            Actor actor,
            NewWebhookEndpoint endpoint,
            Secret secret,
            int most,
            Optional<IdempotencyKey> key,
            Future<Void> allowed,
            Function<WebhookEndpoint, StoredAnswer> answer) {
        Map<String, Object> row = parametersOf(actor.namespace(), id)
                .and("url", endpoint.url().toString())
                .and("description", endpoint.description())
                .and("event_types", endpoint.eventTypes().toArray(String[]::new))
                .and("most", most)
                .map();
        return once(actor, key, connection -> allowed.compose(may -> Postgres.on(connection, LOCK_NAMESPACE, row))
                .compose(locked -> Postgres.on(connection, ADD, row))
                .map(added -> Rows.first(added).orElseThrow(() -> full(most)))
                .compose(added -> WebhookSecrets.add(connection, vault, actor.namespace(), id, secret)
                        .compose(done -> noted(connection, actor, "created", id, null, added))
                        .map(answer)));
    }

    /** The key comes before any row is looked for: what it was answered holds, whatever has become of the endpoint since. */
    private Future<Answered> once(
            Actor actor, Optional<IdempotencyKey> key, Function<SqlConnection, Future<StoredAnswer>> work) {
        return postgres.inTransaction(
                        connection -> answers.once(connection, actor.namespace(), key, () -> work.apply(connection)))
                .compose(answers::opened);
    }

    private static Future<WebhookEndpoint> noted(
            SqlConnection connection, Actor actor, String deed, String id, @Nullable String before, Row after) {
        return AuditRows.append(connection, actor, ACTION + deed, RESOURCE + id, before, after.getString("snapshot"))
                .map(done -> toEndpoint(after));
    }

    private static GatewayException full(int most) {
        return new GatewayException(
                Reason.CONFLICT, "There are %d webhook endpoints, as many as there may be".formatted(most));
    }

    @Override
    public Future<List<WebhookEndpoint>> list(String namespace, long after, int most) {
        return postgres.query(LIST, Map.of("namespace", namespace, "after", after, "most", most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgWebhookEndpoints::toEndpoint)
                        .toList());
    }

    @Override
    public Future<Optional<WebhookEndpoint>> find(String namespace, String id) {
        return one(FIND, parametersOf(namespace, id));
    }

    @Override
    public Future<Optional<SigningSecrets>> secretsOf(String namespace, String id) {
        return postgres.query(SECRETS, parametersOf(namespace, id).map()).compose(rows -> {
            List<Row> live = StreamSupport.stream(rows.spliterator(), false).toList();
            List<Long> ids = live.stream().map(row -> row.getLong("id")).toList();
            List<Buffer> ciphertexts =
                    live.stream().map(row -> row.getBuffer("secret")).toList();
            return live.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : WebhookSecrets.open(vault, namespace, id, ids, ciphertexts)
                            .map(Optional::of);
        });
    }

    @Override
    public Future<Optional<WebhookEndpoint>> change(Actor actor, String id, EndpointChange change) {
        Parameters parameters = parametersOf(actor.namespace(), id)
                .and("url", change.url() == null ? null : change.url().toString())
                .and("description", change.description())
                .and("event_types", array(change.eventTypes()))
                .and("enabled", change.enabled())
                .and("versions", array(change.versions()));
        return locked(actor, id, (connection, before) -> Postgres.on(connection, CHANGE, parameters.map())
                .map(rows -> Rows.first(rows).orElseThrow(PgWebhookEndpoints::changedMeanwhile))
                .compose(after -> noted(connection, actor, "updated", id, before, after)));
    }

    private static GatewayException changedMeanwhile() {
        return new GatewayException(
                Reason.PRECONDITION_FAILED, "The webhook endpoint has changed meanwhile; read it again");
    }

    /** What is done to an endpoint whose row is locked. */
    private interface Work<T> {
        Future<T> on(SqlConnection connection, String before);
    }

    /** Empty when there is no such endpoint. */
    private <T> Future<Optional<T>> locked(Actor actor, String id, Work<T> work) {
        return postgres.inTransaction(connection -> lock(connection, actor, id).compose(found -> found.map(
                        before -> work.on(connection, before).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))));
    }

    /** All that the row holds. */
    private static Future<Optional<String>> lock(SqlConnection connection, Actor actor, String id) {
        return Postgres.on(connection, LOCK, parametersOf(actor.namespace(), id).map())
                .map(found -> Rows.first(found).map(row -> row.getString("snapshot")));
    }

    private static String @Nullable [] array(@Nullable List<String> values) {
        return values == null ? null : values.toArray(String[]::new);
    }

    private static Long @Nullable [] array(@Nullable Set<Long> values) {
        return values == null ? null : values.toArray(Long[]::new);
    }

    @Override
    public Future<Boolean> remove(Actor actor, String id) {
        return locked(actor, id, (connection, before) -> Postgres.on(
                                connection,
                                REMOVE,
                                parametersOf(actor.namespace(), id).map())
                        .compose(removed -> AuditRows.append(
                                        connection, actor, ACTION + "deleted", RESOURCE + id, before, null)
                                .map(true)))
                .map(done -> done.orElse(false));
    }

    @Override
    public Future<Boolean> noteTest(Actor actor, String id) {
        return locked(actor, id, (connection, before) -> AuditRows.append(
                                connection, actor, ACTION + "tested", RESOURCE + id, before, before)
                        .map(true))
                .map(done -> done.orElse(false));
    }

    @Override
    public Future<Void> noteArrival(String namespace, String id, long version) {
        return postgres.query(
                        ARRIVED,
                        parametersOf(namespace, id).and("version", version).map())
                .mapEmpty();
    }

    @Override
    public Future<Answered> addSecret(
            Actor actor,
            String id,
            Secret secret,
            Duration overlap,
            int most,
            Optional<IdempotencyKey> key,
            Function<WebhookEndpoint, StoredAnswer> answer) {
        return once(actor, key, connection -> lock(connection, actor, id)
                .map(found -> found.orElseThrow(WebhookEndpoint::missing))
                .compose(before -> makeRoom(connection, id, overlap, most)
                        .compose(expired -> addSecret(connection, actor, id, secret, before)))
                .map(answer));
    }

    private Future<WebhookEndpoint> addSecret(
            SqlConnection connection, Actor actor, String id, Secret secret, String before) {
        return WebhookSecrets.add(connection, vault, actor.namespace(), id, secret)
                .compose(added -> Postgres.on(
                        connection, TOUCH, parametersOf(actor.namespace(), id).map()))
                .compose(touched -> noted(
                        connection,
                        actor,
                        "secret_rotated",
                        id,
                        before,
                        touched.iterator().next()));
    }

    /** The endpoint's row is locked by now, so that requests which come together replace one after the other. */
    private static Future<?> makeRoom(SqlConnection connection, String id, Duration overlap, int most) {
        Map<String, Object> of = Map.of("id", id, "overlap_seconds", (double) overlap.toSeconds());
        return Postgres.on(connection, EXPIRE, of)
                .compose(expiring -> Postgres.on(connection, FORGET_EXPIRED, of))
                .compose(forgotten -> Postgres.on(connection, COUNT_SECRETS, of))
                .compose(counted -> counted.iterator().next().getLong("live") < most
                        ? Future.succeededFuture()
                        : Future.failedFuture(new GatewayException(
                                Reason.CONFLICT,
                                "%d secrets are live; wait until the oldest has expired".formatted(most))));
    }

    private Future<Optional<WebhookEndpoint>> one(String sql, Parameters parameters) {
        return postgres.query(sql, parameters.map())
                .map(rows -> Rows.first(rows).map(PgWebhookEndpoints::toEndpoint));
    }

    private static Parameters parametersOf(String namespace, String id) {
        return Parameters.of("namespace", namespace).and("id", id);
    }

    private static WebhookEndpoint toEndpoint(Row row) {
        return new WebhookEndpoint(
                row.getString("id"),
                row.getLong("place"),
                row.getString("url"),
                row.getString("description"),
                Arrays.asList(row.getArrayOfStrings("event_types")),
                disabled(row),
                Rows.instant(row, "failing_since"),
                Rows.instantOf(row, "created_at"),
                Rows.instantOf(row, "updated_at"),
                row.getLong("version"));
    }

    private static @Nullable Disabled disabled(Row row) {
        String reason = row.getString("disabled_reason");
        return reason == null
                ? null
                : new Disabled(
                        WebhookEndpoint.Reason.valueOf(reason.toUpperCase(Locale.ROOT)),
                        Rows.instantOf(row, "disabled_at"));
    }
}
