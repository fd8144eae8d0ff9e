package io.checkoutgateway.store;

import io.checkoutgateway.failure.Failures;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
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
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    /** Who closes connections sooner than this after the last one was lost closes the next too: it waits for a look. */
    static final Duration OFTEN = Duration.ofSeconds(1);

    private final Postgres postgres;
    private final Duration signOfLife;
    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Long> lostNanos = new AtomicReference<>();
    private volatile @Nullable PgConnection connection;
    private volatile Runnable lost = () -> {};

    public PgFeedListener(Postgres postgres) {
        this(postgres, SIGN_OF_LIFE, System::nanoTime);
    }

    /** @param nanos a clock as {@link System#nanoTime} */
    PgFeedListener(Postgres postgres, Duration signOfLife, LongSupplier nanos) {
        this.postgres = postgres;
        this.signOfLife = signOfLife;
        this.nanos = nanos;
    }

    /**
     * Whom to tell that the connection was lost, so that another is opened at once and not with the next look. Nobody is
     * told of one that is given up here, nor of a second loss within {@link #OFTEN}.
     */
    public void onLost(Runnable lost) {
        this.lost = lost;
    }

    /**
     * Sees to it that news are heard: asks the connection for a sign of life, and opens one where none answers.
     *
     * @param bell called with each announcement, and when a connection was opened, since some may have been missed
     */
    public Future<Void> listen(Runnable bell) {
        PgConnection known = connection;
        return known == null ? open(bell) : check(known).recover(dead -> open(bell));
    }

    private Future<Void> open(Runnable bell) {
        return postgres.connect().compose(opened -> {
            opened.notificationHandler(news -> bell.run());
            opened.closeHandler(closed -> {
                if (forget(opened) && isSeldom()) {
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
                .timeout(signOfLife.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> drop(known));
    }

    private void drop(PgConnection dead) {
        boolean ignored = forget(dead);
        dead.close().onFailure(failure -> Failures.note(LOG.atDebug(), failure)
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

    private boolean isSeldom() {
        long now = nanos.getAsLong();
        Long before = lostNanos.getAndSet(now);
        return before == null || now - before >= OFTEN.toNanos();
    }

    /** Stops hearing. */
    public Future<Void> close() {
        PgConnection known = connection;
        return known != null && forget(known) ? known.close() : Future.succeededFuture();
    }
}
