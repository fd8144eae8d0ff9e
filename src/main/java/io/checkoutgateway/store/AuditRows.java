package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the audit trail, always on the connection of the change that it tells of: both are committed, or neither. */
final class AuditRows {
    /** The states are given as jsonb's own text, in which the order of members does not depend on the writer. */
    private static final String APPEND =
            """
            WITH entry AS (
                INSERT INTO audit_log (namespace, actor, action, resource, request_id, before_hash, after_hash)
                VALUES (#{namespace}, #{actor}, #{action}, #{resource}, #{request_id},
                        sha256(convert_to(#{before}, 'UTF8')), sha256(convert_to(#{after}, 'UTF8')))
                RETURNING id
            )
            INSERT INTO audit_unchained (entry_id) SELECT id FROM entry
            """;

    /** The column in which a statement returns all that a row holds, for {@link #around}. */
    static final String SNAPSHOT = "snapshot";

    private AuditRows() {}

    /**
     * Changes one row and adds an entry with its states before and after.
     *
     * @param lock finds and locks the row, and returns its {@value #SNAPSHOT} before
     * @param change changes the row, and returns its {@value #SNAPSHOT} after, beside whatever else
     * @return what the change returned; empty, and nothing is noted, when there is no such row or it was not changed
     */
    static Future<Optional<Row>> around(
            SqlClient connection,
            Actor actor,
            String action,
            String resource,
            String lock,
            String change,
            Map<String, Object> parameters) {
        return Postgres.on(connection, lock, parameters).compose(locked -> Rows.first(locked)
                .map(before -> Postgres.on(connection, change, parameters).compose(changed -> Rows.first(changed)
                        .map(after -> append(
                                        connection,
                                        actor,
                                        action,
                                        resource,
                                        before.getString(SNAPSHOT),
                                        after.getString(SNAPSHOT))
                                .map(Optional.of(after)))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty()))))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    /**
     * Adds an entry.
     *
     * @param action the thing and what happened to it, such as {@code customer.created}
     * @param resource the thing's kind and id, such as {@code customer:01J…}
     * @param before the row before, as {@code to_jsonb(row)::text}; {@code null} when there was none
     * @param after the row after; {@code null} when there is none any more
     */
    static Future<Void> append(
            SqlClient connection,
            Actor actor,
            String action,
            String resource,
            @Nullable String before,
            @Nullable String after) {
        return Postgres.on(
                        connection,
                        APPEND,
                        Parameters.of("namespace", actor.namespace())
                                .and("actor", actor.name())
                                .and("action", action)
                                .and("resource", resource)
                                .and("request_id", actor.requestId())
                                .and("before", before)
                                .and("after", after)
                                .map())
                .mapEmpty();
    }
}
