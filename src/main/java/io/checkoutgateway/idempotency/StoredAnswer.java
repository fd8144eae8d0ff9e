package io.checkoutgateway.idempotency;

import io.vertx.core.buffer.Buffer;

/**
 * An answer as it was first given, so that a repeated request gets the same bytes.
 *
 * @param status the HTTP status
 * @param contentType the media type of the body
 */
public record StoredAnswer(int status, String contentType, Buffer body) {
    /** Whether the request was done, as opposed to refused. */
    public boolean successful() {
        return status >= 200 && status < 300;
    }
}
