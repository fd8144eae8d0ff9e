package io.checkoutgateway.http.feed;

import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.feed.FeedEntry;
import io.checkoutgateway.feed.FeedPage;
import io.checkoutgateway.feed.Scope;
import io.checkoutgateway.feed.Subscription;
import io.checkoutgateway.settings.FeedSettings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's stream. It takes a page of the feed when there is news and room for it, never more, so that a reader who
 * is slow costs one page and not the whole feed. Everything happens on the event loop of its request.
 */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Streams that began together after a restart should not end together. */
    private static final double AGE_JITTER = 0.1;

    private static final Buffer NOTHING_MORE = Buffer.buffer();

    private final Vertx vertx;
    private final Context loop;
    private final Feed feed;
    private final Scope scope;
    private final HttpServerResponse response;
    private final Subscription subscription;
    private final long heartbeat;
    private final long age;
    private long position;
    private long sequence;
    private boolean reading;
    private boolean news;
    private boolean over;

    /** On the event loop of its request. */
    EventStream(Vertx vertx, Feed feed, FeedSettings settings, Beginning beginning, HttpServerResponse response) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.feed = feed;
        this.scope = beginning.scope();
        this.position = beginning.position();
        this.sequence = scope.afterSequence();
        this.response = response;
        this.subscription = feed.subscribe(scope, () -> loop.runOnContext(told -> read()));
        this.heartbeat = vertx.setPeriodic(settings.heartbeat().toMillis(), beat -> beat());
        this.age = vertx.setTimer(ageMillis(settings.streamAge()), old -> end(NOTHING_MORE));
    }

    private static long ageMillis(Duration age) {
        double factor = 1 + ThreadLocalRandom.current().nextDouble(-AGE_JITTER, AGE_JITTER);
        return Math.max(1, Math.round(age.toMillis() * factor));
    }

    /** Writes what comes first, and what follows when there is something. */
    void begin(Beginning beginning) {
        if (beginning.over()) {
            end(beginning.frames());
        } else {
            response.drainHandler(drained -> drained());
            send(beginning.frames());
            read();
        }
    }

    private void drained() {
        if (news) {
            read();
        }
    }

    private void read() {
        news = true;
        if (!over && !reading && !response.writeQueueFull()) {
            reading = true;
            news = false;
            feed.read(scope, position).onComplete(page -> loop.runOnContext(turn -> took(page)));
        }
    }

    private void took(AsyncResult<FeedPage> page) {
        reading = false;
        if (page.failed()) {
            // The stream stays, and the next heartbeat tries again.
            LOG.atDebug().setCause(page.cause()).log("the feed cannot be read now");
        } else if (!over) {
            write(page.result());
            if (page.result().more() || news) {
                read();
            }
        }
    }

    private void write(FeedPage page) {
        Buffer frames = Buffer.buffer();
        for (FeedEntry entry : page.entries()) {
            boolean last = scope.sessionId() != null && entry.isFinal();
            EventId id = last ? EventId.lastAt(entry.position()) : EventId.at(entry.position());
            frames.appendString(Frames.event(id, entry.type(), entry.data()));
            // What was published before this entry is older than it, also where the reader began ahead of the feed.
            sequence = 0;
            if (last) {
                end(frames);
                return;
            }
        }
        position = page.position();
        if (frames.length() > 0) {
            send(frames);
        }
    }

    /**
     * Looks for news too: an announcement may have been lost. A reader who leaves no room gets no sign of life either:
     * to the server the connection is then idle, and it is closed after a while.
     */
    private void beat() {
        if (!over && !response.writeQueueFull()) {
            send(Frames.heartbeat(EventId.at(position, sequence)));
            read();
        }
    }

    private void send(Buffer frames) {
        response.write(frames).onFailure(EventStream::gone);
    }

    private void end(Buffer frames) {
        if (!over) {
            over = true;
            response.end(frames).onFailure(EventStream::gone);
        }
    }

    /** The reader left in the middle, which is its right. */
    private static void gone(Throwable failure) {
        Failures.note(LOG.atDebug(), failure).log("a stream's reader is gone");
    }

    /** Ends the stream from the server's side, from any thread; its reader comes again, to another replica. */
    void stop() {
        loop.runOnContext(turn -> end(NOTHING_MORE));
    }

    /** The answer is over, whoever ended it. */
    void close() {
        over = true;
        vertx.cancelTimer(heartbeat);
        vertx.cancelTimer(age);
        subscription.close();
    }
}
