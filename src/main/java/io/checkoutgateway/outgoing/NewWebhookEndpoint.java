package io.checkoutgateway.outgoing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An endpoint to be made; the members are those of {@link WebhookEndpoint}. */
public record NewWebhookEndpoint(EndpointUrl url, @Nullable String description, List<String> eventTypes) {

    public NewWebhookEndpoint {
        eventTypes = eventTypes.stream().distinct().toList();
    }
}
