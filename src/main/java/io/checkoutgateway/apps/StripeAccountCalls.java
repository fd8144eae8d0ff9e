package io.checkoutgateway.apps;

import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What apps need of Stripe. Each call fails with a {@link io.checkoutgateway.failure.StripeFailure}. */
public interface StripeAccountCalls {
    /** A webhook endpoint at Stripe, and the secret that only its create tells. */
    record Registered(String endpointId, Secret secret) {}

    /** The {@code acct_…} that the app's key belongs to; the call does not count against the app. */
    Future<String> accountOf(StripeApp app);

    /** Whether Stripe takes the app's key at all, whatever it allows. */
    Future<Boolean> accepts(StripeApp app);

    /**
     * What Stripe is asked to create for this webhook.
     *
     * @param webhookId our id, by which the endpoint is found again
     */
    JsonObject parametersOf(StripeApp app, String webhookId, String url, List<String> eventTypes);

    /** The same for one that hears of connected accounts. */
    JsonObject connectParametersOf(StripeApp app, String webhookId, String url, List<String> eventTypes);

    /** Registers an endpoint, or repeats the answer to an earlier call with this key. */
    Future<Registered> register(StripeApp app, JsonObject parameters, String idempotencyKey);

    /** The ids of the endpoints that carry our id of this webhook. */
    Future<List<String>> find(StripeApp app, String webhookId);

    /** Removes an endpoint; one that is not there is none the less gone. */
    Future<Void> remove(StripeApp app, String endpointId);
}
