package io.checkoutgateway.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ids that one look at a list goes through. A filter that no index serves could otherwise walk through all rows for
 * a page that is never filled; an index for it would be paid for by every row that is written.
 *
 * @param low exclusive
 * @param high exclusive
 * @param next where the next look begins; {@code null} when this one reaches the end of the list
 */
record IdStretch(long low, long high, boolean descending, @Nullable Long next) {
    /** A tenth of a second when the rows are in memory, and far from the statement timeout when they are not. */
    static final int ROWS = 50_000;

    /** Only ids are read, from the primary key or from the partial index of the condition. */
    private static final String END =
            """
            SELECT id FROM %s
            WHERE id > #{low} AND id < #{high}
            ORDER BY id %s
            OFFSET %d LIMIT 1
            """;

    /** Few rows meet the condition, and they are found by its index: by the primary key all others would be walked over. */
    private static final String END_OF_FEW =
            """
            WITH few AS MATERIALIZED (SELECT id FROM %s WHERE %s AND id > #{low} AND id < #{high})
            SELECT id FROM few ORDER BY id %s OFFSET %d LIMIT 1
            """;

    /** Everything after this place, without an end: for what an index finds. */
    static IdStretch whole(long after, boolean descending) {
        return descending
                ? new IdStretch(0, after == 0 ? Long.MAX_VALUE : after, true, null)
                : new IdStretch(after, Long.MAX_VALUE, false, null);
    }

    /** The part of it that lies between these ids. */
    IdStretch within(long above, long below) {
        return new IdStretch(Math.max(low, above), Math.min(high, below), descending, next);
    }

    /**
     * As much of it as one look may go through.
     *
     * @param condition of a partial index whose rows alone count, such as {@code state = 'quarantined'}; empty for all
     */
    Future<IdStretch> bounded(Postgres postgres, String table, String condition) {
        return postgres.query(endOf(table, condition, descending), Map.of("low", low, "high", high))
                .map(rows ->
                        Rows.first(rows).map(row -> endingAt(row.getLong("id"))).orElse(this));
    }

    static String endOf(String table, String condition, boolean descending) {
        String order = descending ? "DESC" : "ASC";
        return condition.isEmpty()
                ? END.formatted(table, order, ROWS - 1)
                : END_OF_FEW.formatted(table, condition, order, ROWS - 1);
    }

    private IdStretch endingAt(long last) {
        return descending ? new IdStretch(last - 1, high, true, last) : new IdStretch(low, last + 1, false, last);
    }

    /**
     * The rows of the stretch that meet the conditions, in order; {@code low} and {@code high} are parameters.
     *
     * @param lookup whether an index leads to those that meet them. They are found first then: to Postgres, which plans
     *     for any stretch, most stretches are short, and walking through one seems as good
     */
    String rows(String alias, String table, List<String> conditions, boolean lookup) {
        String met = String.join(" AND ", conditions);
        String wanted = lookup
                ? "%1$s.id = ANY (ARRAY(SELECT %1$s.id FROM %2$s %1$s WHERE %3$s))".formatted(alias, table, met)
                : met;
        return "%2$s AND %1$s.id > #{low} AND %1$s.id < #{high} ORDER BY %1$s.id %3$s"
                .formatted(alias, wanted, descending ? "DESC" : "ASC");
    }
}
