package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of news through {@code LISTEN}, on a connection of its own. Losing it loses no entry: those who are told read
 * the table now and then anyway, so it only takes longer.
 */
public final class PgFeedListener {
    private static final Logger LOG = LoggerFactory.getLogger(PgFeedListener.class);

    private static final String LISTEN = "LISTEN checkout_feed";

    /** A connection that cannot say this much in this time is dead, whatever TCP believes. */
    private static final long SIGN_OF_LIFE_MILLIS = 5_000;

    private final Postgres postgres;
    private volatile @Nullable PgConnection connection;

    public PgFeedListener(Postgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Sees to it that news are heard: asks the connection for a sign of life, or opens one.
     *
     * @param bell called with each announcement, and when a connection was opened, since some may have been missed
     */
    public Future<Void> listen(Runnable bell) {
        PgConnection known = connection;
        return known == null ? open(bell) : check(known);
    }

    private Future<Void> open(Runnable bell) {
        return postgres.connect().compose(opened -> {
            opened.notificationHandler(news -> bell.run());
            opened.closeHandler(closed -> forget(opened));
            return Postgres.statement(opened, LISTEN)
                    .onSuccess(listening -> {
                        connection = opened;
                        LOG.atDebug().log("listening for the feed");
                        bell.run();
                    })
                    .onFailure(failure -> drop(opened));
        });
    }

    private Future<Void> check(PgConnection known) {
        return Postgres.statement(known, "SELECT 1")
                .timeout(SIGN_OF_LIFE_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(failure -> drop(known));
    }

    private void drop(PgConnection dead) {
        forget(dead);
        dead.close().onFailure(failure -> LOG.atDebug()
                .addKeyValue("reason", String.valueOf(failure.getMessage()))
                .log("a dead connection could not be closed"));
    }

    private synchronized void forget(PgConnection gone) {
        if (gone.equals(connection)) {
            connection = null;
        }
    }

    /** Stops hearing. */
    public Future<Void> close() {
        PgConnection known = connection;
        return known == null ? Future.succeededFuture() : known.close();
    }
}
