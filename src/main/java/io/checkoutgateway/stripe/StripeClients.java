package io.checkoutgateway.stripe;

import com.stripe.Stripe;
import com.stripe.StripeClient;
import com.stripe.net.RequestOptions;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** One client for each key and API. Clients are immutable and share the transport. */
final class StripeClients {
    static {
        // Telemetry writes a random id into the home directory and tells Stripe about the machine.
        Stripe.enableTelemetry = false;
    }

    /** Keys of accounts that are at work; where there are more, the others get a client for each call. */
    private static final int KEPT_MAX = 10_000;

    private record Access(Secret key, URI base) {}

    private final StripeSettings settings;
    private final StripeTransport transport;
    private final ConcurrentMap<Access, StripeClient> clients = new ConcurrentHashMap<>();

    StripeClients(StripeSettings settings, StripeTransport transport) {
        this.settings = settings;
        this.transport = transport;
    }

    StripeClient of(StripeApp app) {
        Access access = new Access(app.apiKey(), Objects.requireNonNullElse(app.apiBase(), settings.apiBase()));
        String connected = app.connectedAccount();
        // Connected accounts may be many, and a client is little more than its settings.
        if (connected != null || clients.size() >= KEPT_MAX) {
            return build(access).setStripeAccount(connected).build();
        }
        return clients.computeIfAbsent(access, kept -> build(kept).build());
    }

    private StripeClient.StripeClientBuilder build(Access access) {
        String base = access.base().toString();
        return StripeClient.builder()
                .setApiKey(access.key().reveal())
                .setApiBase(base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                // Repeating is StripeCalls' business: it knows the deadline and holds no thread meanwhile.
                .setMaxNetworkRetries(0)
                .setHttpClient(transport);
    }

    static RequestOptions reading(int readTimeoutMillis) {
        return RequestOptions.builder().setReadTimeout(readTimeoutMillis).build();
    }

    static RequestOptions writing(int readTimeoutMillis, String idempotencyKey) {
        return RequestOptions.builder()
                .setReadTimeout(readTimeoutMillis)
                .setIdempotencyKey(idempotencyKey)
                .build();
    }

    /** Maps and lists all the way down, as stripe-java's form encoder wants them. */
    static Map<String, Object> plain(JsonObject parameters) {
        return new JsonObject(parameters.encode()).getMap();
    }
}
