package io.checkoutgateway.http.feed;

import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.feed.FeedEntry;
import io.checkoutgateway.feed.FeedPage;
import io.checkoutgateway.feed.Scope;
import io.checkoutgateway.feed.Subscription;
import io.checkoutgateway.http.StreamedBody;
import io.checkoutgateway.settings.FeedSettings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's stream. It takes a page of the feed when there is news and room for it, never more, so that a reader who
 * is slow costs one page and not the whole feed. Everything happens on the event loop of its request.
 */
final class EventStream implements StreamedBody {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Streams that began together after a restart should not end together. */
    private static final double AGE_JITTER = 0.1;

    private final Vertx vertx;
    private final Feed feed;
    private final FeedSettings settings;
    private final Beginning beginning;
    private final Scope scope;
    private final Consumer<EventStream> leave;
    private final Promise<Void> stop = Promise.promise();
    private @Nullable Subscription subscription;
    private long heartbeat = -1;
    private long age = -1;
    private long position;
    private boolean reading;
    private boolean news;
    private boolean over;

    EventStream(Vertx vertx, Feed feed, FeedSettings settings, Beginning beginning, Consumer<EventStream> leave) {
        this.vertx = vertx;
        this.feed = feed;
        this.settings = settings;
        this.beginning = beginning;
        this.scope = beginning.scope();
        this.position = beginning.position();
        this.leave = leave;
    }

    @Override
    public void start(HttpServerResponse answer) {
        if (beginning.over()) {
            end(answer, beginning.frames());
            return;
        }
        Context loop = vertx.getOrCreateContext();
        send(answer, beginning.frames());
        answer.drainHandler(drained -> readOn(answer, loop));
        subscription = feed.subscribe(scope, () -> loop.runOnContext(told -> read(answer, loop)));
        heartbeat = vertx.setPeriodic(settings.heartbeat().toMillis(), beat -> beat(answer, loop));
        age = vertx.setTimer(ageMillis(settings.streamAge()), old -> end(answer, Buffer.buffer()));
        stop.future().onSuccess(asked -> loop.runOnContext(turn -> end(answer, Buffer.buffer())));
        read(answer, loop);
    }

    private static long ageMillis(Duration age) {
        double factor = 1 + ThreadLocalRandom.current().nextDouble(-AGE_JITTER, AGE_JITTER);
        return Math.max(1, Math.round(age.toMillis() * factor));
    }

    private void readOn(HttpServerResponse answer, Context loop) {
        if (news) {
            read(answer, loop);
        }
    }

    private void read(HttpServerResponse answer, Context loop) {
        news = true;
        if (!over && !reading && !answer.writeQueueFull()) {
            reading = true;
            news = false;
            feed.read(scope, position)
                    .onComplete(page -> loop.runOnContext(turn -> {
                        reading = false;
                        took(answer, loop, page);
                    }));
        }
    }

    /** While the table cannot be read the stream stays, and the next heartbeat tries again. */
    private void took(HttpServerResponse answer, Context loop, AsyncResult<FeedPage> page) {
        if (over || page.failed()) {
            return;
        }
        write(answer, page.result());
        if (page.result().more() || news) {
            read(answer, loop);
        }
    }

    private void write(HttpServerResponse answer, FeedPage page) {
        Buffer frames = Buffer.buffer();
        for (FeedEntry entry : page.entries()) {
            boolean last = scope.sessionId() != null && entry.isFinal();
            EventId id = last ? EventId.lastAt(entry.position()) : EventId.at(entry.position());
            frames.appendString(Frames.event(id, entry.type(), entry.data()));
            if (last) {
                end(answer, frames);
                return;
            }
        }
        position = page.position();
        if (frames.length() > 0) {
            send(answer, frames);
        }
    }

    /**
     * Looks for news too: an announcement may have been lost. A reader who leaves no room gets no sign of life either:
     * to the server the connection is then idle, and it is closed after a while.
     */
    private void beat(HttpServerResponse answer, Context loop) {
        if (!over && !answer.writeQueueFull()) {
            send(answer, Frames.heartbeat(EventId.at(position)));
            read(answer, loop);
        }
    }

    private static void send(HttpServerResponse answer, Buffer frames) {
        answer.write(frames).onFailure(EventStream::gone);
    }

    private void end(HttpServerResponse answer, Buffer frames) {
        if (!over) {
            over = true;
            answer.end(frames).onFailure(EventStream::gone);
        }
    }

    /** The reader left in the middle, which is its right; {@link #ended} hears of it too. */
    private static void gone(Throwable failure) {
        LOG.atDebug()
                .addKeyValue("reason", String.valueOf(failure.getMessage()))
                .log("a stream's reader is gone");
    }

    /** Ends the stream from the server's side, from any thread; its reader comes again, to another replica. */
    void stop() {
        stop.tryComplete();
    }

    @Override
    public void ended() {
        over = true;
        vertx.cancelTimer(heartbeat);
        vertx.cancelTimer(age);
        if (subscription != null) {
            subscription.close();
        }
        leave.accept(this);
    }
}
