package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.ConnectWebhookEndpoint;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;

/** An app's endpoint for connected accounts in the contract's words. */
final class ConnectWebhookEndpointResource {
    private ConnectWebhookEndpointResource() {}

    static Reply reply(ConnectWebhookEndpoint endpoint) {
        return Reply.json(200, of(endpoint));
    }

    static io.checkoutgateway.api.model.ConnectWebhookEndpoint of(ConnectWebhookEndpoint endpoint) {
        return new io.checkoutgateway.api.model.ConnectWebhookEndpoint()
                .withAppId(endpoint.appId())
                .withStatus(endpoint.status().word())
                .withStripeEndpointId(endpoint.endpointId())
                .withEnabledEvents(endpoint.eventTypes())
                .withCreatedAt(Wire.utc(endpoint.createdAt()));
    }
}
