package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.secrets.KeysetStore;
import io.checkoutgateway.secrets.StoredKeyset;
import io.checkoutgateway.secrets.WrappedKeyset;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The data keys in Postgres. */
public final class PgKeysets implements KeysetStore {
    private static final String READ =
            """
            SELECT wrapped, wrapped_by, version, extract(epoch FROM now() - retired_at)::float8 AS retired_seconds
            FROM secret_keyset
            """;

    private static final String ADD =
            """
            INSERT INTO secret_keyset (wrapped, wrapped_by) VALUES (#{wrapped}, #{wrapped_by}) ON CONFLICT (id) DO NOTHING
            """;

    /** A retired key's grace begins anew when a second is retired before the first is dropped. */
    private static final String ROTATE =
            """
            UPDATE secret_keyset
            SET wrapped = #{wrapped}, wrapped_by = #{wrapped_by}, version = version + 1, retired_at = now(),
                updated_at = now()
            WHERE wrapped = #{before}
            """;

    private static final String DROP =
            """
            UPDATE secret_keyset
            SET wrapped = #{wrapped}, wrapped_by = #{wrapped_by}, version = version + 1, retired_at = NULL,
                updated_at = now()
            WHERE wrapped = #{before}
            """;

    private static final String REWRAP =
            """
            UPDATE secret_keyset
            SET wrapped = #{wrapped}, wrapped_by = #{wrapped_by}, updated_at = now()
            WHERE wrapped = #{before}
            """;

    private static final String RESOURCE = "secret_keyset:1";

    private final Postgres postgres;

    public PgKeysets(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<StoredKeyset> findOrAdd(WrappedKeyset first) {
        return postgres.query(ADD, parametersOf(first).map()).compose(added -> read());
    }

    @Override
    public Future<StoredKeyset> read() {
        return postgres.query(READ, Map.of())
                .map(rows -> toKeyset(Rows.first(rows)
                        .orElseThrow(() -> new IllegalStateException("the row of the table secret_keyset is gone"))));
    }

    @Override
    public Future<Boolean> rotate(StoredKeyset before, WrappedKeyset after, Actor actor) {
        return postgres.inTransaction(
                connection -> change(connection, ROTATE, before, after, actor, "secret_keyset.rotated"));
    }

    @Override
    public Future<Boolean> drop(StoredKeyset before, WrappedKeyset after, byte[] mark, Actor actor) {
        return postgres.inTransaction(connection -> PgSealedRows.anyOtherThan(connection, mark)
                .compose(used -> used
                        ? Future.succeededFuture(false)
                        : change(connection, DROP, before, after, actor, "secret_keyset.older_keys_dropped")));
    }

    @Override
    public Future<Boolean> rewrap(StoredKeyset before, WrappedKeyset after, Actor actor) {
        return postgres.inTransaction(
                connection -> change(connection, REWRAP, before, after, actor, "secret_keyset.rewrapped"));
    }

    /** The keys are compared as they lie there; the trail's hashes are of fingerprint and size, not of keys. */
    private static Future<Boolean> change(
            SqlConnection connection,
            String sql,
            StoredKeyset before,
            WrappedKeyset after,
            Actor actor,
            String action) {
        Parameters parameters =
                parametersOf(after).and("before", before.wrapped().bytes());
        return Postgres.on(connection, sql, parameters.map())
                .compose(changed -> changed.rowCount() == 0
                        ? Future.succeededFuture(false)
                        : AuditRows.append(
                                        connection, actor, action, RESOURCE, stateOf(before.wrapped()), stateOf(after))
                                .map(true));
    }

    private static String stateOf(WrappedKeyset keyset) {
        return keyset.wrappedBy() + " " + keyset.bytes().length();
    }

    private static Parameters parametersOf(WrappedKeyset keyset) {
        return Parameters.of("wrapped", keyset.bytes()).and("wrapped_by", keyset.wrappedBy());
    }

    private static StoredKeyset toKeyset(Row row) {
        Buffer wrapped = row.getBuffer("wrapped");
        return new StoredKeyset(
                new WrappedKeyset(wrapped, row.getString("wrapped_by")),
                row.getLong("version"),
                duration(row.getDouble("retired_seconds")));
    }

    private static @Nullable Duration duration(@Nullable Double seconds) {
        return seconds == null ? null : Duration.ofMillis((long) (seconds * 1000));
    }
}
