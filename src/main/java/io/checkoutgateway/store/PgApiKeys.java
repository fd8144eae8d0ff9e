package io.checkoutgateway.store;

import io.checkoutgateway.access.ApiKey;
import io.checkoutgateway.access.ApiKeyStore;
import io.checkoutgateway.access.IssuedKey;
import io.checkoutgateway.access.NewApiKey;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** API keys in Postgres. */
public final class PgApiKeys implements ApiKeyStore {
    private static final String COLUMNS = " id, place, name, scopes, created_at, expires_at, last_used_at, revoked_at ";

    private static final String FIND =
            """
            SELECT namespace, hash, scopes
            FROM api_keys
            WHERE id = #{id}
              AND revoked_at IS NULL
              AND (expires_at IS NULL OR expires_at > now())
            """;

    /** So that two requests that come together do not both find room for one. */
    private static final String LOCK_NAMESPACE =
            "SELECT pg_advisory_xact_lock(hashtextextended('api_keys/' || #{namespace}::text, 0))";

    private static final String ADD =
            """
            INSERT INTO api_keys (id, namespace, name, hash, scopes, expires_at)
            SELECT #{id}::text, #{namespace}::text, #{name}::text, #{hash}::bytea, #{scopes}::text[],
                   #{expires_at}::timestamptz
            WHERE (SELECT count(*) FROM api_keys
                   WHERE namespace = #{namespace}
                     AND revoked_at IS NULL
                     AND (expires_at IS NULL OR expires_at > now())) < #{most}
            RETURNING to_jsonb(api_keys)::text AS after,
            """
                    + COLUMNS;

    private static final String LIST = "SELECT" + COLUMNS
            + """
            FROM api_keys
            WHERE namespace = #{namespace} AND place > #{after}
            ORDER BY place
            LIMIT #{most}
            """;

    private static final String DESCRIBE =
            "SELECT" + COLUMNS + "FROM api_keys WHERE namespace = #{namespace} AND id = #{id}";

    private static final String REVOKE =
            """
            UPDATE api_keys
            SET revoked_at = now()
            FROM (
                SELECT id AS revoked_id, to_jsonb(k)::text AS before
                FROM api_keys k
                WHERE namespace = #{namespace} AND id = #{id} AND revoked_at IS NULL
                FOR UPDATE
            ) known
            WHERE id = revoked_id
            RETURNING before, to_jsonb(api_keys)::text AS after,
            """
                    + COLUMNS;

    /** A row that another replica holds is being written to the same effect. */
    private static final String USED =
            """
            UPDATE api_keys
            SET last_used_at = now()
            WHERE id IN (
                SELECT id
                FROM api_keys
                WHERE id = ANY (#{ids})
                  AND (last_used_at IS NULL OR last_used_at < now() - make_interval(secs => #{moment_seconds}))
                FOR UPDATE SKIP LOCKED)
            """;

    private final Postgres postgres;

    public PgApiKeys(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<Row>> find(String id) {
        return postgres.query(FIND, Map.of("id", id)).map(rows -> Rows.first(rows)
                .map(row -> new Row(row.getString("namespace"), row.getBuffer("hash"), scopesOf(row))));
    }

    @Override
    public Future<Answered> add(
            Actor actor,
            ApiKey key,
            NewApiKey wanted,
            int most,
            Optional<IdempotencyKey> idempotencyKey,
            Function<IssuedKey, StoredAnswer> answer) {
        Map<String, Object> row = Parameters.of("id", key.id())
                .and("namespace", actor.namespace())
                .and("name", wanted.name())
                .and("hash", key.hash())
                .and(
                        "scopes",
                        wanted.scopes().stream().map(Scope::word).sorted().toArray(String[]::new))
                .and("expires_at", Rows.utc(wanted.expiresAt()))
                .and("most", most)
                .map();
        return postgres.inTransaction(connection -> PgIdempotencyKeys.once(
                connection, actor.namespace(), idempotencyKey, () -> Postgres.on(connection, LOCK_NAMESPACE, row)
                        .compose(locked -> Postgres.on(connection, ADD, row))
                        .map(added -> Rows.first(added).orElseThrow(() -> full(most)))
                        .compose(added -> told(connection, actor, "api_key.created", null, added))
                        .map(answer)));
    }

    private static GatewayException full(int most) {
        return new GatewayException(
                Reason.CONFLICT, "%d API keys are live, as many as there may be; revoke one".formatted(most));
    }

    private static Future<IssuedKey> told(
            SqlClient connection, Actor actor, String action, @Nullable String before, io.vertx.sqlclient.Row row) {
        IssuedKey key = toKey(row);
        return AuditRows.append(connection, actor, action, "api_key:" + key.id(), before, row.getString("after"))
                .map(key);
    }

    @Override
    public Future<List<IssuedKey>> list(String namespace, long after, int most) {
        return postgres.query(LIST, Map.of("namespace", namespace, "after", after, "most", most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgApiKeys::toKey)
                        .toList());
    }

    @Override
    public Future<Optional<IssuedKey>> describe(String namespace, String id) {
        return postgres.query(DESCRIBE, Map.of("namespace", namespace, "id", id))
                .map(rows -> Rows.first(rows).map(PgApiKeys::toKey));
    }

    @Override
    public Future<Optional<IssuedKey>> revoke(Actor actor, String id) {
        return postgres.inTransaction(connection -> Postgres.on(
                                connection, REVOKE, Map.of("namespace", actor.namespace(), "id", id))
                        .compose(revoked -> Rows.first(revoked)
                                .map(row -> told(connection, actor, "api_key.revoked", row.getString("before"), row)
                                        .map(Optional::of))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty()))))
                .compose(revoked ->
                        revoked.isPresent() ? Future.succeededFuture(revoked) : describe(actor.namespace(), id));
    }

    @Override
    public Future<Void> used(Set<String> ids, Duration moment) {
        return postgres.query(
                        USED, Map.of("ids", ids.stream().sorted().toArray(String[]::new), "moment_seconds", (double)
                                moment.toSeconds()))
                .mapEmpty();
    }

    private static IssuedKey toKey(io.vertx.sqlclient.Row row) {
        return new IssuedKey(
                row.getString("id"),
                row.getLong("place"),
                row.getString("name"),
                scopesOf(row),
                Rows.instantOf(row, "created_at"),
                Rows.instant(row, "expires_at"),
                Rows.instant(row, "last_used_at"),
                Rows.instant(row, "revoked_at"));
    }

    /** A word that this version does not know allows nothing. */
    private static Set<Scope> scopesOf(io.vertx.sqlclient.Row row) {
        return Stream.of(row.getArrayOfStrings("scopes"))
                .flatMap(word -> Scope.of(word).stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
