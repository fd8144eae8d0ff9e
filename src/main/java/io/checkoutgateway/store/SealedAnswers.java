package io.checkoutgateway.store;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.secrets.SecretOwner;
import io.checkoutgateway.secrets.Vault;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers under idempotency keys that open a door: {@link PgIdempotencyKeys}' rows without bodies, which lie sealed beside
 * them, each for its row. What is not sealed is not believed: it would be handed out as the gateway's own answer.
 */
final class SealedAnswers {
    private static final String KIND = "idempotency.answer";
    static final String KIND_SQL = "'" + KIND + "'";

    /** Operations have no slash in their names. */
    static final String ID_SQL = "t.operation || '/' || t.key";

    /** Whoever comes here has just written the answer's row. */
    private static final String PUT =
            """
            INSERT INTO sealed_answers (namespace, operation, key, sealed)
            VALUES (#{namespace}, #{operation}, #{key}, #{sealed})
            ON CONFLICT (namespace, operation, key) DO UPDATE SET sealed = excluded.sealed
            """;

    private static final String FIND =
            """
            SELECT sealed FROM sealed_answers
            WHERE namespace = #{namespace} AND operation = #{operation} AND key = #{key}
            """;

    private static final String ROW_OF =
            "SELECT namespace, operation, key FROM idempotency_keys WHERE session_id = #{session_id}";

    private final Vault vault;

    SealedAnswers(Vault vault) {
        this.vault = vault;
    }

    /** The row that an answer belongs to. */
    private record Place(String namespace, String operation, String key) {
        static Place of(String namespace, IdempotencyKey key) {
            return new Place(namespace, key.operation(), key.value());
        }

        static Place of(Row row) {
            return new Place(row.getString("namespace"), row.getString("operation"), row.getString("key"));
        }

        Parameters parameters() {
            return Parameters.of("namespace", namespace)
                    .and("operation", operation)
                    .and("key", key);
        }

        SecretOwner owner() {
            return new SecretOwner(namespace, KIND, operation + "/" + key);
        }
    }

    /** As {@link PgIdempotencyKeys#once}. */
    Future<Answered> once(
            SqlClient client, String namespace, Optional<IdempotencyKey> key, Supplier<Future<StoredAnswer>> work) {
        return key.map(given -> once(client, namespace, given, work))
                .orElseGet(() -> work.get().map(Answered::first));
    }

    private Future<Answered> once(
            SqlClient client, String namespace, IdempotencyKey key, Supplier<Future<StoredAnswer>> work) {
        Place place = Place.of(namespace, key);
        return PgIdempotencyKeys.once(client, namespace, Optional.of(key), () -> work.get()
                        .compose(answer -> seal(client, place, answer).map(done -> withBody(answer, Buffer.buffer()))))
                .compose(answered -> open(client, place, answered.answer())
                        .map(opened -> new Answered(opened, answered.replayed())));
    }

    /** What was claimed with this key, its answer opened if it has one. */
    Future<PgIdempotencyKeys.Used> open(
            SqlClient client, String namespace, IdempotencyKey key, PgIdempotencyKeys.Used used) {
        return used.answer()
                .map(answer -> open(client, Place.of(namespace, key), answer)
                        .map(opened ->
                                new PgIdempotencyKeys.Used(used.requestHash(), used.sessionId(), Optional.of(opened))))
                .orElseGet(() -> Future.succeededFuture(used));
    }

    /** As {@link PgIdempotencyKeys#answer}; whether it was the first is told with it. */
    Future<Answered> answer(SqlClient client, String sessionId, StoredAnswer answer) {
        StoredAnswer empty = withBody(answer, Buffer.buffer());
        return Postgres.on(
                        client, ROW_OF, Parameters.of("session_id", sessionId).map())
                .map(rows -> Rows.first(rows).map(Place::of))
                .compose(place -> place.isEmpty()
                        ? Future.succeededFuture(Answered.first(answer))
                        : PgIdempotencyKeys.answer(client, sessionId, empty)
                                .compose(stored -> stored == empty
                                        ? seal(client, place.get(), answer).map(Answered.first(answer))
                                        : open(client, place.get(), stored)
                                                .map(earlier -> new Answered(earlier, true))));
    }

    private Future<Void> seal(SqlClient client, Place place, StoredAnswer answer) {
        Secret body = Secret.of(answer.body().toString(StandardCharsets.UTF_8));
        return Postgres.on(
                        client,
                        PUT,
                        place.parameters()
                                .and("sealed", vault.seal(body, place.owner()))
                                .map())
                .mapEmpty();
    }

    private Future<StoredAnswer> open(SqlClient client, Place place, StoredAnswer answer) {
        return Postgres.on(client, FIND, place.parameters().map())
                .map(rows -> Rows.first(rows)
                        .orElseThrow(() -> new GatewayException(Reason.INTERNAL, "An answer was not sealed")))
                .compose(row -> vault.open(row.getBuffer("sealed"), place.owner()))
                .map(body -> withBody(answer, Buffer.buffer(body.reveal())));
    }

    private static StoredAnswer withBody(StoredAnswer answer, Buffer body) {
        return new StoredAnswer(answer.status(), answer.contentType(), body, answer.location());
    }
}
