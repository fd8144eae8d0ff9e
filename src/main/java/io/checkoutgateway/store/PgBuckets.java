package io.checkoutgateway.store;

import io.checkoutgateway.limits.BucketStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Buckets in Postgres. */
public final class PgBuckets implements BucketStore {
    /** A statement's worth; the rest is for the next one. */
    private static final int FORGET_BATCH = 10_000;

    private static final String READ = "SELECT state FROM rate_limit_buckets WHERE id = #{id}";

    private static final String ADD =
            """
            INSERT INTO rate_limit_buckets (id, state, expires_at)
            VALUES (#{id}, #{state}, now() + make_interval(secs => #{keep_seconds}))
            ON CONFLICT (id) DO NOTHING
            """;

    private static final String REPLACE =
            """
            UPDATE rate_limit_buckets
            SET state = #{state}, expires_at = now() + make_interval(secs => #{keep_seconds})
            WHERE id = #{id} AND state = #{expected}
            """;

    private static final String FORGET =
            """
            DELETE FROM rate_limit_buckets
            WHERE id IN (
                SELECT id FROM rate_limit_buckets WHERE expires_at < now() LIMIT #{most} FOR UPDATE SKIP LOCKED)
            """;

    private final Postgres postgres;

    public PgBuckets(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<Buffer>> read(String id) {
        return postgres.query(READ, Map.of("id", id))
                .map(rows -> Rows.first(rows).map(row -> row.getBuffer("state")));
    }

    @Override
    public Future<Boolean> replace(String id, @Nullable Buffer expected, Buffer state, Duration keep) {
        Parameters parameters =
                Parameters.of("id", id).and("state", state).and("keep_seconds", (double) keep.toSeconds());
        Future<RowSet<Row>> written = expected == null
                ? postgres.query(ADD, parameters.map())
                : postgres.query(REPLACE, parameters.and("expected", expected).map());
        return written.map(rows -> rows.rowCount() == 1);
    }

    @Override
    public Future<Boolean> forget() {
        return postgres.query(FORGET, Map.of("most", FORGET_BATCH)).map(rows -> rows.rowCount() == FORGET_BATCH);
    }
}
