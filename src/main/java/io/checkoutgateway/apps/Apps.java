package io.checkoutgateway.apps;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.CheckoutSettings;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connected Stripe accounts. Today there is one, made from the settings; its row has an id of its own, so that
 * sessions and webhooks refer to it the way they will refer to many.
 */
public final class Apps {
    private final AppStore store;
    private final StripeSettings stripe;
    private final String namespace;
    private volatile @Nullable StripeApp configured;

    public Apps(AppStore store, StripeSettings stripe, CheckoutSettings checkout) {
        this.store = store;
        this.stripe = stripe;
        this.namespace = checkout.namespace();
    }

    /** Finds or makes the row of the configured account. Called once at start, before any request. */
    public Future<StripeApp> start() {
        return store.ensureConfigured(UlidCreator.getMonotonicUlid().toString(), namespace, stripe.livemode())
                .map(this::withSecrets)
                .onSuccess(app -> configured = app);
    }

    /** Remembers which account the key turned out to belong to. */
    public Future<Void> rememberAccount(String accountId) {
        StripeApp app = started();
        configured =
                new StripeApp(app.id(), app.namespace(), accountId, app.livemode(), app.apiKey(), app.webhookSecrets());
        return store.rememberAccount(app.id(), accountId);
    }

    /**
     * The app that sessions of this namespace are opened with.
     *
     * @return fails with {@link Reason#NOT_FOUND} when the namespace has none
     */
    public Future<StripeApp> ofNamespace(String callersNamespace) {
        StripeApp app = started();
        return app.namespace().equals(callersNamespace)
                ? Future.succeededFuture(app)
                : Future.failedFuture(
                        new GatewayException(Reason.NOT_FOUND, "No Stripe app is installed in this namespace"));
    }

    /**
     * The app of this id in this namespace.
     *
     * @return fails with {@link Reason#NOT_FOUND} when the namespace has none such
     */
    public Future<StripeApp> in(String callersNamespace, String id) {
        return byId(id).compose(app -> app.namespace().equals(callersNamespace)
                ? Future.succeededFuture(app)
                : Future.failedFuture(new GatewayException(Reason.NOT_FOUND, "No app has this id")));
    }

    /** Every installed app of every namespace, for work that goes through them all. */
    public Future<List<StripeApp>> all() {
        return Future.succeededFuture(List.of(started()));
    }

    /**
     * The app of this id, whoever owns it: for webhooks, whose signature is checked next.
     *
     * @return fails with {@link Reason#NOT_FOUND} when there is none
     */
    public Future<StripeApp> byId(String id) {
        StripeApp app = started();
        return app.id().equals(id)
                ? Future.succeededFuture(app)
                : Future.failedFuture(new GatewayException(Reason.NOT_FOUND, "No app has this id"));
    }

    private StripeApp withSecrets(AppStore.Row row) {
        String accountId = stripe.accountId() != null ? stripe.accountId() : row.accountId();
        return new StripeApp(
                row.id(), row.namespace(), accountId, row.livemode(), stripe.apiKey(), stripe.webhookSecrets());
    }

    private StripeApp started() {
        StripeApp app = configured;
        if (app == null) {
            throw new IllegalStateException("apps are asked for before start() succeeded");
        }
        return app;
    }
}
