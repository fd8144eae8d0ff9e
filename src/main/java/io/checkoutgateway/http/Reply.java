package io.checkoutgateway.http;

import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer, ready to be written.
 *
 * @param body empty when there is none, and when the body is streamed
 * @param stream what writes the body bit by bit; {@code null} when the body is known
 */
public record Reply(
        int status, String contentType, Buffer body, Map<String, String> headers, @Nullable StreamedBody stream) {
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final String LOCATION = "Location";

    /** An answer whose body is known. */
    public Reply(int status, String contentType, Buffer body, Map<String, String> headers) {
        this(status, contentType, body, headers, null);
    }

    /** An answer whose body is written from now on, for as long as its reader stays. */
    public static Reply streamed(String contentType, StreamedBody stream) {
        return new Reply(200, contentType, Buffer.buffer(), Map.of(), stream);
    }

    /** An answer that has nothing to say. */
    public static Reply noContent() {
        return new Reply(204, Wire.JSON, Buffer.buffer(), Map.of());
    }

    /** An answer with one of the contract's models. */
    public static Reply json(int status, Object model) {
        return new Reply(status, Wire.JSON, Wire.encode(model), Map.of());
    }

    /** An answer that was or will be stored under an idempotency key, byte for byte. */
    public static Reply stored(Answered answered) {
        StoredAnswer answer = answered.answer();
        Reply reply = new Reply(answer.status(), answer.contentType(), answer.body(), Map.of());
        String location = answer.location();
        Reply located = location == null ? reply : reply.with(LOCATION, location);
        return answered.replayed() ? located.with(REPLAYED, "true") : located;
    }

    /** An answer that says only that nothing changed. */
    public static Reply notModified(String etag) {
        return new Reply(304, Wire.JSON, Buffer.buffer(), Map.of("ETag", etag));
    }

    /** The same answer with one more header. */
    public Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, body, more, stream);
    }

    /** Answers the request, unless its sender is gone. */
    void writeTo(RoutingContext context) {
        if (context.response().closed()) {
            if (stream != null) {
                stream.ended();
            }
            return;
        }
        context.response().setStatusCode(status);
        headers.forEach(context.response()::putHeader);
        if (body.length() > 0 || stream != null) {
            context.response().putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        }
        if (stream == null) {
            context.response().end(body).onFailure(context::fail);
        } else {
            stream(context, stream);
        }
    }

    private static void stream(RoutingContext context, StreamedBody stream) {
        RequestGate.streams(context);
        context.addEndHandler(over -> stream.ended());
        stream.start(context.response().setChunked(true));
    }
}
