package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forgets events by walking up their ids to where those begin that are still kept. What waits for a person stays behind:
 * the walk remembers how far it came, so that the next step does not begin with those again, nor with the index entries
 * of what was forgotten and is not vacuumed yet.
 */
final class OldEvents {
    /** How many events a step walks over: few enough that the locks of those it forgets are gone in a moment. */
    static final int STEP = 1_000;

    /** What was passed and is settled since is forgotten by the next walk. */
    static final Duration WALK = Duration.ofDays(1);

    /** The ids are an array to the planner, and never so many that it reads the table for them. */
    static final String FORGET =
            """
            WITH step AS MATERIALIZED (
                SELECT id FROM stripe_events
                WHERE id >= #{from} AND id < #{place}
                ORDER BY id
                LIMIT %d
            ), old AS MATERIALIZED (
                SELECT id FROM stripe_events
                WHERE id = ANY (ARRAY(SELECT id FROM step)) AND state IN ('applied', 'ignored')
                FOR UPDATE SKIP LOCKED
            ), forgotten AS (
                DELETE FROM stripe_events WHERE id = ANY (ARRAY(SELECT id FROM old))
            )
            SELECT count(*) AS walked, max(id) AS last FROM step
            """
                    .formatted(STEP);

    private final Postgres postgres;
    private final EventPlaces places;
    private final LongSupplier nanos;
    private @Nullable Long begun;
    private long from;

    /** @param nanos a clock as {@link System#nanoTime} */
    OldEvents(Postgres postgres, LongSupplier nanos) {
        this.postgres = postgres;
        this.places = new EventPlaces(postgres);
        this.nanos = nanos;
    }

    /** Takes a step; tells whether there may be another to take. */
    Future<Boolean> forget(Duration retention) {
        long beginning = beginning();
        return places.before(retention)
                .compose(place -> postgres.query(FORGET, Map.of("from", beginning, "place", place)))
                .map(rows -> passed(rows.iterator().next()));
    }

    private synchronized long beginning() {
        long now = nanos.getAsLong();
        if (begun == null || now - begun >= WALK.toNanos()) {
            begun = now;
            from = 0;
        }
        return from;
    }

    private synchronized boolean passed(Row step) {
        Long last = step.getLong("last");
        if (last != null) {
            from = last + 1;
        }
        return step.getLong("walked") == STEP;
    }
}
