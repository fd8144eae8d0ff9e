package io.checkoutgateway.store;

import io.checkoutgateway.access.ApiKey;
import io.checkoutgateway.access.ApiKeyStore;
import io.checkoutgateway.access.Scope;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** API keys in Postgres. */
public final class PgApiKeys implements ApiKeyStore {
    private static final String FIND =
            """
            SELECT namespace, hash, scopes
            FROM api_keys
            WHERE id = #{id}
              AND revoked_at IS NULL
              AND (expires_at IS NULL OR expires_at > now())
            """;

    private static final String ADD =
            """
            INSERT INTO api_keys (id, namespace, name, hash, scopes, expires_at)
            VALUES (#{id}, #{namespace}, #{name}, #{hash}, #{scopes}, #{expires_at})
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
    public Future<Void> add(ApiKey key, String namespace, String name, Set<Scope> scopes, @Nullable Instant expiresAt) {
        return postgres.query(
                        ADD,
                        Parameters.of("id", key.id())
                                .and("namespace", namespace)
                                .and("name", name)
                                .and("hash", key.hash())
                                .and("scopes", scopes.stream().map(Scope::word).toArray(String[]::new))
                                .and("expires_at", Rows.utc(expiresAt))
                                .map())
                .mapEmpty();
    }

    /** A word that this version does not know allows nothing. */
    private static Set<Scope> scopesOf(io.vertx.sqlclient.Row row) {
        return Stream.of(row.getArrayOfStrings("scopes"))
                .flatMap(word -> Scope.of(word).stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
