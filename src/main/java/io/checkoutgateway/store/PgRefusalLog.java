package io.checkoutgateway.store;

import io.checkoutgateway.events.RefusalLog;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Refused deliveries in Postgres. */
public final class PgRefusalLog implements RefusalLog {
    private static final String NOTE =
            """
            INSERT INTO refused_deliveries AS known (app_id, reason, count, last_address)
            SELECT a.id, told.reason, told.count, told.last_address
            FROM unnest(#{app_ids}::text[], #{reasons}::text[], #{counts}::bigint[], #{addresses}::text[])
                 AS told (app_id, reason, count, last_address)
            JOIN apps a ON a.id = told.app_id
            ORDER BY a.id, told.reason
            ON CONFLICT (app_id, reason) DO UPDATE
            SET count = known.count + excluded.count,
                last_at = now(),
                last_address = coalesce(excluded.last_address, known.last_address)
            """;

    private static final String LIST =
            """
            SELECT r.number, r.app_id, r.reason, r.count, r.first_at, r.last_at, r.last_address
            FROM refused_deliveries r
            JOIN apps a ON a.id = r.app_id
            WHERE a.namespace = #{namespace} AND r.number > #{after}
            ORDER BY r.number
            LIMIT #{most}
            """;

    /** Some for each app: they are all forgotten at once. */
    private static final String FORGET =
            """
            DELETE FROM refused_deliveries WHERE last_at < now() - make_interval(secs => #{retention_seconds})
            """;

    private static final int ADDRESS_MAX = 64;

    private static final Comparator<Refused> IN_ORDER =
            Comparator.comparing(Refused::appId).thenComparing(Refused::reason);

    private final Postgres postgres;

    public PgRefusalLog(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Void> note(List<Refused> refused) {
        // In one order everywhere: two replicas that note the same must not wait for each other crosswise.
        List<Refused> ordered = refused.stream().sorted(IN_ORDER).toList();
        return postgres.query(
                        NOTE,
                        Parameters.of(
                                        "app_ids",
                                        ordered.stream().map(Refused::appId).toArray(String[]::new))
                                .and(
                                        "reasons",
                                        ordered.stream().map(Refused::reason).toArray(String[]::new))
                                .and(
                                        "counts",
                                        ordered.stream().map(Refused::count).toArray(Long[]::new))
                                .and(
                                        "addresses",
                                        ordered.stream()
                                                .map(PgRefusalLog::address)
                                                .toArray(String[]::new))
                                .map())
                .mapEmpty();
    }

    private static @Nullable String address(Refused refused) {
        String address = refused.lastAddress();
        return address == null || address.length() <= ADDRESS_MAX ? address : address.substring(0, ADDRESS_MAX);
    }

    @Override
    public Future<List<Entry>> list(String namespace, long after, int most) {
        return postgres.query(LIST, Map.of("namespace", namespace, "after", after, "most", most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgRefusalLog::entry)
                        .toList());
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.getLong("number"),
                new Refused(
                        row.getString("app_id"),
                        row.getString("reason"),
                        row.getLong("count"),
                        row.getString("last_address")),
                Rows.instantOf(row, "first_at"),
                Rows.instantOf(row, "last_at"));
    }

    @Override
    public Future<Boolean> forget(Duration retention) {
        return postgres.query(FORGET, Map.of("retention_seconds", (double) retention.toSeconds()))
                .map(false);
    }
}
