package io.checkoutgateway.testing;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One gateway for the tests of a class; after each of them Stripe's ledger and the gateway's must agree. */
public final class GatewayExtension implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private final Map<String, String> settings;
    private final boolean withoutApps;
    private @Nullable TestGateway gateway;
    private @Nullable ContractClient client;

    public GatewayExtension() {
        this(Map.of());
    }

    /** With these settings instead of the presets. */
    public GatewayExtension(Map<String, String> settings) {
        this(settings, false);
    }

    private GatewayExtension(Map<String, String> settings, boolean withoutApps) {
        this.settings = Map.copyOf(settings);
        this.withoutApps = withoutApps;
    }

    /**
     * One in which tests install apps, as {@link TestGateway#startWithoutApps}. Apps come and go there with what Stripe
     * has of them, so that the ledgers are for the tests to compare.
     */
    public static GatewayExtension withoutApps(Map<String, String> settings) {
        return new GatewayExtension(settings, true);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        gateway = withoutApps ? TestGateway.startWithoutApps(settings) : TestGateway.start(settings);
        client = gateway.client();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        StripeSandbox stripe = get().sandbox();
        stripe.faults().clear();
        stripe.deliveries().resume();
        if (!withoutApps) {
            get().ledgers().agree();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (gateway != null) {
            gateway.close();
        }
    }

    /** The gateway of this class. */
    public TestGateway get() {
        if (gateway == null) {
            throw new IllegalStateException("the gateway starts before the first test of the class");
        }
        return gateway;
    }

    /** A client of the gateway's namespace. */
    public ContractClient client() {
        if (client == null) {
            throw new IllegalStateException("the gateway starts before the first test of the class");
        }
        return client;
    }

    public StripeSandbox sandbox() {
        return get().sandbox();
    }

    public TestDatabase database() {
        return get().database();
    }

    /** A new customer with a currency; answers its id. */
    public String customer() {
        return get().customer();
    }

    /** Another service of the same Stripe account, which the gateway knows nothing of. */
    public StripeClient stripe() {
        return StripeClient.builder()
                .setApiKey(get().settings().getOrDefault("STRIPE_API_KEY", ""))
                .setApiBase(sandbox().baseUri().toString())
                .build();
    }

    /** Such a service opens a session; answers Stripe's id of it. */
    public String openElsewhere(SessionCreateParams.Builder params) throws StripeException {
        return stripe().v1().checkout().sessions().create(params.build()).getId();
    }

    /** A hosted session of a new customer, as the create answered it. */
    public JsonObject openSession() {
        return openSession(customer());
    }

    /** A hosted session of this customer, as the create answered it. */
    public JsonObject openSession(String customerId) {
        return client().post(ContractClient.checkoutSessionsOf(customerId), ContractClient.hosted())
                .expect(201)
                .json();
    }

    /** Waits until every event has been delivered and applied, and what was to be done at Stripe is. */
    public void settle() {
        get().settle();
    }

    /** Waits until every change so far is in the feed. */
    public void awaitPublished() {
        get().awaitPublished();
    }

    /**
     * Waits until nothing that happened so far is news to anybody: it is settled, published, and a stream that begins
     * now begins after it.
     */
    public void awaitHeard() {
        settle();
        awaitPublished();
        long last = Long.parseLong(database()
                .rows("SELECT coalesce(max(position), 0) FROM checkout_gateway.feed")
                .get(0)
                .get(0));
        Awaitility.await().until(() -> beginningOfAStream() >= last);
    }

    private long beginningOfAStream() {
        try (EventReader reader = client().watch("/api/v1/checkout-sessions/events")) {
            return Long.parseLong(reader.until(any -> !any.lastId().isEmpty()).lastId());
        }
    }

    /** The session as the gateway shows it now. */
    public JsonObject read(String sessionId) {
        return client().get("/api/v1/checkout-sessions/" + sessionId)
                .expect(200)
                .json();
    }
}
