package io.checkoutgateway;

import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.feed.FeedRelay;
import io.checkoutgateway.settings.FeedSettings;
import io.checkoutgateway.store.PgFeedListener;
import io.checkoutgateway.store.PgOutbox;
import io.checkoutgateway.store.Postgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The feed's work in the background: publish what this replica wrote as soon as it is committed, hear what any replica
 * published, read it.
 */
final class FeedLoops {
    /** How late news may be at worst, when every announcement is lost. */
    private static final Duration READ_INTERVAL = Duration.ofSeconds(2);

    /** How long a connection that died silently may go unnoticed; the interval above covers for it. */
    private static final Duration LISTEN_INTERVAL = Duration.ofSeconds(5);

    private static final Duration BREATH = Duration.ofMillis(25);

    private final Vertx vertx;
    private final Postgres postgres;
    private final FeedRelay relay;
    private final PgFeedListener listener;
    private final Loop relayLoop;
    private final Loop readLoop;
    private final Loop listenLoop;
    private volatile Runnable news = () -> {};

    FeedLoops(Vertx vertx, Postgres postgres, Feed feed, FeedSettings settings, MeterRegistry metrics) {
        this.vertx = vertx;
        this.postgres = postgres;
        this.relay = new FeedRelay(new PgOutbox(postgres), metrics, settings.interval());
        this.listener = new PgFeedListener(postgres);
        this.readLoop = new Loop(vertx, metrics, "feed", READ_INTERVAL, feed::runOnce);
        this.relayLoop = new Loop(vertx, metrics, "relay", settings.interval(), this::publish);
        this.listenLoop = new Loop(vertx, metrics, "listen", LISTEN_INTERVAL, () -> listener.listen(readLoop::wake)
                .map(false));
    }

    /** @param news whom to wake when this replica has published something */
    void start(Runnable news) {
        this.news = news;
        postgres.onCommit(relayLoop::wake);
        readLoop.start();
        relayLoop.start();
        listener.onLost(listenLoop::wake);
        listenLoop.start().wake();
    }

    /**
     * Publishes, and takes breath after a batch: under load a round for each change would cost a commit for each, and
     * nobody who reads a stream notices.
     */
    private Future<Boolean> publish() {
        return publishNow()
                .compose(count -> count == 0
                        ? Future.succeededFuture(false)
                        : vertx.timer(BREATH.toMillis(), TimeUnit.MILLISECONDS).map(true));
    }

    /** What was published here is read at once, whether the announcement arrives or not. */
    Future<Integer> publishNow() {
        return relay.runOnce().onSuccess(count -> {
            if (count > 0) {
                readLoop.wake();
                news.run();
            }
        });
    }

    Future<Void> stop() {
        return Future.join(relayLoop.stop(), readLoop.stop(), listenLoop.stop()).transform(stopped -> listener.close());
    }
}
