package io.checkoutgateway.followup;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionCreateParams.LineItem;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.followup.FollowUp.Kind;
import io.checkoutgateway.followup.FollowUps.Result;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgApps;
import io.checkoutgateway.store.PgDefaultChoices;
import io.checkoutgateway.store.PgEvents;
import io.checkoutgateway.store.PgFindings;
import io.checkoutgateway.store.PgFollowUps;
import io.checkoutgateway.store.PgKeysets;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.store.Wishes;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.stripe.StripeFollowUpCalls;
import io.checkoutgateway.stripe.StripeSessions;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Selling;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.TestSandbox;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Everything that follow-ups need and nothing that works in the background: a test says when they are met. */
final class FollowUpScene implements AutoCloseable {
    static final String CONNECTED = "acct_1ConnectedShop00";
    static final int ATTEMPTS = 3;

    private static final AtomicInteger IDS = new AtomicInteger();

    final Vertx vertx = Vertx.vertx();
    final StripeSandbox sandbox =
            TestSandbox.start(vertx, SandboxOptions.defaults().withConnectedAccounts(Set.of(CONNECTED)));
    final TestDatabase database = TestDatabase.create();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final StripeApp app;
    final PgDefaultChoices choices;

    private final Settings settings;
    private final Postgres postgres;
    private final Apps apps;
    private final StripeCalls calls;
    private final FollowUps followUps;
    private final EventReader reader = new EventReader(StripeSessions.API_VERSION);
    private final PgEvents events;

    FollowUpScene() {
        Map<String, String> values = new HashMap<>(TestGateway.settings(database, sandbox));
        values.put("STRIPE_RETRIES", "0");
        settings = Settings.of(values);
        postgres = Postgres.of(vertx, settings.database());
        KeysetVault vault = new KeysetVault(new PgKeysets(postgres), SealingKeys.of(settings.secrets()));
        await(vault.start());
        apps = new Apps(new PgApps(postgres, vault), settings.stripe(), settings.checkout(), settings.apps());
        app = await(apps.start()).orElseThrow();
        choices = new PgDefaultChoices(postgres);
        calls = new StripeCalls(vertx, settings.stripe(), metrics);
        followUps = replica();
        events = new PgEvents(postgres);
    }

    /** Another process on the same database. */
    FollowUps replica() {
        return new FollowUps(
                vertx,
                new PgFollowUps(postgres),
                apps,
                means(calls),
                means(calls.background()),
                settings.stripe(),
                ATTEMPTS,
                metrics);
    }

    private FollowUps.Means means(StripeCalls lane) {
        Clock clock = Clock.systemUTC();
        StripeFollowUpCalls stripe = new StripeFollowUpCalls(lane, settings.stripe(), clock);
        return new FollowUps.Means(
                new Readings(new StripeSessions(lane, settings.stripe(), clock), stripe, new PgFindings(postgres)),
                new DefaultSetting(choices, stripe));
    }

    /** How many calls to Stripe were made in this lane, {@code caller} or {@code background}. */
    long callsInLane(String lane) {
        return metrics.find("gateway.stripe.call").tag("lane", lane).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    FollowUps followUps() {
        return followUps;
    }

    void wish(Kind kind, String subject) {
        wish(kind, subject, null);
    }

    void wish(Kind kind, String subject, @Nullable String account) {
        wish(new FollowUp(kind, app.id(), account, subject));
    }

    void wish(FollowUp wanted) {
        Wishes.add(postgres, wanted);
    }

    /** Meets what is pending and what that calls for, until nothing is left; answers how many there were. */
    int meetAll() {
        FollowUps.Counts counts = meet();
        assertThat(counts.of(Result.RETRIED) + counts.of(Result.GIVEN_UP))
                .as("failures")
                .isZero();
        return counts.total() == 0 ? 0 : counts.total() + meetAll();
    }

    /** Meets what is pending, one round of it, as if every pause were over. */
    FollowUps.Counts meet() {
        endPauses();
        return await(followUps.runOnce());
    }

    void endPauses() {
        database.execute("UPDATE checkout_gateway.follow_ups SET next_attempt_at = now()");
    }

    /** Stores an event and does what it means. */
    void hear(JsonObject event) {
        assertThat(await(events.add(app.id(), StripeEvent.of(event.toBuffer()), Delivery.webhook(Map.of()))))
                .isTrue();
        settle();
    }

    /** Does once more what an event means. */
    void replay(JsonObject event) {
        database.execute("UPDATE checkout_gateway.stripe_events SET state = 'pending', next_attempt_at = now()"
                + " WHERE event_id = '" + event.getString("id") + "'");
        settle();
    }

    private void settle() {
        boolean found = true;
        while (found) {
            found = await(events.settleNext(reader::read, 1)).isPresent();
        }
    }

    /** The follow-ups that are left, as the columns' texts. */
    List<List<String>> left(String columns) {
        return database.rows("SELECT " + columns + " FROM checkout_gateway.follow_ups ORDER BY id");
    }

    /** One value of the database. */
    String value(String expression, String table, String condition) {
        List<List<String>> rows =
                database.rows("SELECT %s FROM checkout_gateway.%s WHERE %s".formatted(expression, table, condition));
        return rows.isEmpty() ? "no row" : rows.get(0).get(0);
    }

    /** One value of the row of this session of Stripe's. */
    String session(String stripeSessionId, String expression) {
        return value(expression, "checkout_sessions", "stripe_session_id = '" + stripeSessionId + "'");
    }

    /** Another service of the same account. */
    StripeClient stripe() {
        return stripe(null);
    }

    StripeClient stripe(@Nullable String account) {
        StripeClient.StripeClientBuilder builder = StripeClient.builder()
                .setApiKey(app.apiKey().reveal())
                .setApiBase(sandbox.baseUri().toString());
        return (account == null ? builder : builder.setStripeAccount(account)).build();
    }

    /** A session of another service that sells so many things. */
    static SessionCreateParams selling(int things) {
        SessionCreateParams.Builder params = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.PAYMENT)
                .setSuccessUrl("https://other.example/done");
        for (int i = 1; i <= things; i++) {
            params.addLineItem(LineItem.builder()
                    .setQuantity(1L)
                    .setPriceData(LineItem.PriceData.builder()
                            .setCurrency("eur")
                            .setUnitAmount(100L * i)
                            .setProductData(LineItem.PriceData.ProductData.builder()
                                    .setName("Thing " + i)
                                    .build())
                            .build())
                    .build());
        }
        return params.build();
    }

    String open(SessionCreateParams params) throws StripeException {
        return stripe().v1().checkout().sessions().create(params).getId();
    }

    /** An open session in setup mode of a customer at Stripe. */
    String openSetup(String stripeCustomerId) throws StripeException {
        return open(Selling.any(SessionCreateParams.Mode.SETUP)
                .setCustomer(stripeCustomerId)
                .build());
    }

    /** A payment method that the customer leaves on Stripe's page. */
    String savedMethod(String stripeCustomerId) throws StripeException {
        String session = openSetup(stripeCustomerId);
        HostedPage.of(sandbox, session).pay(HostedPage.GOOD_CARD);
        String intent = stripe().v1().checkout().sessions().retrieve(session).getSetupIntent();
        return stripe().v1().setupIntents().retrieve(intent).getPaymentMethod();
    }

    /** A customer of ours with a counterpart at Stripe. */
    record Link(String id, String stripeCustomerId) {}

    Link link() throws StripeException {
        String stripeCustomerId = stripe().v1()
                .customers()
                .create(CustomerCreateParams.builder().setName("Jenny Rosen").build())
                .getId();
        String id = "%026d".formatted(IDS.incrementAndGet());
        database.execute(
                """
                INSERT INTO checkout_gateway.customers (id, namespace, key, name) VALUES ('%1$s', 'test', '%1$s', 'Jenny')
                """
                        .formatted(id));
        database.execute(
                """
                INSERT INTO checkout_gateway.stripe_customer_links (
                    id, namespace, app_id, customer_id, stripe_customer_id, parameters)
                VALUES ('%1$s', 'test', '%2$s', '%1$s', '%3$s', '{}')
                """
                        .formatted(id, app.id(), stripeCustomerId));
        return new Link(id, stripeCustomerId);
    }

    /** As if the customer's session had been opened by the gateway. */
    void own(String stripeSessionId, Link link) {
        database.execute(
                "UPDATE checkout_gateway.checkout_sessions SET customer_id = '%s' WHERE stripe_session_id = '%s'"
                        .formatted(link.id(), stripeSessionId));
    }

    /** One column of the link. */
    String link(Link link, String column) {
        return value(column, "stripe_customer_links", "id = '" + link.id() + "'");
    }

    @Override
    public void close() {
        await(calls.close());
        await(postgres.close());
        await(sandbox.close());
        await(vertx.close());
    }
}
