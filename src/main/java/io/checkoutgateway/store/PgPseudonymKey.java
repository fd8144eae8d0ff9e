package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** The key that this installation's pseudonyms are made with: the migration that made the table drew it. */
public final class PgPseudonymKey {
    private static final String READ = "SELECT key FROM pseudonym_key";

    private final Postgres postgres;

    public PgPseudonymKey(Postgres postgres) {
        this.postgres = postgres;
    }

    /** The key; fails when somebody has taken it away, since pseudonyms made with another would be nobody's. */
    public Future<Buffer> read() {
        return postgres.query(READ, Map.of()).map(rows -> Rows.first(rows)
                .orElseThrow(() -> new IllegalStateException("the row of the table pseudonym_key is gone"))
                .getBuffer("key"));
    }
}
