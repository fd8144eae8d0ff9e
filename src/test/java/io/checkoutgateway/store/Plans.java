package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How Postgres goes about a statement, and what it came to. */
final class Plans {
    private Plans() {}

    /** @param mode {@code generic}: the plan for any values; {@code custom}: that for these */
    static String of(Postgres postgres, String sql, Map<String, Object> parameters, String mode) {
        NamedStatement statement = NamedStatement.of(sql);
        List<String> literals = statement.names().stream()
                .map(name -> literal(parameters.get(name)))
                .toList();
        return await(postgres.inTransaction(connection -> Postgres.statement(
                        connection, "SET LOCAL plan_cache_mode = force_" + mode + "_plan")
                .compose(set -> Postgres.statement(connection, "PREPARE asked AS " + statement.sql()))
                .compose(prepared -> connection
                        .query("EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked(" + String.join(",", literals) + ")")
                        .execute())
                .compose(rows -> {
                    StringBuilder text = new StringBuilder();
                    rows.forEach(row -> text.append(row.getString(0)).append('\n'));
                    return Postgres.statement(connection, "DEALLOCATE asked").map(text.toString());
                })));
    }

    private static String literal(@Nullable Object value) {
        if (value instanceof String[] texts) {
            return "ARRAY['" + String.join("','", texts) + "']";
        }
        return value instanceof Number ? value.toString() : "'" + value + "'";
    }
}
