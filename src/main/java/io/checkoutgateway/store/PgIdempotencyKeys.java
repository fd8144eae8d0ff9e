package io.checkoutgateway.store;

import io.checkoutgateway.checkout.IdempotencyKey;
import io.checkoutgateway.checkout.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of {@code idempotency_keys}, as steps of other classes' transactions. */
final class PgIdempotencyKeys {
    private static final String FIND =
            """
            SELECT request_hash, session_id, status, content_type, body
            FROM idempotency_keys
            WHERE namespace = #{namespace} AND operation = #{operation} AND key = #{key}
            """;

    private static final String ANSWER =
            """
            UPDATE idempotency_keys
            SET status = #{status}, content_type = #{content_type}, body = #{body}
            WHERE session_id = #{session_id} AND status IS NULL
            """;

    private static final String FIND_ANSWER =
            """
            SELECT request_hash, session_id, status, content_type, body
            FROM idempotency_keys
            WHERE session_id = #{session_id}
            """;

    private static final String FREE =
            """
            DELETE FROM idempotency_keys WHERE session_id = #{session_id} AND status IS NULL
            """;

    /**
     * A key that was used before.
     *
     * @param sessionId the session that its request is to open
     * @param answer empty while there is none
     */
    record Used(Buffer requestHash, @Nullable String sessionId, Optional<StoredAnswer> answer) {
        boolean sameRequest(IdempotencyKey key) {
            return requestHash.equals(key.requestHash());
        }
    }

    private PgIdempotencyKeys() {}

    static Future<Optional<Used>> find(SqlClient client, String namespace, IdempotencyKey key) {
        return Postgres.on(
                        client,
                        FIND,
                        Parameters.of("namespace", namespace)
                                .and("operation", key.operation())
                                .and("key", key.value())
                                .map())
                .map(rows -> Rows.first(rows).map(PgIdempotencyKeys::toUsed));
    }

    /** Stores the answer unless there is one; answers what is stored now, or this answer when there is no key. */
    static Future<StoredAnswer> answer(SqlClient client, String sessionId, StoredAnswer answer) {
        return Postgres.on(
                        client,
                        ANSWER,
                        Parameters.of("session_id", sessionId)
                                .and("status", answer.status())
                                .and("content_type", answer.contentType())
                                .and("body", answer.body())
                                .map())
                .compose(stored -> stored.rowCount() > 0
                        ? Future.succeededFuture(answer)
                        : earlierAnswer(client, sessionId, answer));
    }

    private static Future<StoredAnswer> earlierAnswer(SqlClient client, String sessionId, StoredAnswer answer) {
        return Postgres.on(
                        client,
                        FIND_ANSWER,
                        Parameters.of("session_id", sessionId).map())
                .map(rows ->
                        Rows.first(rows).flatMap(row -> toUsed(row).answer()).orElse(answer));
    }

    /** Lets the key be used anew, since its request did nothing. */
    static Future<Void> free(SqlClient client, String sessionId) {
        return Postgres.on(client, FREE, Parameters.of("session_id", sessionId).map())
                .mapEmpty();
    }

    private static Used toUsed(Row row) {
        Integer status = row.getInteger("status");
        Optional<StoredAnswer> answer = status == null
                ? Optional.empty()
                : Optional.of(new StoredAnswer(status, row.getString("content_type"), row.getBuffer("body")));
        return new Used(row.getBuffer("request_hash"), row.getString("session_id"), answer);
    }
}
