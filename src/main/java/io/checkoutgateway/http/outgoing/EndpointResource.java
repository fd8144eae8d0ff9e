package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.WebhookEndpointWithSecret;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoint.Disabled;
import io.checkoutgateway.settings.Secret;

/** A webhook endpoint in the contract's words. */
final class EndpointResource {
    static final String ENDPOINTS = "/api/v1/webhook-endpoints/";

    private EndpointResource() {}

    static Reply reply(WebhookEndpoint endpoint) {
        return Reply.json(200, of(endpoint)).with(Versions.ETAG, Versions.tagOf(endpoint.version()));
    }

    static io.checkoutgateway.api.model.WebhookEndpoint of(WebhookEndpoint endpoint) {
        Disabled disabled = endpoint.disabled();
        return new io.checkoutgateway.api.model.WebhookEndpoint()
                .withId(endpoint.id())
                .withUrl(endpoint.url())
                .withDescription(endpoint.description())
                .withEventTypes(endpoint.eventTypes())
                .withEnabled(disabled == null)
                .withDisabledReason(disabled == null ? null : disabled.reason().word())
                .withDisabledAt(disabled == null ? null : Wire.utc(disabled.at()))
                .withFailingSince(Wire.utc(endpoint.failingSince()))
                .withCreatedAt(Wire.utc(endpoint.createdAt()))
                .withUpdatedAt(Wire.utc(endpoint.updatedAt()))
                .withVersion(endpoint.version());
    }

    /** The endpoint with its secret, for the answer that shows a new one. */
    static WebhookEndpointWithSecret of(WebhookEndpoint endpoint, Secret secret) {
        io.checkoutgateway.api.model.WebhookEndpoint resource = of(endpoint);
        return new WebhookEndpointWithSecret()
                .withId(resource.getId())
                .withUrl(resource.getUrl())
                .withDescription(resource.getDescription())
                .withEventTypes(resource.getEventTypes())
                .withEnabled(resource.getEnabled())
                .withDisabledReason(resource.getDisabledReason())
                .withDisabledAt(resource.getDisabledAt())
                .withFailingSince(resource.getFailingSince())
                .withCreatedAt(resource.getCreatedAt())
                .withUpdatedAt(resource.getUpdatedAt())
                .withVersion(resource.getVersion())
                .withSecret(secret.reveal());
    }
}
