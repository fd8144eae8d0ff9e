package io.checkoutgateway;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.UnfinishedSessions;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.customers.StripeCustomers;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.EventWorker;
import io.checkoutgateway.events.Inbox;
import io.checkoutgateway.followup.DefaultSetting;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.followup.FollowUps;
import io.checkoutgateway.followup.Readings;
import io.checkoutgateway.http.ApiServer;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.admin.CancelBackfill;
import io.checkoutgateway.http.admin.CancelDriftReport;
import io.checkoutgateway.http.admin.CreateBackfill;
import io.checkoutgateway.http.admin.CreateDriftReport;
import io.checkoutgateway.http.admin.GetBackfill;
import io.checkoutgateway.http.admin.GetDriftReport;
import io.checkoutgateway.http.admin.GetEvent;
import io.checkoutgateway.http.admin.ListBackfills;
import io.checkoutgateway.http.admin.ListDriftFindings;
import io.checkoutgateway.http.admin.ListDriftReports;
import io.checkoutgateway.http.admin.ListEvents;
import io.checkoutgateway.http.admin.RepairDriftReport;
import io.checkoutgateway.http.admin.ReplayEvent;
import io.checkoutgateway.http.billing.CheckoutAnswers;
import io.checkoutgateway.http.billing.CreateCustomer;
import io.checkoutgateway.http.billing.CreateCustomerStripeCheckoutSession;
import io.checkoutgateway.http.billing.GetCustomer;
import io.checkoutgateway.http.djstripe.GetDjStripeCheckoutSession;
import io.checkoutgateway.http.djstripe.ListDjStripeCheckoutSessions;
import io.checkoutgateway.http.sessions.ExpireCheckoutSession;
import io.checkoutgateway.http.sessions.GetCheckoutSession;
import io.checkoutgateway.http.sessions.GetCheckoutSessionStripeObject;
import io.checkoutgateway.http.sessions.ListCheckoutSessionLineItems;
import io.checkoutgateway.http.sessions.ListCheckoutSessionTransitions;
import io.checkoutgateway.http.sessions.ListCheckoutSessions;
import io.checkoutgateway.http.sessions.RefreshCheckoutSession;
import io.checkoutgateway.http.webhook.ReceiveStripeWebhook;
import io.checkoutgateway.management.ManagementServer;
import io.checkoutgateway.management.VertxMetrics;
import io.checkoutgateway.mirror.CatchUp;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.OverdueSessions;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.Migrations;
import io.checkoutgateway.store.PgApiKeys;
import io.checkoutgateway.store.PgApps;
import io.checkoutgateway.store.PgCreateJournal;
import io.checkoutgateway.store.PgCustomers;
import io.checkoutgateway.store.PgDefaultChoices;
import io.checkoutgateway.store.PgEventLog;
import io.checkoutgateway.store.PgEvents;
import io.checkoutgateway.store.PgFindings;
import io.checkoutgateway.store.PgFollowUps;
import io.checkoutgateway.store.PgSessions;
import io.checkoutgateway.store.PgStripeCustomerLinks;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.stripe.StripeCustomerAccess;
import io.checkoutgateway.stripe.StripeFollowUpCalls;
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
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole program: every part and what it is made of, in the order in which a request meets them. */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** The request that answers are put down to which no request waits for. */
    private static final String RECONCILER = "reconciler";

    /** A run is announced where it is started; the other replicas join within this. */
    private static final Duration MIRROR_INTERVAL = Duration.ofSeconds(5);

    /** What is forgotten was kept for days: ten minutes more do not matter, and every replica looks. */
    private static final Duration RETENTION_INTERVAL = Duration.ofMinutes(10);

    private final Settings settings;
    private final Vertx vertx;
    private final PrometheusMeterRegistry metrics;
    private final Postgres postgres;
    private final StripeCalls stripeCalls;
    private final StripeCustomerAccess stripeCustomerAccess;
    private final Apps apps;
    private final ApiKeys apiKeys;
    private final CustomerService customers;
    private final CheckoutService checkout;
    private final UnfinishedSessions unfinished;
    private final EventStore events;
    private final EventWorker eventWorker;
    private final Inbox inbox;
    private final FollowUps followUps;
    private final Loop reconcileLoop;
    private final Loop eventLoop;
    private final Loop retentionLoop;
    private final Loop followUpLoop;
    private final Loop lineItemsLoop;
    private final MirrorParts mirrorParts;
    private final CatchUp catchUp;
    private final OverdueSessions overdue;
    private final Loop catchUpLoop;
    private final Loop mirrorLoop;
    private final BacklogMetrics backlogMetrics;
    private @Nullable ManagementServer management;
    private @Nullable ApiServer api;

    private Gateway(Settings settings, Clock clock) {
        this.settings = settings;
        this.metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        this.vertx = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(VertxMetrics.options()))
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .build();

        this.postgres = Postgres.of(vertx, settings.database());
        this.apiKeys = new ApiKeys(new PgApiKeys(postgres), new SecureRandom());
        this.apps = new Apps(new PgApps(postgres), settings.stripe(), settings.checkout());
        this.customers = new CustomerService(new PgCustomers(postgres));

        this.stripeCalls = new StripeCalls(vertx, settings.stripe(), metrics);
        this.stripeCustomerAccess = new StripeCustomerAccess(stripeCalls, settings.stripe());
        StripeSessions stripe = new StripeSessions(stripeCalls, settings.stripe(), clock);
        StripeCustomers stripeCustomers =
                new StripeCustomers(new PgStripeCustomerLinks(postgres), stripeCustomerAccess, clock);
        PgCreateJournal journal =
                new PgCreateJournal(postgres, settings.checkout().lease());
        this.checkout =
                new CheckoutService(customers, apps, journal, new PgSessions(postgres), stripe, stripeCustomers, clock);
        this.unfinished = new UnfinishedSessions(
                journal,
                customers,
                apps,
                stripe,
                stripeCustomers,
                new CheckoutAnswers(RECONCILER),
                clock,
                settings.checkout().idempotencyRetention());

        this.events = new PgEvents(postgres);
        this.eventWorker =
                new EventWorker(events, new EventReader(StripeSessions.API_VERSION), settings.events(), metrics, clock);
        WebhookSignature signature = new WebhookSignature(settings.events().tolerance(), clock);
        this.inbox = new Inbox(apps, signature, events, eventWorker, metrics);

        StripeFollowUpCalls followUpCalls = new StripeFollowUpCalls(stripeCalls, settings.stripe(), clock);
        this.followUps = new FollowUps(
                new PgFollowUps(postgres),
                apps,
                new Readings(stripe, followUpCalls, new PgFindings(postgres), clock),
                new DefaultSetting(new PgDefaultChoices(postgres), followUpCalls, clock),
                settings.stripe(),
                FollowUps.ATTEMPTS_MAX,
                metrics);
        this.mirrorParts = new MirrorParts(settings, postgres, stripeCalls, apps, clock, metrics);
        this.catchUp = mirrorParts.catchUp(events, eventWorker::announce);
        this.overdue = mirrorParts.overdue();
        this.catchUpLoop = new Loop(vertx, "catch-up", settings.mirror().catchUpInterval(), this::catchUp);
        this.mirrorLoop = new Loop(vertx, "mirror", MIRROR_INTERVAL, mirrorParts::work);

        this.backlogMetrics = new BacklogMetrics(events, metrics);
        this.reconcileLoop = new Loop(vertx, "reconcile", settings.checkout().reconcileInterval(), this::reconcile);
        this.retentionLoop = new Loop(vertx, "retention", RETENTION_INTERVAL, this::forget);
        this.eventLoop = new Loop(vertx, "events", settings.events().workInterval(), this::applyEvents);
        this.followUpLoop = followUpLoop("follow-ups", Line.NEWS);
        this.lineItemsLoop = followUpLoop("line-items", Line.LINE_ITEMS);
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
        Gateway gateway = new Gateway(settings, clock);
        // A promise of no event loop: the gateway's own are gone when a failed start is told.
        Promise<Gateway> started = Promise.promise();
        gateway.open().onSuccess(opened -> started.complete(gateway)).onFailure(failure -> gateway.close()
                .onComplete(closed -> started.fail(failure)));
        return started.future();
    }

    private Future<?> open() {
        return ManagementServer.start(vertx, settings.management(), postgres::check, metrics)
                .onSuccess(server -> management = server)
                .compose(server -> migrate())
                .compose(migrated -> apps.start())
                .onSuccess(this::learnAccount)
                .compose(app -> ApiServer.start(vertx, settings.http(), apiKeys, operations(), metrics)
                        .onSuccess(server -> opened(server, app)));
    }

    private Future<?> migrate() {
        return settings.database().migrate()
                ? Migrations.run(vertx, settings.database())
                        .onSuccess(count ->
                                LOG.atInfo().addKeyValue("count", count).log("migrations done"))
                : Future.succeededFuture();
    }

    private List<Operation> operations() {
        EventLog eventLog = new PgEventLog(postgres);
        Mirror mirror = mirrorParts.mirror();
        return List.of(
                new CreateCustomer(customers),
                new GetCustomer(customers),
                new CreateCustomerStripeCheckoutSession(checkout),
                new ReceiveStripeWebhook(inbox),
                new ListCheckoutSessions(checkout),
                new GetCheckoutSession(checkout),
                new ExpireCheckoutSession(checkout),
                new RefreshCheckoutSession(checkout),
                new ListCheckoutSessionTransitions(checkout),
                new ListCheckoutSessionLineItems(checkout),
                new GetCheckoutSessionStripeObject(checkout),
                new ListDjStripeCheckoutSessions(checkout),
                new GetDjStripeCheckoutSession(checkout),
                new ListEvents(eventLog),
                new GetEvent(eventLog),
                new ReplayEvent(eventLog),
                new CreateBackfill(mirror),
                new ListBackfills(mirror),
                new GetBackfill(mirror),
                new CancelBackfill(mirror),
                new CreateDriftReport(mirror),
                new ListDriftReports(mirror),
                new GetDriftReport(mirror),
                new ListDriftFindings(mirror),
                new CancelDriftReport(mirror),
                new RepairDriftReport(mirror));
    }

    /** Best effort: the gateway works without knowing it, and a Stripe that is away must not keep it from starting. */
    private void learnAccount(StripeApp app) {
        if (app.accountId() == null) {
            stripeCustomerAccess.accountOf(app).compose(apps::rememberAccount).onFailure(failure -> LOG.atWarn()
                    .addKeyValue("app", app.id())
                    .addKeyValue("reason", String.valueOf(failure.getMessage()))
                    .log("the Stripe account of the key is not known yet"));
        }
    }

    private void opened(ApiServer server, StripeApp app) {
        api = server;
        eventWorker.onAnnouncement(eventLoop::wake);
        eventLoop.start();
        reconcileLoop.start();
        retentionLoop.start();
        followUpLoop.start();
        lineItemsLoop.start();
        mirrorParts.mirror().onStart(mirrorLoop::wake);
        mirrorLoop.start();
        // At once: what was missed is what happened while nothing ran.
        catchUpLoop.start().wake();
        if (management != null) {
            management.started();
        }
        LOG.atInfo()
                .addKeyValue("port", port())
                .addKeyValue("management_port", managementPort())
                .addKeyValue("app", app.id())
                .addKeyValue("livemode", app.livemode())
                .log("checkout gateway started");
    }

    private Future<Boolean> reconcile() {
        return unfinished.runOnce().map(counts -> counts.finished() > 0);
    }

    private Future<Boolean> forget() {
        Future<Boolean> answers = unfinished.forgetAnswers();
        Future<Boolean> settled = eventWorker.forget();
        Future<Boolean> history = checkout.forgetHistory(settings.events().historyRetention());
        return Future.join(answers, settled, history)
                .map(done -> answers.result() || settled.result() || history.result());
    }

    private Future<Boolean> applyEvents() {
        return eventWorker.runOnce().onSuccess(this::ring).compose(counts -> backlogMetrics
                .refresh()
                .map(counts.total() > 0));
    }

    /** What was just learnt may call for more to be done. */
    private void ring(EventWorker.Counts counts) {
        if (counts.total() > 0) {
            followUpLoop.wake();
            lineItemsLoop.wake();
        }
    }

    private Loop followUpLoop(String name, Line line) {
        return new Loop(vertx, name, settings.events().workInterval(), () -> followUps
                .runOnce(line)
                .map(counts -> counts.total() > 0));
    }

    private Future<Boolean> catchUp() {
        return catchUp.runIfDue().compose(outcome -> overdue.runOnce().map(more -> more || outcome.more()));
    }

    /** Fetches events that were not delivered, once, now. */
    public Future<CatchUp.Outcome> catchUpNow() {
        return catchUp.runOnce();
    }

    /** Reads sessions that are overdue, once, now; tells whether there may be more. */
    public Future<Boolean> readOverdueNow() {
        return overdue.runOnce();
    }

    /** Does a few pages of backfills and reports, now; tells whether there were any. */
    public Future<Boolean> mirrorNow() {
        return mirrorParts.work();
    }

    /** Finishes creates that died, once, now. */
    public Future<UnfinishedSessions.Counts> reconcileNow() {
        return unfinished.runOnce();
    }

    /** Forgets some of what is kept no longer, now; tells whether there is more. */
    public Future<Boolean> forgetNow() {
        return forget();
    }

    /** Applies stored events, once, now. */
    public Future<EventWorker.Counts> applyEventsNow() {
        return eventWorker.runOnce();
    }

    /** Meets follow-ups, once, now. */
    public Future<FollowUps.Counts> followUpNow() {
        return followUps.runOnce();
    }

    /** The port of the API. */
    public int port() {
        return Objects.requireNonNull(api, "the gateway has not started").port();
    }

    /** The port of probes and metrics. */
    public int managementPort() {
        return Objects.requireNonNull(management, "the gateway has not started").port();
    }

    /** The configured Stripe app. */
    public Future<StripeApp> app() {
        return apps.ofNamespace(settings.checkout().namespace());
    }

    public ApiKeys apiKeys() {
        return apiKeys;
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
        followUps.stop();
        return (api == null ? Future.succeededFuture() : api.shutdown())
                .transform(drained -> Future.join(List.of(
                        eventLoop.stop(),
                        reconcileLoop.stop(),
                        retentionLoop.stop(),
                        followUpLoop.stop(),
                        lineItemsLoop.stop(),
                        catchUpLoop.stop(),
                        mirrorLoop.stop())))
                .transform(stopped -> stripeCalls.close())
                .transform(closed -> postgres.close())
                .transform(closed -> vertx.close());
    }
}
