package io.checkoutgateway.store;

import io.checkoutgateway.access.ApiKey;
import io.checkoutgateway.access.ApiKeyStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys in Postgres. */
public final class PgApiKeys implements ApiKeyStore {
    private static final String FIND =
            """
            SELECT namespace, hash
            FROM api_keys
            WHERE id = #{id}
              AND revoked_at IS NULL
              AND (expires_at IS NULL OR expires_at > now())
            """;

    private static final String ADD =
            """
            INSERT INTO api_keys (id, namespace, name, hash, expires_at)
            VALUES (#{id}, #{namespace}, #{name}, #{hash}, #{expires_at})
            """;

    private final Postgres postgres;

    public PgApiKeys(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<Row>> find(String id) {
        return postgres.query(FIND, Map.of("id", id))
                .map(rows -> Rows.first(rows).map(row -> new Row(row.getString("namespace"), row.getBuffer("hash"))));
    }

    @Override
    public Future<Void> add(ApiKey key, String namespace, String name, @Nullable Instant expiresAt) {
        return postgres.query(
                        ADD,
                        Parameters.of("id", key.id())
                                .and("namespace", namespace)
                                .and("name", name)
                                .and("hash", key.hash())
                                .and("expires_at", Rows.utc(expiresAt))
                                .map())
                .mapEmpty();
    }
}
