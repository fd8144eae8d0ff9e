package io.checkoutgateway.apps;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.cache.CoalescedLookups;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.AppSettings;
import io.checkoutgateway.settings.CheckoutSettings;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connected Stripe accounts, for those who work with them: the one of the settings, where there is one, and those
 * that were installed over the API. Whoever asks is told what is so now, whichever replica changed it.
 */
public final class Apps {
    /** Stands for the request in the audit trail. */
    private static final String KEY_CHECK = "key-check";

    /** What Stripe is told to wait before it delivers again, which it does at its own pace. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private final AppStore store;
    private final StripeSettings stripe;
    private final AppSettings settings;
    private final String namespace;
    private final CoalescedLookups<String, Optional<AppStore.Row>> byId;
    private final CoalescedLookups<String, Optional<AppStore.Row>> defaults;
    private volatile @Nullable ConfiguredApp configured;
    private volatile boolean serves;

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
        serves = true;
        String id = UlidCreator.getMonotonicUlid().toString();
        return store.ensureConfigured(id, namespace, stripe.livemode(), new StripeKey(key))
                .onSuccess(row -> configured = ConfiguredApp.found(row, key, stripe))
                .map(row -> configured());
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
                        .onSuccess(found -> configured = found.map(row -> ConfiguredApp.found(row, key, stripe))
                                .orElse(null))
                        .map(found -> configured());
    }

    /** The app of the settings; empty when they name none. */
    public Optional<StripeApp> configured() {
        return Optional.ofNullable(configured).map(ConfiguredApp::app);
    }

    /** The app of the settings while it is open whose their key is. */
    Optional<ConfiguredApp> open() {
        return Optional.ofNullable(configured).filter(ConfiguredApp::isOpen);
    }

    /** The key of the settings is of this account, which is the app's from now on; who serves remembers that. */
    Future<Void> confirmed(ConfiguredApp known, String account) {
        AppStore.Row row = known.row();
        Future<Boolean> remembered = serves
                ? store.keyConfirmed(
                        Actor.gateway(row.namespace(), KEY_CHECK),
                        row.id(),
                        account,
                        known.app().apiKey().fingerprint())
                : Future.succeededFuture(true);
        return remembered.compose(ours -> {
            if (ours) {
                configured = known.confirmed(account);
                return Future.succeededFuture();
            }
            // Another process found another account, and was first: the key is judged anew by what it wrote.
            return store.configured(row.namespace(), row.livemode())
                    .onSuccess(found -> configured = found.map(
                                    now -> ConfiguredApp.found(now, known.app().apiKey(), stripe))
                            .orElse(known))
                    .mapEmpty();
        });
    }

    /** The key of the settings is of another account than the app: it is not used, and whoever reads the app is told. */
    Future<Void> refused(ConfiguredApp known) {
        configured = known.foreign();
        AppStore.Row row = known.row();
        return serves
                ? store.unauthorized(Actor.gateway(row.namespace(), KEY_CHECK), row.id(), row.version())
                : Future.succeededFuture();
    }

    /** Why Stripe must not be called with the key of this app; empty when it may be. */
    public Optional<StripeFailure> objection(String appId) {
        return Optional.ofNullable(configured)
                .filter(known -> known.row().id().equals(appId))
                .flatMap(ConfiguredApp::objection);
    }

    /**
     * The app, to take what Stripe delivers to it. What is signed with secrets that came with a key of another account
     * tells of that account; Stripe keeps what is not taken, and delivers it again.
     *
     * @return fails with {@link Reason#STRIPE_UNREACHABLE} while its key is not used
     */
    public Future<StripeApp> listening(StripeApp app) {
        return objection(app.id())
                .map(objection -> Future.<StripeApp>failedFuture(GatewayException.retryable(
                        Reason.STRIPE_UNREACHABLE,
                        "The app takes no deliveries while its key is not used",
                        SOON,
                        objection)))
                .orElseGet(() -> Future.succeededFuture(app));
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

    /** Every installed app of every namespace whose key may be used, for work that goes through them all. */
    public Future<List<StripeApp>> all() {
        return store.all().map(rows -> rows.stream()
                .map(this::ready)
                .flatMap(Optional::stream)
                .filter(app -> objection(app.id()).isEmpty())
                .toList());
    }

    /**
     * The app of this id, whoever owns it: for webhooks, whose signature is checked next, and for what is stored with
     * its id.
     *
     * @return fails with {@link Reason#NOT_FOUND} when there is none
     */
    public Future<StripeApp> byId(String id) {
        return known(id).map(Future::succeededFuture).orElseGet(() -> byId.find(id)
                .map(this::present));
    }

    /**
     * Like {@link #byId}, for work that other processes may do as well: the one of the settings only while their key may
     * be used.
     */
    public Future<StripeApp> workable(String id) {
        return objection(id).isPresent() ? Future.failedFuture(missing("The app's key is not used")) : byId(id);
    }

    private Optional<StripeApp> known(String id) {
        return configured().filter(app -> app.id().equals(id));
    }

    /** Whether there is an app of this id, also where its key is not in this process' settings or does not open. */
    public Future<Boolean> isInstalled(String id) {
        return byId.find(id).map(Optional::isPresent);
    }

    /** Like {@link #byId}, also one that was uninstalled and has still to end what was begun with it. */
    public Future<StripeApp> evenLeaving(String id) {
        return known(id).map(Future::succeededFuture).orElseGet(() -> store.findEvenLeaving(id)
                .map(this::present));
    }

    private StripeApp present(Optional<AppStore.Row> found) {
        return found.flatMap(this::ready).orElseThrow(() -> missing("No app has this id"));
    }

    /** The row as an app; empty when its secrets, or the API that they belong to, are not in these settings. */
    Optional<StripeApp> ready(AppStore.Row row) {
        if (row.configured()) {
            return known(row.id());
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
