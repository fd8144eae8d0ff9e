package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of {@code customer_subjects}, as steps of other classes' transactions. */
final class CustomerSubjectRows {
    /** In one order for all, so that two who want the same ones wait for each other in turn. */
    private static final String ADD =
            """
            INSERT INTO customer_subjects (namespace, subject_key, customer_id)
            SELECT #{namespace}, wanted.subject_key, #{id}
            FROM unnest(#{subject_keys}::text[]) AS wanted (subject_key)
            WHERE NOT EXISTS (
                SELECT 1 FROM customer_subjects present
                WHERE present.namespace = #{namespace} AND present.subject_key = wanted.subject_key
                  AND present.customer_id = #{id})
            ORDER BY wanted.subject_key
            """;

    private static final String FREE_OTHERS =
            """
            DELETE FROM customer_subjects
            WHERE namespace = #{namespace} AND customer_id = #{id} AND subject_key <> ALL (#{subject_keys}::text[])
            """;

    private CustomerSubjectRows() {}

    /** Gives the customer these subjects; fails with a violation of {@code customer_subjects_pkey} when one is taken. */
    static Future<Void> add(SqlConnection connection, String namespace, String id, @Nullable List<String> subjectKeys) {
        return subjectKeys == null || subjectKeys.isEmpty()
                ? Future.succeededFuture()
                : Postgres.on(connection, ADD, parametersOf(namespace, id, subjectKeys))
                        .mapEmpty();
    }

    /** Leaves the customer these subjects and no others; fails like {@link #add}. */
    static Future<Void> replace(
            SqlConnection connection, String namespace, String id, @Nullable List<String> subjectKeys) {
        List<String> wanted = subjectKeys == null ? List.of() : subjectKeys;
        return Postgres.on(connection, FREE_OTHERS, parametersOf(namespace, id, wanted))
                .compose(freed -> add(connection, namespace, id, wanted));
    }

    private static Map<String, Object> parametersOf(String namespace, String id, List<String> subjectKeys) {
        return Map.of("namespace", namespace, "id", id, "subject_keys", subjectKeys.toArray(String[]::new));
    }
}
