package io.checkoutgateway.stripe;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeCollection;
import com.stripe.model.WebhookEndpoint;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointListParams;
import com.stripe.param.WebhookEndpointUpdateParams;
import com.stripe.service.WebhookEndpointService;
import io.checkoutgateway.apps.StripeAccountCalls;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whose a key is, and the webhook endpoints of its account. */
public final class StripeAccounts implements StripeAccountCalls {
    private static final String ACCOUNT = "GET /v1/account";
    private static final String CREATE = "POST /v1/webhook_endpoints";
    private static final String UPDATE = "POST /v1/webhook_endpoints/{id}";
    private static final String LIST = "GET /v1/webhook_endpoints";
    private static final String DELETE = "DELETE /v1/webhook_endpoints/{id}";

    /** With the namespace, whose rate looks at keys count against: a key that is only looked at is no app's yet. */
    private static final String KEY_CHECKS = "key-checks:";

    /** In an endpoint's metadata; ours and nobody else's. */
    private static final String WEBHOOK_ID = "gateway_webhook_id";

    private static final String DESCRIPTION =
            "Checkout Gateway. Made and removed by it; changes made by hand are lost.";
    private static final String ENABLED = "enabled";

    /** Stripe's own most; an account has 16 endpoints in each mode. */
    private static final long PAGE_SIZE = 100;

    private final StripeCalls calls;
    private final StripeClients clients;

    public StripeAccounts(StripeCalls calls, StripeSettings settings) {
        this.calls = calls;
        this.clients = new StripeClients(settings, calls.transport());
    }

    @Override
    public Future<String> accountOf(StripeApp app) {
        return calls.run(KEY_CHECKS + app.namespace(), ACCOUNT, timeout -> clients.passing(app)
                .v1()
                .accounts()
                .retrieveCurrent(StripeClients.reading(timeout))
                .getId());
    }

    @Override
    public Future<Optional<String>> readableAccountOf(StripeApp app) {
        return accountOf(app)
                .map(Optional::of)
                .recover(failure -> failure.getCause() instanceof PermissionException
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    @Override
    public Future<Boolean> accepts(StripeApp app) {
        return readableAccountOf(app)
                .map(account -> true)
                .recover(failure -> failure.getCause() instanceof AuthenticationException
                        ? Future.succeededFuture(false)
                        : Future.succeededFuture(true));
    }

    @Override
    public JsonObject parametersOf(StripeApp app, String webhookId, String url, List<String> eventTypes) {
        return new JsonObject()
                .put("url", url)
                .put("enabled_events", new JsonArray(eventTypes))
                .put("api_version", StripeSessions.API_VERSION)
                .put("description", DESCRIPTION)
                .put(
                        "metadata",
                        new JsonObject()
                                .put(ReservedMetadata.NAMESPACE, app.namespace())
                                .put(ReservedMetadata.APP_ID, app.id())
                                .put(WEBHOOK_ID, webhookId));
    }

    @Override
    public JsonObject connectParametersOf(StripeApp app, String webhookId, String url, List<String> eventTypes) {
        return parametersOf(app, webhookId, url, eventTypes).put("connect", true);
    }

    @Override
    public Future<Registered> register(StripeApp app, JsonObject parameters, String idempotencyKey) {
        WebhookEndpointCreateParams params = WebhookEndpointCreateParams.builder()
                .putAllExtraParam(StripeClients.plain(parameters))
                .build();
        return calls.run(
                app,
                CREATE,
                timeout -> registered(service(app).create(params, StripeClients.writing(timeout, idempotencyKey))));
    }

    private static Registered registered(WebhookEndpoint endpoint) {
        return new Registered(
                Objects.requireNonNull(endpoint.getId(), "an endpoint has an id"),
                Secret.of(Objects.requireNonNull(endpoint.getSecret(), "a new endpoint has a secret")));
    }

    @Override
    public Future<List<String>> find(StripeApp app, String webhookId) {
        WebhookEndpointListParams params =
                WebhookEndpointListParams.builder().setLimit(PAGE_SIZE).build();
        return calls.run(app, LIST, timeout -> list(app, params, timeout).getData().stream()
                .filter(endpoint -> isOf(endpoint, webhookId))
                .map(WebhookEndpoint::getId)
                .toList());
    }

    private StripeCollection<WebhookEndpoint> list(StripeApp app, WebhookEndpointListParams params, int timeout)
            throws StripeException {
        return service(app).list(params, StripeClients.reading(timeout));
    }

    private static boolean isOf(WebhookEndpoint endpoint, String webhookId) {
        Map<String, String> metadata = endpoint.getMetadata();
        return metadata != null && webhookId.equals(metadata.get(WEBHOOK_ID));
    }

    @Override
    public Future<Optional<List<Endpoint>>> endpoints(StripeApp app) {
        WebhookEndpointListParams params =
                WebhookEndpointListParams.builder().setLimit(PAGE_SIZE).build();
        return calls.tryFor(app, LIST, timeout -> list(app, params, timeout).getData().stream()
                        .map(StripeAccounts::toEndpoint)
                        .toList())
                .map(Optional::of)
                .recover(failure -> failure.getCause() instanceof PermissionException
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    private static Endpoint toEndpoint(WebhookEndpoint endpoint) {
        return new Endpoint(
                endpoint.getId(),
                endpoint.getUrl(),
                ENABLED.equals(endpoint.getStatus()),
                endpoint.getEnabledEvents(),
                Optional.ofNullable(endpoint.getApiVersion()));
    }

    @Override
    public Future<Void> mend(StripeApp app, String endpointId, String url, List<String> eventTypes) {
        WebhookEndpointUpdateParams params = WebhookEndpointUpdateParams.builder()
                .setDisabled(false)
                .setUrl(url)
                .putAllExtraParam(Map.of("enabled_events", eventTypes))
                .build();
        return calls.run(
                        app, UPDATE, timeout -> service(app).update(endpointId, params, StripeClients.reading(timeout)))
                .mapEmpty();
    }

    @Override
    public Future<Void> remove(StripeApp app, String endpointId) {
        return calls.run(app, DELETE, timeout -> service(app)
                        .delete(endpointId, StripeClients.reading(timeout))
                        .getId())
                .<Void>mapEmpty()
                .recover(failure ->
                        StripeFailure.saysMissing(failure) ? Future.succeededFuture() : Future.failedFuture(failure));
    }

    private WebhookEndpointService service(StripeApp app) {
        return clients.of(app).v1().webhookEndpoints();
    }
}
