package io.checkoutgateway.idempotency;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it was first given, so that a repeated request gets the same bytes.
 *
 * @param status the HTTP status
 * @param contentType the media type of the body
 * @param location where what was made can be read; {@code null} when nothing was
 */
public record StoredAnswer(int status, String contentType, Buffer body, @Nullable String location) {
    /** An answer to a request that made nothing. */
    public StoredAnswer(int status, String contentType, Buffer body) {
        this(status, contentType, body, null);
    }

    /** Whether the request was done, as opposed to refused. */
    public boolean successful() {
        return status >= 200 && status < 300;
    }
}
