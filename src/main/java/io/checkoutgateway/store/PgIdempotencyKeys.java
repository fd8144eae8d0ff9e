package io.checkoutgateway.store;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rows of {@code idempotency_keys}, as steps of other classes' transactions. */
final class PgIdempotencyKeys {
    private static final String FIND =
            """
            SELECT request_hash, session_id, status, content_type, body, location
            FROM idempotency_keys
            WHERE namespace = #{namespace} AND operation = #{operation} AND key = #{key}
            """;

    private static final String ADD_ANSWERED =
            """
            INSERT INTO idempotency_keys (namespace, operation, key, request_hash)
            VALUES (#{namespace}, #{operation}, #{key}, #{request_hash})
            ON CONFLICT (namespace, operation, key) DO NOTHING
            """;

    private static final String CLAIM =
            """
            INSERT INTO idempotency_keys (namespace, operation, key, request_hash, session_id)
            VALUES (#{namespace}, #{operation}, #{key}, #{request_hash}, #{session_id})
            ON CONFLICT (namespace, operation, key) DO NOTHING
            """;

    private static final String ANSWER_KEY =
            """
            UPDATE idempotency_keys
            SET status = #{status}, content_type = #{content_type}, body = #{body}, location = #{location}
            WHERE namespace = #{namespace} AND operation = #{operation} AND key = #{key}
            """;

    private static final String ANSWER =
            """
            UPDATE idempotency_keys
            SET status = #{status}, content_type = #{content_type}, body = #{body}, location = #{location}
            WHERE session_id = #{session_id} AND status IS NULL
            """;

    private static final String FIND_ANSWER =
            """
            SELECT request_hash, session_id, status, content_type, body, location
            FROM idempotency_keys
            WHERE session_id = #{session_id}
            """;

    private static final String FREE =
            """
            DELETE FROM idempotency_keys WHERE session_id = #{session_id} AND status IS NULL
            """;

    private static final String RELEASE =
            """
            UPDATE idempotency_keys SET session_id = NULL WHERE session_id = #{session_id} AND status IS NOT NULL
            """;

    /**
     * A key that was used before.
     *
     * @param sessionId the session that its request is to open, or the app that it is to install
     * @param answer empty while there is none
     * @param anew whether it was not: it is claimed by this request
     */
    record Used(Buffer requestHash, @Nullable String sessionId, Optional<StoredAnswer> answer, boolean anew) {
        boolean sameRequest(IdempotencyKey key) {
            return requestHash.equals(key.requestHash());
        }
    }

    private static final String REUSED =
            "This Idempotency-Key was used before with another request; use a new key for a new request";

    private PgIdempotencyKeys() {}

    /**
     * Does the work once for all requests with this key, within the caller's transaction: a second request waits at the
     * key's row until the first is done or undone.
     */
    static Future<Answered> once(
            SqlClient client, String namespace, Optional<IdempotencyKey> key, Supplier<Future<StoredAnswer>> work) {
        return key.map(given -> Postgres.on(
                                client,
                                ADD_ANSWERED,
                                rowOf(namespace, given)
                                        .and("request_hash", given.requestHash())
                                        .map())
                        .compose(added -> added.rowCount() == 1
                                ? work.get().compose(answer -> keep(client, namespace, given, answer))
                                : repeated(client, namespace, given)))
                .orElseGet(() -> work.get().map(Answered::first));
    }

    /**
     * Claims the key for what will be known by this id, or finds what it was claimed for before.
     *
     * @return fails with {@link Reason#IDEMPOTENCY_KEY_REUSED} when it came with another request
     */
    static Future<Used> claim(SqlClient client, String namespace, IdempotencyKey key, String id) {
        Parameters row =
                rowOf(namespace, key).and("request_hash", key.requestHash()).and("session_id", id);
        return Postgres.on(client, CLAIM, row.map()).compose(claimed -> find(client, namespace, key)
                .map(found -> found.filter(used -> used.sameRequest(key))
                        .map(used ->
                                new Used(used.requestHash(), used.sessionId(), used.answer(), claimed.rowCount() == 1))
                        .orElseThrow(PgIdempotencyKeys::reused)));
    }

    private static Future<Answered> keep(SqlClient client, String namespace, IdempotencyKey key, StoredAnswer answer) {
        return Postgres.on(
                        client,
                        ANSWER_KEY,
                        withAnswer(rowOf(namespace, key), answer).map())
                .map(kept -> Answered.first(answer));
    }

    private static Future<Answered> repeated(SqlClient client, String namespace, IdempotencyKey key) {
        return find(client, namespace, key).compose(found -> {
            Optional<StoredAnswer> answer =
                    found.filter(used -> used.sameRequest(key)).flatMap(Used::answer);
            return answer.isPresent()
                    ? Future.succeededFuture(new Answered(answer.get(), true))
                    : Future.failedFuture(reused());
        });
    }

    static GatewayException reused() {
        return new GatewayException(Reason.IDEMPOTENCY_KEY_REUSED, REUSED);
    }

    private static Parameters rowOf(String namespace, IdempotencyKey key) {
        return Parameters.of("namespace", namespace)
                .and("operation", key.operation())
                .and("key", key.value());
    }

    private static Parameters withAnswer(Parameters parameters, StoredAnswer answer) {
        return parameters
                .and("status", answer.status())
                .and("content_type", answer.contentType())
                .and("body", answer.body())
                .and("location", answer.location());
    }

    static Future<Optional<Used>> find(SqlClient client, String namespace, IdempotencyKey key) {
        return Postgres.on(client, FIND, rowOf(namespace, key).map())
                .map(rows -> Rows.first(rows).map(PgIdempotencyKeys::toUsed));
    }

    /** Stores the answer unless there is one; answers what is stored now, or this answer when there is no key. */
    static Future<StoredAnswer> answer(SqlClient client, String sessionId, StoredAnswer answer) {
        return Postgres.on(
                        client,
                        ANSWER,
                        withAnswer(Parameters.of("session_id", sessionId), answer)
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

    /** What was answered stays so, and is no answer to whatever is asked under this id from now on. */
    static Future<Void> release(SqlClient client, String sessionId) {
        return Postgres.on(
                        client, RELEASE, Parameters.of("session_id", sessionId).map())
                .mapEmpty();
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
                : Optional.of(new StoredAnswer(
                        status, row.getString("content_type"), row.getBuffer("body"), row.getString("location")));
        return new Used(row.getBuffer("request_hash"), row.getString("session_id"), answer, false);
    }
}
