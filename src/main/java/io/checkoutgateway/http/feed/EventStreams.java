package io.checkoutgateway.http.feed;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.StreamedBody;
import io.checkoutgateway.settings.FeedSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams that this process serves: no more than it may, and none when it stops. */
public final class EventStreams {
    private static final String EVENT_STREAM = "text/event-stream";

    /** Streams end one by one; the next replica may have room at once. */
    private static final Duration WHEN_FULL = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Feed feed;
    private final FeedSettings settings;
    private final Set<Place> taken = new HashSet<>();
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
        return taken.size();
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
        if (taken.size() >= settings.streamsMax()) {
            throw GatewayException.retryable(
                    Reason.TOO_MANY_STREAMS,
                    "%d streams are open, which is as many as one process serves".formatted(taken.size()),
                    WHEN_FULL);
        }
        Place place = new Place(beginning);
        taken.add(place);
        // Proxies that gather an answer before they pass it on would keep events from their readers.
        return Reply.streamed(EVENT_STREAM, place).with("X-Accel-Buffering", "no");
    }

    private synchronized void leave(Place place) {
        taken.remove(place);
    }

    /** A place for one stream, taken before the stream begins. */
    private final class Place implements StreamedBody {
        private final Beginning beginning;
        private final Promise<Void> stop = Promise.promise();
        private @Nullable EventStream stream;

        Place(Beginning beginning) {
            this.beginning = beginning;
        }

        @Override
        public void start(HttpServerResponse response) {
            EventStream begun = new EventStream(vertx, feed, settings, beginning, response);
            stream = begun;
            begun.begin(beginning);
            stop.future().onSuccess(asked -> begun.stop());
        }

        @Override
        public void ended() {
            if (stream != null) {
                stream.close();
            }
            leave(this);
        }
    }

    /** Ends every stream now, and begins none any more: their readers find another replica. */
    public void close() {
        List<Place> last;
        synchronized (this) {
            closed = true;
            last = List.copyOf(taken);
        }
        last.forEach(place -> place.stop.complete());
    }
}
