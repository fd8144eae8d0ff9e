package io.checkoutgateway.apps;

import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What apps need of Stripe. Each call fails with a {@link io.checkoutgateway.failure.StripeFailure}. */
public interface StripeAccountCalls {
    /** A webhook endpoint at Stripe, and the secret that only its create tells. */
    record Registered(String endpointId, Secret secret) {}

    /**
     * A webhook endpoint as Stripe lists it.
     *
     * @param apiVersion empty: the account's
     */
    record Endpoint(String id, String url, boolean enabled, List<String> eventTypes, Optional<String> apiVersion) {
        private static final String EVERYTHING = "*";

        public Endpoint {
            eventTypes = List.copyOf(eventTypes);
        }

        /** The types that it tells of, and these. */
        List<String> with(List<String> wanted) {
            return eventTypes.contains(EVERYTHING)
                    ? List.of(EVERYTHING)
                    : Stream.concat(eventTypes.stream(), wanted.stream())
                            .distinct()
                            .toList();
        }
    }

    /** The {@code acct_…} that the app's key belongs to; the call does not count against the app. */
    Future<String> accountOf(StripeApp app);

    /** The same; empty when Stripe takes the key, and does not let it read its account. */
    Future<Optional<String>> readableAccountOf(StripeApp app);

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

    /** All endpoints of the app's account and mode; empty when the app's key may not read them. */
    Future<Optional<List<Endpoint>>> endpoints(StripeApp app);

    /** Has an endpoint deliver events of these types to this address, from now on. */
    Future<Void> mend(StripeApp app, String endpointId, String url, List<String> eventTypes);

    /** Removes an endpoint; one that is not there is none the less gone. */
    Future<Void> remove(StripeApp app, String endpointId);
}
