package io.checkoutgateway.store;

import io.checkoutgateway.events.EventLog;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where in the inbox a time begins. Ids grow with the time of arrival, so that no index on that is needed. */
final class EventPlaces {
    /**
     * Halves the ids until one is left: the first that arrived at this time or later. Gaps, which duplicates and
     * forgotten events leave, do no harm: the next id after the middle tells for the middle.
     */
    private static final String PLACE =
            """
            WITH RECURSIVE half (low, high) AS (
                SELECT coalesce(min(id), 1), coalesce(max(id), 0) + 1 FROM stripe_events
                UNION ALL
                SELECT CASE WHEN probe.received_at < wanted.at THEN probe.id + 1 ELSE half.low END,
                       CASE WHEN probe.received_at < wanted.at THEN half.high ELSE (half.low + half.high) / 2 END
                FROM half
                CROSS JOIN (SELECT coalesce(#{at}::timestamptz,
                                            now() - make_interval(secs => #{age_seconds}::float8)) AS at) wanted
                CROSS JOIN LATERAL (
                    SELECT id, received_at FROM stripe_events
                    WHERE id >= (half.low + half.high) / 2
                    ORDER BY id
                    LIMIT 1) probe
                WHERE half.low < half.high
            )
            SELECT max(low) AS place FROM half
            """;

    /** Ids are given out in the order of insertion, times in that of the transactions' beginnings. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    private final Postgres postgres;

    EventPlaces(Postgres postgres) {
        this.postgres = postgres;
    }

    /** The part of the list that lies in the filter's time, and a little around it. */
    Future<IdStretch> within(IdStretch all, @Nullable Instant from, @Nullable Instant to, EventLog.Part part) {
        Future<Long> low = from == null ? Future.succeededFuture(0L) : place(from.minus(SLACK));
        Future<Long> high = to == null ? Future.succeededFuture(Long.MAX_VALUE) : place(to.plus(SLACK));
        Future<Long> old = part.age().isZero() ? Future.succeededFuture(Long.MAX_VALUE) : place(part.age());
        return Future.all(low, high, old)
                .map(found -> all.within(low.result() - 1, Math.min(high.result(), old.result())));
    }

    /** Below it are none but events that arrived longer ago than this. */
    Future<Long> before(Duration age) {
        return place(age.plus(SLACK));
    }

    private Future<Long> place(Instant at) {
        return place(Parameters.of("at", Rows.utc(at)).map());
    }

    private Future<Long> place(Duration age) {
        return place(Map.of("age_seconds", Rows.seconds(age)));
    }

    private Future<Long> place(Map<String, Object> parameters) {
        return postgres.query(PLACE, parameters)
                .map(rows -> rows.iterator().next().getLong("place"));
    }
}
