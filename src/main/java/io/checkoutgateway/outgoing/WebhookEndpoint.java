package io.checkoutgateway.outgoing;

import io.checkoutgateway.failure.GatewayException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Someone who is told of news. Its secrets are not part of it.
 *
 * @param place its place in lists; grows with each endpoint
 * @param url as it was registered
 * @param eventTypes the types it is told of; empty for all
 * @param disabled why and since when it is told nothing; {@code null} while it is
 * @param failingSince since when no attempt succeeded; {@code null} after a success, and before the first attempt
 * @param version changes with everything that callers can change
 */
public record WebhookEndpoint(
        String id,
        long place,
        String url,
        @Nullable String description,
        List<String> eventTypes,
        @Nullable Disabled disabled,
        @Nullable Instant failingSince,
        Instant createdAt,
        Instant updatedAt,
        long version) {

    public WebhookEndpoint {
        eventTypes = List.copyOf(eventTypes);
    }

    /** What is told of an endpoint that is not there. */
    public static GatewayException missing() {
        return new GatewayException(io.checkoutgateway.failure.Reason.NOT_FOUND, "No webhook endpoint has this id");
    }

    /** Why an endpoint is told nothing. */
    public enum Reason {
        /** A caller disabled it. */
        REQUESTED,
        /** It answered 410. */
        GONE,
        /** It failed for too long. */
        FAILING;

        /** The word that the API, the table and the metrics use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** That it is told nothing, and since when. */
    public record Disabled(Reason reason, Instant at) {}
}
