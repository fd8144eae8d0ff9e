package io.checkoutgateway.sandbox.events;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.EventLoop;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Sends events to endpoints: signed, retried with growing delays, in order unless asked otherwise. Each event leaves
 * as soon as it happens; a timer calls {@link #runOnce()} for the retries.
 */
public final class Deliveries {
    private static final String CONTENT_TYPE = "application/json; charset=utf-8";
    private static final String USER_AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)";

    private final EventLoop loop;
    private final World world;
    private final Endpoints endpoints;
    private final DeliveryPolicy policy;
    private final WebClient client;
    private final Random random;
    private final Map<Endpoint, Lane> lanes = new HashMap<>();
    private final Map<String, List<Delivery>> byEvent = new LinkedHashMap<>();
    private DeliveryMode mode = DeliveryMode.kind();
    private boolean paused;
    private int sequence;
    private DeliveryCounts counts = DeliveryCounts.ZERO;

    /**
     * Sends nothing yet.
     *
     * @param seed for what {@link DeliveryMode} leaves to chance
     */
    public Deliveries(Vertx vertx, EventLoop loop, World world, Endpoints endpoints, DeliveryPolicy policy, long seed) {
        this.loop = loop;
        this.world = world;
        this.endpoints = endpoints;
        this.policy = policy;
        this.random = new Random(seed);
        WebClientOptions options = new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent(USER_AGENT)
                .setConnectTimeout((int) policy.timeout().toMillis())
                .setVerifyHost(true);
        this.client = WebClient.create(vertx, options);
    }

    /** Sends every delivery that is due, waits for the answers and says what became of them. From any thread. */
    @CanIgnoreReturnValue
    public Future<DeliveryCounts> runOnce() {
        Promise<DeliveryCounts> result = Promise.promise();
        loop.context().runOnContext(go -> {
            DeliveryCounts before = counts;
            drain().onComplete(done -> result.complete(counts.minus(before)));
        });
        return result.future();
    }

    /** Sends everything that waits, due or not, paused or not. From any thread. */
    @CanIgnoreReturnValue
    public Future<DeliveryCounts> flush() {
        loop.run(() -> {
            paused = false;
            lanes.values().forEach(Lane::hurry);
        });
        return runOnce();
    }

    /** From now on deliveries wait for {@link #flush()} or {@link #resume()}. From any thread. */
    public void pause() {
        loop.run(() -> paused = true);
    }

    /** Ends a pause and sends what is due. From any thread. */
    public void resume() {
        loop.run(() -> {
            paused = false;
            start();
        });
    }

    /** How unkind to be from now on. From any thread. */
    public void mode(DeliveryMode next) {
        loop.run(() -> mode = next);
    }

    /** Sends an event again to every endpoint that got it or should have; false when there is no such event. */
    @CanIgnoreReturnValue
    public boolean redeliver(String eventId) {
        return loop.call(() -> {
            List<Delivery> earlier = byEvent.getOrDefault(eventId, List.of());
            List<Delivery> again = earlier.stream()
                    .filter(Delivery::isCounted)
                    .map(delivery -> delivery(delivery.event(), delivery.endpoint(), true))
                    .toList();
            again.forEach(this::enqueue);
            start();
            return !again.isEmpty();
        });
    }

    /** All deliveries, the oldest event first. From any thread. */
    public List<Delivery> all() {
        return loop.call(() -> byEvent.values().stream().flatMap(List::stream).toList());
    }

    /** Whether every endpoint that wanted the event has it. On the event loop. */
    public boolean succeeded(String eventId) {
        Map<Endpoint, Boolean> byEndpoint = new HashMap<>();
        byEvent.getOrDefault(eventId, List.of())
                .forEach(delivery -> byEndpoint.merge(
                        delivery.endpoint(), delivery.state() == Delivery.State.DELIVERED, Boolean::logicalOr));
        return byEndpoint.values().stream().allMatch(delivered -> delivered);
    }

    /** Completes when every endpoint that gets the event at once has answered once. On the event loop. */
    public Future<Void> firstAnswers(String eventId) {
        Instant now = world.clock().instant();
        List<Future<Void>> answers = byEvent.getOrDefault(eventId, List.of()).stream()
                .filter(delivery -> !paused && !delivery.due().isAfter(now))
                .map(Delivery::firstAnswer)
                .toList();
        return answers.isEmpty()
                ? Future.succeededFuture()
                : Future.join(answers).mapEmpty();
    }

    /** Forgets all deliveries. On the event loop. */
    public void clear() {
        lanes.clear();
        byEvent.clear();
        mode = DeliveryMode.kind();
        paused = false;
    }

    /** Stops sending. */
    public void close() {
        client.close();
    }

    /** Whether the event that is about to be made is one of those that Stripe never makes. */
    boolean neverGenerates() {
        return random.nextDouble() < mode.neverGeneratedRate();
    }

    /** Makes the deliveries of an event that just happened; returns how many endpoints want it. */
    int send(Account account, JsonObject event) {
        List<Endpoint> receivers = endpoints.wanting(account, event.getString("type"));
        event.put("pending_webhooks", receivers.size());
        for (Endpoint receiver : receivers) {
            enqueue(delivery(event, receiver, false));
            if (random.nextDouble() < mode.duplicateRate()) {
                enqueue(delivery(event, receiver, true));
            }
        }
        return receivers.size();
    }

    /** Sends what is due without anybody waiting for it. On the event loop. */
    public void start() {
        // Events of one request are put in the lanes before the first leaves, so that a shuffle can mix them.
        loop.context().runOnContext(go -> drain());
    }

    void forget(String eventId) {
        byEvent.remove(eventId);
    }

    @CanIgnoreReturnValue // Whoever starts it without waiting sees the outcome in the deliveries.
    private Future<Void> drain() {
        if (paused) {
            return Future.succeededFuture();
        }
        List<Future<Void>> drained = lanes.values().stream().map(Lane::drain).toList();
        return drained.isEmpty()
                ? Future.succeededFuture()
                : Future.join(drained).mapEmpty();
    }

    private Delivery delivery(JsonObject event, Endpoint endpoint, boolean copy) {
        int number = ++sequence;
        int order = mode.shuffle() ? random.nextInt() : number;
        long delay = mode.longestDelay().isZero()
                ? 0
                : random.nextLong(mode.longestDelay().toMillis() + 1);
        // Without a shuffle all that happen in one millisecond must keep their order, so that is the resolution.
        Instant due = Instant.ofEpochMilli(world.clock().millis() + delay);
        return new Delivery("dlv_" + number, event, endpoint, copy, order, due);
    }

    private void enqueue(Delivery delivery) {
        byEvent.computeIfAbsent(delivery.eventId(), first -> new ArrayList<>()).add(delivery);
        if (random.nextDouble() < mode.dropRate()) {
            delivery.drop();
            return;
        }
        lane(delivery.endpoint()).add(delivery);
    }

    private Lane lane(Endpoint endpoint) {
        return lanes.computeIfAbsent(endpoint, first -> new Lane(world.clock(), policy.concurrency(), this::attempt));
    }

    private Future<Void> attempt(Delivery delivery) {
        Endpoint endpoint = delivery.endpoint();
        if (!endpoint.isEnabled()) {
            delivery.giveUp();
            return Future.succeededFuture();
        }
        String body = body(delivery);
        long time = policy.wallClockSignature()
                ? Instant.now().getEpochSecond()
                : world.clock().seconds();
        return client.postAbs(endpoint.url())
                .timeout(policy.timeout().toMillis())
                .putHeader("Content-Type", CONTENT_TYPE)
                .putHeader("Stripe-Signature", Signature.header(time, body, endpoint.secrets()))
                .sendBuffer(Buffer.buffer(body))
                .map(HttpResponse::statusCode)
                .onSuccess(delivery::answered)
                .onFailure(delivery::unanswered)
                .transform(sent -> {
                    settle(delivery);
                    return Future.succeededFuture();
                });
    }

    private static String body(Delivery delivery) {
        JsonObject event = delivery.event();
        return delivery.endpoint()
                .apiVersion()
                .map(version -> event.copy().put("api_version", version))
                .orElse(event)
                .encode();
    }

    private void settle(Delivery delivery) {
        boolean delivered = delivery.state() == Delivery.State.DELIVERED;
        List<Duration> delays = policy.retryDelays();
        delivery.endpoint().answered(delivered, world.clock().instant(), policy.disableAfter());
        if (delivered) {
            counts = counts.plus(1, 0, 0);
            JsonObject event = delivery.event();
            if (delivery.isCounted()) {
                event.put("pending_webhooks", event.getInteger("pending_webhooks") - 1);
            }
        } else if (delivery.attempts() > delays.size()) {
            counts = counts.plus(0, 0, 1);
            delivery.giveUp();
        } else {
            counts = counts.plus(0, 1, 0);
            delivery.dueAt(world.clock().instant().plus(delays.get(delivery.attempts() - 1)));
            lane(delivery.endpoint()).add(delivery);
        }
    }
}
