package io.checkoutgateway.store;

import io.checkoutgateway.checkout.Observation;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/**
 * The turn to bring the first news of a session, or news of what an unknown session follows: whoever comes second sees
 * what the first one wrote. A transaction keeps it until its end.
 *
 * @param followed the SetupIntent, PaymentIntent or Subscription that tells of the session
 */
record Turn(String appId, String followed) {
    private static final String KEY = "hashtextextended(#{app_id} || '/' || #{followed}, 0)";
    private static final String AWAIT = "SELECT pg_advisory_xact_lock(" + KEY + ")";
    private static final String TRY = "SELECT pg_try_advisory_xact_lock(" + KEY + ") AS taken";

    /**
     * Takes it: before any row is locked that belongs to either news, or after the session's was written. While another
     * transaction has it, a reading waits. An event fails with {@link OutOfTurn}: it must not wait with rows of
     * {@code stripe_events} in hand, where whoever has the turn may be about to have other events heard again.
     */
    Future<?> take(SqlConnection connection, Observation.Source source) {
        return source == Observation.Source.EVENT ? takeNow(connection) : Postgres.on(connection, AWAIT, parameters());
    }

    private Future<?> takeNow(SqlConnection connection) {
        return Postgres.on(connection, TRY, parameters())
                .compose(rows -> rows.iterator().next().getBoolean("taken")
                        ? Future.succeededFuture()
                        : Future.failedFuture(new OutOfTurn(this)));
    }

    /** Until nobody has it, and with nothing in hand. */
    Future<?> await(Postgres postgres) {
        return postgres.query(AWAIT, parameters());
    }

    private Map<String, Object> parameters() {
        return Map.of("app_id", appId, "followed", followed);
    }
}
