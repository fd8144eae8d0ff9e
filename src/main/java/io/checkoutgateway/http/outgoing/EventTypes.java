package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.WebhookEventType;
import java.util.List;

/** The types of events, between the contract's enumeration and plain words. */
final class EventTypes {
    private EventTypes() {}

    static List<String> words(List<WebhookEventType> types) {
        return types.stream().map(WebhookEventType::value).toList();
    }
}
