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

    /**
     * An answer as its transaction leaves it, to be {@link #opened} when that is over: whoever opens one may have to look
     * for the data keys, and who waits for a connection must not hold another, or a full pool waits for itself.
     */
    record Kept(Answered answered, Optional<Sealed> body) {
        private static Kept open(Answered answered) {
            return new Kept(answered, Optional.empty());
        }
    }

    /** A body and whose it is. */
    record Sealed(Buffer bytes, SecretOwner owner) {}

    /** As {@link PgIdempotencyKeys#once}. */
    Future<Kept> once(
            SqlClient client, String namespace, Optional<IdempotencyKey> key, Supplier<Future<StoredAnswer>> work) {
        return key.map(given -> once(client, namespace, given, work))
                .orElseGet(() -> work.get().map(Answered::first).map(Kept::open));
    }

    private Future<Kept> once(
            SqlClient client, String namespace, IdempotencyKey key, Supplier<Future<StoredAnswer>> work) {
        Place place = Place.of(namespace, key);
        return PgIdempotencyKeys.once(client, namespace, Optional.of(key), () -> work.get()
                        .compose(answer -> seal(client, place, answer).map(done -> withBody(answer, Buffer.buffer()))))
                .compose(answered -> kept(client, place, answered));
    }

    /** The answer to what was claimed with this key; empty while there is none. */
    Future<Optional<Kept>> found(SqlClient client, String namespace, IdempotencyKey key, PgIdempotencyKeys.Used used) {
        return used.answer()
                .map(answer -> kept(client, Place.of(namespace, key), new Answered(answer, true))
                        .map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    /** As {@link PgIdempotencyKeys#answer}; whether it was the first is told with it. */
    Future<Kept> answer(SqlClient client, String sessionId, StoredAnswer answer) {
        StoredAnswer empty = withBody(answer, Buffer.buffer());
        Kept first = Kept.open(Answered.first(answer));
        return Postgres.on(
                        client, ROW_OF, Parameters.of("session_id", sessionId).map())
                .map(rows -> Rows.first(rows).map(Place::of))
                .compose(place -> place.isEmpty()
                        ? Future.succeededFuture(first)
                        : PgIdempotencyKeys.answer(client, sessionId, empty)
                                .compose(stored -> stored == empty
                                        ? seal(client, place.get(), answer).map(first)
                                        : kept(client, place.get(), new Answered(stored, true))));
    }

    /** The answer with its body; fails with {@link Reason#INTERNAL} when that does not open. */
    Future<Answered> opened(Kept kept) {
        StoredAnswer answer = kept.answered().answer();
        return kept.body()
                .map(body -> vault.open(body.bytes(), body.owner())
                        .map(clear -> new Answered(
                                withBody(answer, Buffer.buffer(clear.reveal())),
                                kept.answered().replayed())))
                .orElseGet(() -> Future.succeededFuture(kept.answered()));
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

    private static Future<Kept> kept(SqlClient client, Place place, Answered answered) {
        return Postgres.on(client, FIND, place.parameters().map())
                .map(rows -> Rows.first(rows)
                        .orElseThrow(() -> new GatewayException(Reason.INTERNAL, "An answer was not sealed")))
                .map(row -> new Kept(answered, Optional.of(new Sealed(row.getBuffer("sealed"), place.owner()))));
    }

    private static StoredAnswer withBody(StoredAnswer answer, Buffer body) {
        return new StoredAnswer(answer.status(), answer.contentType(), body, answer.location());
    }
}
