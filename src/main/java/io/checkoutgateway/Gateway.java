package io.checkoutgateway;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.RedirectHostLists;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.Answers;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.PortalSessions;
import io.checkoutgateway.checkout.UnfinishedSessions;
import io.checkoutgateway.customers.CustomerBillingService;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.customers.ServingApps;
import io.checkoutgateway.customers.StripeCustomers;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.EventWorker;
import io.checkoutgateway.events.Inbox;
import io.checkoutgateway.events.RefusalLog;
import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.http.ApiServer;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.apps.AppResource;
import io.checkoutgateway.http.billing.CheckoutAnswers;
import io.checkoutgateway.http.feed.EventStreams;
import io.checkoutgateway.http.sessions.CreateCheckoutSession;
import io.checkoutgateway.http.sessions.SessionAnswers;
import io.checkoutgateway.limits.Portions;
import io.checkoutgateway.management.ManagementServer;
import io.checkoutgateway.management.VertxMetrics;
import io.checkoutgateway.mirror.CatchUp;
import io.checkoutgateway.outgoing.Destinations;
import io.checkoutgateway.outgoing.SystemAddressLookup;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.checkoutgateway.outgoing.WebhookSender;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.Migrations;
import io.checkoutgateway.store.PgAuditLog;
import io.checkoutgateway.store.PgBuckets;
import io.checkoutgateway.store.PgCreateJournal;
import io.checkoutgateway.store.PgCustomerBilling;
import io.checkoutgateway.store.PgCustomers;
import io.checkoutgateway.store.PgEventLog;
import io.checkoutgateway.store.PgEvents;
import io.checkoutgateway.store.PgFeed;
import io.checkoutgateway.store.PgFollowUpLog;
import io.checkoutgateway.store.PgKeysets;
import io.checkoutgateway.store.PgPortalJournal;
import io.checkoutgateway.store.PgRedirectHosts;
import io.checkoutgateway.store.PgRefusalLog;
import io.checkoutgateway.store.PgSessions;
import io.checkoutgateway.store.PgStripeCustomerLinks;
import io.checkoutgateway.store.PgWebhookDeliveryLog;
import io.checkoutgateway.store.PgWebhookEndpoints;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.store.PostgresFailure;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.stripe.StripeCounterpartReadings;
import io.checkoutgateway.stripe.StripeCustomerAccess;
import io.checkoutgateway.stripe.StripePortalSessions;
import io.checkoutgateway.stripe.StripeSessions;
import io.checkoutgateway.stripe.WebhookSignature;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole program: every part and what it is made of, in the order in which a request meets them. */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** The request that answers are put down to which no request waits for. */
    private static final String RECONCILER = "reconciler";

    private final Settings settings;
    private final Vertx vertx;
    private final PrometheusMeterRegistry metrics;
    private final Postgres postgres;
    private final StripeCalls stripeCalls;
    private final StripeSessions stripe;
    private final KeepingLoops keeping;
    private final AppParts appParts;
    private final Apps apps;
    private final RedirectHostLists redirectHosts;
    private final AccessParts access;
    private final CustomerService customers;
    private final CustomerBillingService billing;
    private final CheckoutService checkout;
    private final PortalSessions portal;
    private final RefusalLog refusalLog;
    private final Inbox inbox;
    private final Feed feed;
    private final EventStreams streams;
    private final FeedLoops feedLoops;
    private final WebhookEndpoints webhookEndpoints;
    private final OutgoingLoops outgoingLoops;
    private final SessionLoops sessionLoops;
    private final FollowUpLoops followUpLoops;
    private final MirrorLoops mirrorLoops;
    private @Nullable ManagementServer management;
    private @Nullable ApiServer api;

    private Gateway(Settings settings, Clock clock, SealingKeys sealingKeys) {
        this.settings = settings;
        this.metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        this.vertx = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(VertxMetrics.options()))
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .build();

        this.postgres = Postgres.of(vertx, settings.database());
        KeysetVault vault = new KeysetVault(new PgKeysets(postgres), sealingKeys);
        this.keeping =
                new KeepingLoops(vertx, postgres, vault, settings.checkout().namespace(), metrics);
        this.access = new AccessParts(vertx, settings, postgres, clock, metrics);
        this.redirectHosts = new RedirectHostLists(
                new PgRedirectHosts(postgres), settings.checkout().redirectHosts());
        this.customers = new CustomerService(new PgCustomers(postgres));

        this.stripeCalls = new StripeCalls(vertx, settings.stripe(), metrics);
        stripeCalls.shareBackground(new Portions(
                "stripe-background",
                settings.stripe().backgroundPerSecond(),
                new PgBuckets(postgres),
                Clock.systemUTC(),
                metrics));
        SecureRandom random = new SecureRandom();
        this.appParts =
                new AppParts(vertx, settings, postgres, vault, stripeCalls, AppResource.ANSWERS, random, metrics);
        this.apps = appParts.apps();
        this.stripe = new StripeSessions(stripeCalls, settings.stripe(), clock);
        StripeCustomers stripeCustomers = new StripeCustomers(
                new PgStripeCustomerLinks(postgres), new StripeCustomerAccess(stripeCalls, settings.stripe()), clock);
        PgCreateJournal journal =
                new PgCreateJournal(postgres, settings.checkout().lease());
        this.billing = new CustomerBillingService(
                customers,
                new ServingApps(apps),
                new PgCustomerBilling(postgres),
                new StripeCounterpartReadings(stripeCalls, settings.stripe(), clock));
        this.checkout = new CheckoutService(
                customers,
                apps,
                billing,
                redirectHosts,
                journal,
                new PgSessions(postgres),
                stripe,
                stripeCustomers,
                clock);
        this.portal = new PortalSessions(
                customers,
                apps,
                redirectHosts,
                stripeCustomers,
                new StripePortalSessions(stripeCalls, settings.stripe()),
                new PgPortalJournal(postgres, vault));
        UnfinishedSessions unfinished = new UnfinishedSessions(
                journal,
                customers,
                apps,
                stripe,
                stripeCustomers,
                Gateway::answersTo,
                clock,
                settings.checkout().idempotencyRetention());

        EventStore events = new PgEvents(postgres);
        EventWorker eventWorker =
                new EventWorker(events, new EventReader(StripeSessions.API_VERSION), settings.events(), metrics);
        WebhookSignature signature = new WebhookSignature(settings.events().tolerance(), clock);
        this.refusalLog = new PgRefusalLog(postgres);
        this.inbox = new Inbox(apps, signature, events, eventWorker, refusalLog, metrics);

        this.followUpLoops = new FollowUpLoops(vertx, settings, postgres, stripeCalls, apps, metrics, clock);
        this.mirrorLoops = new MirrorLoops(
                vertx,
                new MirrorParts(settings, postgres, stripeCalls, apps, clock, metrics),
                settings.mirror(),
                events,
                eventWorker,
                appParts.checks()::check,
                metrics);

        this.feed = new Feed(new PgFeed(postgres));
        this.streams = new EventStreams(vertx, feed, settings.feed(), metrics);
        this.feedLoops = new FeedLoops(vertx, postgres, feed, settings.feed(), metrics);

        Destinations destinations = new Destinations(
                new SystemAddressLookup(vertx), settings.outgoing().networks());
        WebhookSender sender =
                new WebhookSender(vertx, destinations, settings.outgoing().timeout(), clock);
        this.webhookEndpoints =
                new WebhookEndpoints(new PgWebhookEndpoints(postgres, vault), destinations, sender, random, clock);
        this.outgoingLoops = new OutgoingLoops(vertx, postgres, vault, sender, settings.outgoing(), random, metrics);

        this.sessionLoops = new SessionLoops(
                vertx,
                settings,
                unfinished,
                events,
                eventWorker,
                inbox,
                new Retention(List.of(
                        unfinished::forgetAnswers,
                        eventWorker::forget,
                        () -> refusalLog.forget(settings.events().retention()),
                        () -> checkout.forgetHistory(settings.events().historyRetention()),
                        this::forgetFeedNow,
                        () -> {
                            signature.forgetUnused();
                            return Future.succeededFuture(false);
                        },
                        access.limits()::forget)),
                metrics);
    }

    /**
     * Starts the gateway.
     *
     * @return fails with a message for the operator when something that it needs is missing; nothing is left behind
     */
    public static Future<Gateway> start(Settings settings) {
        return start(settings, Clock.systemUTC());
    }

    /** Starts the gateway with a clock of its own, which leases do not follow: those are in database time. */
    public static Future<Gateway> start(Settings settings, Clock clock) {
        return Future.succeededFuture(settings.secrets())
                .map(SealingKeys::of)
                .compose(keys -> start(new Gateway(settings, clock, keys)));
    }

    private static Future<Gateway> start(Gateway gateway) {
        // A promise of no event loop: the gateway's own are gone when a failed start is told.
        Promise<Gateway> started = Promise.promise();
        gateway.open().onSuccess(opened -> started.complete(gateway)).onFailure(failure -> gateway.close()
                .onComplete(closed -> started.fail(PostgresFailure.of(gateway.settings.database(), failure)
                        .map(Throwable.class::cast)
                        .orElse(failure))));
        return started.future();
    }

    /** An answer that nobody waits for is written as the operation that asked for it would have. */
    private static Answers answersTo(@Nullable String operation) {
        return CreateCheckoutSession.ID.equals(operation)
                ? new SessionAnswers(RECONCILER)
                : new CheckoutAnswers(RECONCILER);
    }

    private Future<?> open() {
        return ManagementServer.start(vertx, settings.management(), postgres::check, metrics)
                .onSuccess(server -> management = server)
                .compose(server -> migrate())
                .compose(migrated -> keeping.open())
                .compose(opened -> access.open())
                .compose(opened -> apps.start())
                .compose(app -> appParts.checkKey().map(app))
                .compose(app -> feed.start().map(app))
                .compose(app -> ApiServer.start(
                                vertx, settings.http(), access.callers(), access.limits(), operations(), metrics)
                        .onSuccess(server -> opened(server, app)));
    }

    private Future<?> migrate() {
        return settings.database().migrate()
                ? Migrations.run(vertx, settings.database())
                        .onSuccess(count ->
                                LOG.atInfo().addKeyValue("count", count).log("migrations done"))
                : Migrations.check(vertx, settings.database());
    }

    private List<Operation> operations() {
        return Operations.of(
                access.keys(),
                customers,
                billing,
                portal,
                checkout,
                inbox,
                feed,
                streams,
                webhookEndpoints,
                new PgWebhookDeliveryLog(postgres),
                new PgEventLog(postgres),
                refusalLog,
                new PgFollowUpLog(postgres),
                mirrorLoops.mirror(),
                mirrorLoops.pull(stripe),
                mirrorLoops.requests(),
                redirectHosts,
                new PgAuditLog(postgres),
                appParts.installs(),
                appParts.installed(),
                appParts.connectEndpoints(),
                appParts.connected(),
                appParts.checks(),
                appParts.defaults());
    }

    private void opened(ApiServer server, Optional<StripeApp> app) {
        api = server;
        sessionLoops.start(followUpLoops::wake);
        followUpLoops.start();
        mirrorLoops.start();
        feedLoops.start(outgoingLoops::wake);
        outgoingLoops.start();
        keeping.start();
        access.start();
        appParts.start();
        if (management != null) {
            management.started();
        }
        settings.stripe().exceededRate().ifPresent(allowed -> LOG.atWarn()
                .addKeyValue("per_second", settings.stripe().requestsPerSecond())
                .addKeyValue("allowed", allowed)
                .addKeyValue("livemode", settings.stripe().livemode())
                .log("STRIPE_REQUESTS_PER_SECOND is more than Stripe allows the account; it will answer 429"));
        LOG.atInfo()
                .addKeyValue("port", port())
                .addKeyValue("management_port", managementPort())
                .addKeyValue("app", app.map(StripeApp::id).orElse("none"))
                .addKeyValue("livemode", settings.stripe().livemode())
                .log("checkout gateway started");
    }

    /** Fetches events that were not delivered, once, now. */
    public Future<CatchUp.Outcome> catchUpNow() {
        return mirrorLoops.catchUpNow();
    }

    /** Reads sessions that are overdue, once, now; tells whether there may be more. */
    public Future<Boolean> readOverdueNow() {
        return mirrorLoops.readOverdueNow();
    }

    /** Does a few pages of backfills and reports, now; tells whether there were any. */
    public Future<Boolean> mirrorNow() {
        return mirrorLoops.workNow();
    }

    /** Finishes creates that died, once, now. */
    public Future<UnfinishedSessions.Counts> reconcileNow() {
        return sessionLoops.reconcileNow();
    }

    /** Forgets some of what is kept no longer, now; tells whether there is more. */
    public Future<Boolean> forgetNow() {
        return sessionLoops.forgetNow();
    }

    /** Forgets some of the published changes that are kept no longer, now; tells whether there are more. */
    public Future<Boolean> forgetFeedNow() {
        return feed.forget(settings.feed().retention());
    }

    /** Writes down which API keys were used, now. */
    public Future<?> noteKeyUsesNow() {
        return access.noteUsesNow();
    }

    /** Publishes what waits in the outbox, one batch, now; tells how many changes that were. */
    public Future<Integer> publishNow() {
        return feedLoops.publishNow();
    }

    /** Applies stored events, once, now. */
    public Future<EventWorker.Counts> applyEventsNow() {
        return sessionLoops.applyNow();
    }

    /** Tells endpoints of what is new and due, once, now; succeeds when all of them have answered or failed to. */
    public Future<Void> deliverNow() {
        return outgoingLoops.deliverNow();
    }

    /** Settles what disabled endpoints left and forgets what is old, now; tells whether there may be more. */
    public Future<Boolean> tidyDeliveriesNow() {
        return outgoingLoops.tidyNow();
    }

    /** Links entries of the audit log into its chain, now; tells whether there may be more. */
    public Future<Boolean> linkAuditNow() {
        return keeping.linkNow();
    }

    /** Looks for newer data keys and finishes what a rotation left, now. */
    public Future<Boolean> tendSecretsNow() {
        return keeping.tendNow();
    }

    /** Ends the pauses between counts: what is told of the work that waits, and of refused deliveries, is new soon. */
    public void countSoon() {
        sessionLoops.countSoon();
        followUpLoops.countSoon();
    }

    /** The port of the API. */
    public int port() {
        return Objects.requireNonNull(api, "the gateway has not started").port();
    }

    /** The port of probes and metrics. */
    public int managementPort() {
        return Objects.requireNonNull(management, "the gateway has not started").port();
    }

    /** Finishes or undoes installs and removals of apps that nobody is at, now; tells whether there may be more. */
    public Future<Boolean> workOnAppsNow() {
        return appParts.workNow();
    }

    /** The app that serves the customers of the settings' namespace. */
    public Future<StripeApp> app() {
        return apps.ofNamespace(settings.checkout().namespace());
    }

    public ApiKeys apiKeys() {
        return access.keys();
    }

    public CustomerService customers() {
        return customers;
    }

    /** Stops: no new requests, those under way finish, work in the background ends, connections close. */
    public Future<Void> close() {
        stripeCalls.stopBackground();
        if (management != null) {
            management.draining();
            LOG.atInfo().log("checkout gateway stops");
        }
        followUpLoops.beginToStop();
        // Else requests under way would be waited for that never end by themselves.
        streams.close();
        return (api == null ? Future.succeededFuture() : api.shutdown())
                .transform(drained -> Future.join(List.of(
                        sessionLoops.stop(),
                        followUpLoops.stop(),
                        mirrorLoops.stop(),
                        feedLoops.stop(),
                        outgoingLoops.stop(),
                        keeping.stop(),
                        access.stop(),
                        appParts.stop())))
                .transform(stopped -> stripeCalls.close())
                .transform(closed -> postgres.close())
                .transform(closed -> vertx.close());
    }
}
