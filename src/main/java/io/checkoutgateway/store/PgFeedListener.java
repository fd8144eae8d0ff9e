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
    private volatile Runnable lost = () -> {};

    public PgFeedListener(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Whom to tell that the connection is gone, so that another is opened at once and not with the next look. */
    public void onLost(Runnable lost) {
        this.lost = lost;
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
            opened.closeHandler(closed -> {
                if (forget(opened)) {
                    lost.run();
                }
            });
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
        boolean ignored = forget(dead);
        dead.close().onFailure(failure -> LOG.atDebug()
                .addKeyValue("reason", String.valueOf(failure.getMessage()))
                .log("a dead connection could not be closed"));
    }

    /** Whether it was the one in use. */
    private synchronized boolean forget(PgConnection gone) {
        boolean used = gone.equals(connection);
        if (used) {
            connection = null;
        }
        return used;
    }

    /** Stops hearing. */
    public Future<Void> close() {
        PgConnection known = connection;
        return known == null ? Future.succeededFuture() : known.close();
    }
}
