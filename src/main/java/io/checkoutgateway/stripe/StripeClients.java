package io.checkoutgateway.stripe;

import com.stripe.Stripe;
import com.stripe.StripeClient;
import com.stripe.net.RawRequestOptions;
import com.stripe.net.RequestOptions;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.cache.Lru;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.Objects;

/** One client for each key and API that is in use. Clients are immutable and share the transport. */
final class StripeClients {
    static {
        // Telemetry writes a random id into the home directory and tells Stripe about the machine.
        Stripe.enableTelemetry = false;
    }

    /** Accounts that are at work at a time. A key that was replaced is forgotten after so many others were used. */
    static final int KEPT_MAX = 500;

    private record Access(Secret key, URI base) {}

    private final StripeSettings settings;
    private final StripeTransport transport;
    private final Lru<Access, StripeClient> clients = new Lru<>(KEPT_MAX);

    StripeClients(StripeSettings settings, StripeTransport transport) {
        this.settings = settings;
        this.transport = transport;
    }

    StripeClient of(StripeApp app) {
        // Connected accounts may be many, and a client is little more than its settings.
        if (app.connectedAccount() != null) {
            return passing(app);
        }
        return clients.get(accessOf(app), kept -> build(kept).build());
    }

    /** A client for one call: a key that is only tried leaves nothing behind. */
    StripeClient passing(StripeApp app) {
        return build(accessOf(app)).setStripeAccount(app.connectedAccount()).build();
    }

    private Access accessOf(StripeApp app) {
        return new Access(app.apiKey(), Objects.requireNonNullElse(app.apiBase(), settings.apiBase()));
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

    /** The same for a request of which only the text of the answer is wanted. */
    static RawRequestOptions readingRaw(int readTimeoutMillis) {
        return RawRequestOptions.builder().setReadTimeout(readTimeoutMillis).build();
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
