package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.events.EventStore.Settled;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The inbox and what it does to the rows, on Postgres and without a gateway round it: events go in, rows come out. As an
 * extension it is one for all tests of a class, of which each begins as before anything was heard.
 */
final class InboxOnPostgres implements AutoCloseable, AfterEachCallback, AfterAllCallback {
    static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    static final String CUSTOMER = "01KAMZ2V5Q8XG6T4N9R3W7B1CE";
    static final Instant START = Instant.ofEpochSecond(1_795_334_400L);

    private static final String VERSION = "2026-07-29.dahlia";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database = TestDatabase.create();
    final Postgres postgres;
    private final EventReader reader = new EventReader(VERSION);
    final PgEvents events;
    private volatile long nanos;

    InboxOnPostgres() {
        DatabaseSettings settings = database.settings().database();
        postgres = Postgres.of(vertx, settings);
        events = new PgEvents(postgres, () -> nanos);
        execute("INSERT INTO apps (id, namespace, type, stripe_account_id, livemode, configured)" + " VALUES ('" + APP
                + "', 'test', 'stripe', 'acct_own', false, true)");
        execute("INSERT INTO customers (id, namespace, key, name) VALUES ('" + CUSTOMER + "', 'test', 'c', 'C')");
    }

    /** A session of ours that Stripe opened, with its SetupIntent and a linked customer; answers our id. */
    void addOurs(String id, String stripeSessionId, String setupIntentId) {
        execute(
                "INSERT INTO checkout_sessions (id, namespace, app_id, stripe_account_id, livemode, customer_id, status,"
                        + " stripe_session_id, setup_intent_id, stripe, stripe_as_of, mode) VALUES ('%s', 'test', '%s',"
                                .formatted(id, APP)
                        + " 'acct_own', false, '%s', 'open', '%s', '%s', '%s', '%s', 'setup')"
                                .formatted(
                                        CUSTOMER,
                                        stripeSessionId,
                                        setupIntentId,
                                        session(stripeSessionId, setupIntentId).encode(),
                                        START));
    }

    /** A session object in setup mode, open. */
    static JsonObject session(String id, String setupIntentId) {
        return new JsonObject()
                .put("id", id)
                .put("object", "checkout.session")
                .put("mode", "setup")
                .put("status", "open")
                .put("payment_status", "no_payment_required")
                .put("created", START.getEpochSecond())
                .put("livemode", false)
                .put("setup_intent", setupIntentId);
    }

    static JsonObject setupIntent(String id, String status) {
        return new JsonObject().put("id", id).put("object", "setup_intent").put("status", status);
    }

    static JsonObject paymentIntent(String id, String status, @Nullable String method) {
        return new JsonObject()
                .put("id", id)
                .put("object", "payment_intent")
                .put("status", status)
                .put("payment_method", method);
    }

    static JsonObject subscription(String id, String status, @Nullable String method) {
        return new JsonObject()
                .put("id", id)
                .put("object", "subscription")
                .put("status", status)
                .put("default_payment_method", method);
    }

    /** An event about this object, so many seconds after the start. */
    static JsonObject event(String type, int second, JsonObject object) {
        return new JsonObject()
                .put("id", "evt_" + COUNT.incrementAndGet())
                .put("object", "event")
                .put("api_version", VERSION)
                .put("created", START.getEpochSecond() + second)
                .put("livemode", false)
                .put("type", type)
                .put("data", new JsonObject().put("object", object));
    }

    boolean add(JsonObject event) {
        return await(events.add(APP, StripeEvent.of(event.toBuffer()), Delivery.webhook(Map.of())));
    }

    /** Stores these side by side. */
    void addAll(List<JsonObject> told) {
        List<Future<Boolean>> stored = told.stream()
                .map(event -> events.add(APP, StripeEvent.of(event.toBuffer()), Delivery.webhook(Map.of())))
                .toList();
        assertThat(await(Future.all(stored)).<Boolean>list()).containsOnly(true);
    }

    /** Of the clock by which the inbox sees how fast events come; it stands still otherwise. */
    void pass(Duration time) {
        nanos += time.toNanos();
    }

    EventReader reader() {
        return reader;
    }

    /** Applies what is pending; answers what became of it. */
    List<Settled> settle() {
        List<Settled> settled = new ArrayList<>();
        Optional<Settled> next = settleOne();
        while (next.isPresent()) {
            settled.add(next.get());
            next = settleOne();
        }
        return settled;
    }

    private Optional<Settled> settleOne() {
        return await(events.settleNext(reader::read, 1));
    }

    /** Stores and applies one event after the other. */
    void hear(List<JsonObject> heard) {
        for (JsonObject event : heard) {
            assertThat(add(event)).isTrue();
            assertThat(settle()).isNotEmpty();
        }
    }

    /** As before anything was heard. */
    void forgetAll() {
        execute(
                "TRUNCATE stripe_events, checkout_sessions, follow_ups, stripe_customer_links, outbox, connected_accounts CASCADE");
    }

    @Override
    public void afterEach(ExtensionContext test) {
        forgetAll();
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        close();
    }

    List<List<String>> rows(String sql) {
        return database.rows(sql);
    }

    final void execute(String sql) {
        database.execute(sql);
    }

    TestDatabase database() {
        return database;
    }

    /** A payment session as Stripe would have made it now, complete, paid or not yet. */
    static JsonObject payment(String id, String paymentStatus) {
        return madeNow(session(id, "none"))
                .putNull("setup_intent")
                .put("mode", "payment")
                .put("status", "complete")
                .put("payment_status", paymentStatus);
    }

    /** The same session, made just now by the clock of the database. */
    static JsonObject madeNow(JsonObject session) {
        return session.copy().put("created", Instant.now().getEpochSecond());
    }

    /** The app whose inbox it is. */
    static StripeApp app() {
        return new StripeApp(APP, "test", "acct_own", false, Secret.of("sk_test_none"), List.of());
    }

    /** Every order of these. */
    static <T> List<List<T>> orders(List<T> of) {
        if (of.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> orders = new ArrayList<>();
        for (int i = 0; i < of.size(); i++) {
            List<T> others = new ArrayList<>(of);
            T first = others.remove(i);
            for (List<T> order : orders(others)) {
                List<T> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }

    @Override
    public void close() {
        await(postgres.close());
        await(vertx.close());
    }
}
