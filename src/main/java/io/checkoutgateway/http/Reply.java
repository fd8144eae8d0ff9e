package io.checkoutgateway.http;

import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer, ready to be written. */
public record Reply(int status, String contentType, Buffer body, Map<String, String> headers) {
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final String LOCATION = "Location";

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
        return new Reply(status, contentType, body, more);
    }
}
