package io.checkoutgateway.outgoing;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of sending a message once.
 *
 * @param status HTTP's; {@code null} when there was no answer
 * @param retryAfter what the endpoint asked for; {@code null} when it did not
 * @param took from the look-up of the host to the answer
 */
public record Attempt(Result result, @Nullable Integer status, @Nullable Duration retryAfter, Duration took) {

    /** How it went. */
    public enum Result {
        /** The answer was a 2xx. */
        DELIVERED,
        /** The answer was 410: the endpoint wants no more messages. */
        GONE,
        /** The answer was another one; redirects are not followed. */
        STATUS,
        /** There was no answer in time. */
        TIMEOUT,
        /** The host's name was not found. */
        NAME,
        /** The URL leads where no message may be sent. */
        ADDRESS,
        /** Nobody listens there. */
        CONNECT,
        /** The host could not prove who it is, or speaks no TLS. */
        TLS,
        /** The connection was lost, or what came was no HTTP. */
        BROKEN,
        /** The secret to sign with could not be opened; nothing was sent. */
        SECRET;

        /** The word that the API, the table and the metrics use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean delivered() {
        return result == Result.DELIVERED;
    }

    /** Why there was no answer; {@code null} when there was one. */
    public @Nullable String error() {
        return status == null ? result.word() : null;
    }
}
