package io.checkoutgateway.apps;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An app's endpoint at Stripe for the events of connected accounts, as far as the gateway registered one.
 *
 * @param endpointId Stripe's {@code we_…}; {@code null} until Stripe answered
 * @param eventTypes what Stripe was asked to tell of; empty when there is none
 * @param createdAt when it was asked for; {@code null} when it was not
 */
public record ConnectWebhookEndpoint(
        String appId,
        Status status,
        @Nullable String endpointId,
        List<String> eventTypes,
        @Nullable Instant createdAt) {
    public ConnectWebhookEndpoint {
        eventTypes = List.copyOf(eventTypes);
    }

    /** How far the registration has come. */
    public enum Status {
        /** There is none; somebody may have made one by hand. */
        UNREGISTERED,
        /** Stripe was asked, and its answer is awaited. */
        REGISTERING,
        /** It is there, and its deliveries are taken. */
        REGISTERED;

        /** The word that the contract uses. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
