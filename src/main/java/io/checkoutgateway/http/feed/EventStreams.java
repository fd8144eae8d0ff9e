package io.checkoutgateway.http.feed;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.settings.FeedSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The streams that this process serves: no more than it may, and none when it stops. */
public final class EventStreams {
    private static final String EVENT_STREAM = "text/event-stream";

    /** Streams end one by one; the next replica may have room at once. */
    private static final Duration WHEN_FULL = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Feed feed;
    private final FeedSettings settings;
    private final Set<EventStream> open = new HashSet<>();
    private boolean closed;

    public EventStreams(Vertx vertx, Feed feed, FeedSettings settings, MeterRegistry metrics) {
        this.vertx = vertx;
        this.feed = feed;
        this.settings = settings;
        Gauge.builder("gateway.feed.streams", this::count)
                .description("Streams of changes that are open")
                .register(metrics);
    }

    private synchronized int count() {
        return open.size();
    }

    /**
     * The answer that is this stream.
     *
     * @throws GatewayException with {@link Reason#TOO_MANY_STREAMS}, or {@link Reason#SHUTTING_DOWN}
     */
    synchronized Reply reply(Beginning beginning) {
        if (closed) {
            throw GatewayException.retryable(Reason.SHUTTING_DOWN, "The gateway is being stopped", WHEN_FULL);
        }
        if (open.size() >= settings.streamsMax()) {
            throw GatewayException.retryable(
                    Reason.TOO_MANY_STREAMS,
                    "%d streams are open, which is as many as one process serves".formatted(open.size()),
                    WHEN_FULL);
        }
        EventStream stream = new EventStream(vertx, feed, settings, beginning, this::left);
        open.add(stream);
        // Proxies that gather an answer before they pass it on would keep events from their readers.
        return Reply.streamed(EVENT_STREAM, stream).with("X-Accel-Buffering", "no");
    }

    private synchronized void left(EventStream stream) {
        open.remove(stream);
    }

    /** Ends every stream now, and begins none any more: their readers find another replica. */
    public void close() {
        List<EventStream> last;
        synchronized (this) {
            closed = true;
            last = List.copyOf(open);
        }
        last.forEach(EventStream::stop);
    }
}
