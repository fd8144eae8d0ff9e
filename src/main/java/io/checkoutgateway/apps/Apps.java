package io.checkoutgateway.apps;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.cache.CoalescedLookups;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.AppSettings;
import io.checkoutgateway.settings.CheckoutSettings;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connected Stripe accounts, for those who work with them: the one of the settings, where there is one, and those
 * that were installed over the API. Whoever asks is told what is so now, whichever replica changed it.
 */
public final class Apps {
    private final AppStore store;
    private final StripeSettings stripe;
    private final AppSettings settings;
    private final String namespace;
    private final CoalescedLookups<String, Optional<AppStore.Row>> byId;
    private final CoalescedLookups<String, Optional<AppStore.Row>> defaults;
    private volatile @Nullable StripeApp configured;

    public Apps(AppStore store, StripeSettings stripe, CheckoutSettings checkout, AppSettings settings) {
        this.store = store;
        this.stripe = stripe;
        this.settings = settings;
        this.namespace = checkout.namespace();
        this.byId = new CoalescedLookups<>(store::find);
        this.defaults = new CoalescedLookups<>(store::defaultOf);
    }

    /**
     * Finds or makes the row of the configured account, if there is one, and sets those aside that once were. Called
     * once at start, before any request, by who serves.
     */
    public Future<Optional<StripeApp>> start() {
        Secret key = stripe.apiKey();
        if (key == null) {
            return store.noneConfigured().map(Optional.empty());
        }
        String id = UlidCreator.getMonotonicUlid().toString();
        return store.ensureConfigured(id, namespace, stripe.livemode(), new StripeKey(key).masked())
                .map(row -> configured(row, key))
                .onSuccess(app -> configured = app)
                .map(Optional::of);
    }

    /**
     * Finds the row of the configured account, and changes nothing: for commands beside those who serve, whose settings
     * may be others than theirs. Called instead of {@link #start}.
     *
     * @return empty when the settings have no key, or nobody has served with one of this namespace and mode yet
     */
    public Future<Optional<StripeApp>> join() {
        Secret key = stripe.apiKey();
        return key == null
                ? Future.succeededFuture(Optional.empty())
                : store.configured(namespace, stripe.livemode())
                        .map(found -> found.map(row -> configured(row, key)))
                        .onSuccess(found -> configured = found.orElse(null));
    }

    private StripeApp configured(AppStore.Row row, Secret key) {
        String accountId = stripe.accountId() != null ? stripe.accountId() : row.accountId();
        return new StripeApp(row.id(), row.namespace(), accountId, row.livemode(), key, stripe.webhookSecrets());
    }

    /** The app of the settings; empty when they name none. */
    public Optional<StripeApp> configured() {
        return Optional.ofNullable(configured);
    }

    /** Remembers which account the configured key turned out to belong to. */
    public Future<Void> rememberAccount(StripeApp app, String accountId) {
        configured =
                new StripeApp(app.id(), app.namespace(), accountId, app.livemode(), app.apiKey(), app.webhookSecrets());
        return store.rememberAccount(app.id(), accountId);
    }

    /**
     * The app that sessions of this namespace are opened with when nothing names another.
     *
     * @return fails with {@link Reason#NOT_FOUND} when the namespace has none
     */
    public Future<StripeApp> ofNamespace(String callersNamespace) {
        return defaults.find(callersNamespace).map(found -> found.flatMap(this::ready)
                .orElseThrow(() -> missing("No Stripe app serves the customers of this namespace")));
    }

    /**
     * The app of this id in this namespace.
     *
     * @return fails with {@link Reason#NOT_FOUND} when the namespace has none such
     */
    public Future<StripeApp> in(String callersNamespace, String id) {
        return byId(id).map(app -> owned(callersNamespace, app));
    }

    private static StripeApp owned(String callersNamespace, StripeApp app) {
        if (!app.namespace().equals(callersNamespace)) {
            throw missing("No app has this id");
        }
        return app;
    }

    /**
     * The app of this billing profile, whose id is the app's. The one of the settings always has a profile.
     *
     * @return fails with {@link Reason#NOT_FOUND} when the namespace has none such, or the app has no profile
     */
    public Future<StripeApp> ofProfile(String callersNamespace, String id) {
        return byId.find(id)
                .map(found -> present(found.filter(AppStore.Row::billingProfile)))
                .map(app -> owned(callersNamespace, app));
    }

    /** Every installed app of every namespace, for work that goes through them all. */
    public Future<List<StripeApp>> all() {
        return store.all()
                .map(rows ->
                        rows.stream().map(this::ready).flatMap(Optional::stream).toList());
    }

    /**
     * The app of this id, whoever owns it: for webhooks, whose signature is checked next, and for what is stored with
     * its id.
     *
     * @return fails with {@link Reason#NOT_FOUND} when there is none
     */
    public Future<StripeApp> byId(String id) {
        StripeApp known = configured;
        return known != null && known.id().equals(id)
                ? Future.succeededFuture(known)
                : byId.find(id).map(this::present);
    }

    /** Whether there is an app of this id, also where its key is not in this process' settings or does not open. */
    public Future<Boolean> isInstalled(String id) {
        return byId.find(id).map(Optional::isPresent);
    }

    /** Like {@link #byId}, also one that was uninstalled and has still to end what was begun with it. */
    public Future<StripeApp> evenLeaving(String id) {
        StripeApp known = configured;
        return known != null && known.id().equals(id)
                ? Future.succeededFuture(known)
                : store.findEvenLeaving(id).map(this::present);
    }

    private StripeApp present(Optional<AppStore.Row> found) {
        return found.flatMap(this::ready).orElseThrow(() -> missing("No app has this id"));
    }

    /** The row as an app; empty when its secrets, or the API that they belong to, are not in these settings. */
    Optional<StripeApp> ready(AppStore.Row row) {
        if (row.configured()) {
            return configured().filter(app -> app.id().equals(row.id()));
        }
        boolean sandbox = row.type() == AppType.SANDBOX;
        Secret key = row.apiKey();
        if (key == null || (sandbox && settings.sandboxApiBase() == null)) {
            return Optional.empty();
        }
        return Optional.of(new StripeApp(
                row.id(),
                row.namespace(),
                row.accountId(),
                row.livemode(),
                key,
                settings.registerWebhooks() ? row.webhookSecrets() : withSettings(row.webhookSecrets()),
                sandbox ? settings.sandboxApiBase() : null));
    }

    /** Where installing registers no endpoint, somebody forwards deliveries, signed with a secret of the settings. */
    private List<Secret> withSettings(List<Secret> own) {
        return Stream.concat(own.stream(), stripe.webhookSecrets().stream()).toList();
    }

    private static GatewayException missing(String message) {
        return new GatewayException(Reason.NOT_FOUND, message);
    }
}
