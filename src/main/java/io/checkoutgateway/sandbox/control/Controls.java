package io.checkoutgateway.sandbox.control;

import io.checkoutgateway.sandbox.events.Deliveries;
import io.checkoutgateway.sandbox.events.Delivery;
import io.checkoutgateway.sandbox.events.DeliveryCounts;
import io.checkoutgateway.sandbox.events.DeliveryMode;
import io.checkoutgateway.sandbox.events.Endpoints;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.sandbox.faults.Faults;
import io.checkoutgateway.sandbox.http.Credentials;
import io.checkoutgateway.sandbox.resources.BankDebit;
import io.checkoutgateway.sandbox.resources.Card;
import io.checkoutgateway.sandbox.resources.Completion;
import io.checkoutgateway.sandbox.resources.Completion.Outcome;
import io.checkoutgateway.sandbox.resources.Connections;
import io.checkoutgateway.sandbox.resources.Consent;
import io.checkoutgateway.sandbox.resources.Due;
import io.checkoutgateway.sandbox.resources.Expirations;
import io.checkoutgateway.sandbox.resources.Payer;
import io.checkoutgateway.sandbox.resources.Payment;
import io.checkoutgateway.sandbox.resources.Purchases;
import io.checkoutgateway.sandbox.resources.WebhookEndpoints;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.Ledger;
import io.checkoutgateway.sandbox.world.SandboxClock;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Everything an operator can do. */
public final class Controls {
    private static final String ACCEPTED = "4242424242424242";
    private static final String DECLINED = "4000000000000002";
    private static final int FAR_YEAR = 2099;
    private static final Consent CONSENT = new Consent(true, false);

    private final World world;
    private final Faults faults;
    private final Deliveries deliveries;
    private final Endpoints endpoints;
    private final WebhookEndpoints webhookEndpoints;
    private final Completion completion;
    private final Purchases purchases;
    private final Expirations expirations;
    private final Credentials credentials;
    private final Connections connections;
    private final Supplier<URI> base;
    private final Runnable reset;

    public Controls(
            World world,
            Faults faults,
            Deliveries deliveries,
            Endpoints endpoints,
            WebhookEndpoints webhookEndpoints,
            Completion completion,
            Purchases purchases,
            Expirations expirations,
            Credentials credentials,
            Connections connections,
            Supplier<URI> base,
            Runnable reset) {
        this.world = world;
        this.faults = faults;
        this.deliveries = deliveries;
        this.endpoints = endpoints;
        this.webhookEndpoints = webhookEndpoints;
        this.completion = completion;
        this.purchases = purchases;
        this.expirations = expirations;
        this.credentials = credentials;
        this.connections = connections;
        this.base = base;
        this.reset = reset;
    }

    /** All commands, in the order the index shows them. */
    public List<Command> commands() {
        List<Command> all = new ArrayList<>(List.of(
                Command.of("GET", "/health", "says that the sandbox answers", (path, body) -> ok()),
                Command.of("GET", "/ledger", "what exists", (path, body) -> ledger()),
                Command.of("POST", "/reset", "forgets everything", (path, body) -> done(reset))));
        all.addAll(clock());
        all.addAll(sessions());
        all.addAll(faults());
        all.addAll(deliveries());
        all.addAll(keys());
        all.addAll(connections());
        return all;
    }

    private List<Command> clock() {
        SandboxClock clock = world.clock();
        return List.of(
                Command.of("GET", "/clock", "the time here", (path, body) -> time()),
                Command.of("POST", "/clock/advance", "moves on by {seconds} or {duration: PT24H}", (path, body) -> {
                    clock.advance(
                            body.containsKey("seconds")
                                    ? Duration.ofSeconds(body.getLong("seconds"))
                                    : Duration.parse(body.getString("duration", "")));
                    return time();
                }),
                Command.of("POST", "/clock/set", "moves to {instant: 2030-01-01T00:00:00Z}", (path, body) -> {
                    clock.set(Instant.parse(body.getString("instant", "")));
                    return time();
                }),
                Command.of("POST", "/clock/freeze", "stops the time", (path, body) -> {
                    clock.freeze();
                    return time();
                }),
                Command.of("POST", "/clock/resume", "lets the time run", (path, body) -> {
                    clock.resume();
                    return time();
                }));
    }

    private List<Command> sessions() {
        return List.of(
                Command.of("GET", "/sessions/{id}", "one session and its page", session(this::show)),
                Command.of(
                        "POST",
                        "/sessions/{id}/complete",
                        "pays as a customer would; {email, name, card, method} are optional",
                        (path, body) -> attempt(path.get(0), body, ACCEPTED)),
                Command.of(
                        "POST",
                        "/sessions/{id}/decline",
                        "tries a card that is declined",
                        (path, body) -> attempt(path.get(0), body, DECLINED)),
                Command.of("POST", "/sessions/{id}/abandon", "the customer walks away", session(found -> {
                    completion.abandon(found.account, found.session);
                    return show(found);
                })),
                Command.of(
                        "POST",
                        "/sessions/{id}/settle",
                        "the bank decides about a delayed payment: {paid: true}",
                        (path, body) -> settle(find(path.get(0)), body)),
                Command.of("POST", "/expirations/run", "expires what is due", (path, body) -> new JsonObject()
                        .put("expired", expirations.runOnce())));
    }

    private List<Command> faults() {
        return List.of(
                Command.of("GET", "/faults", "the script", (path, body) -> new JsonObject()
                        .put(
                                "faults",
                                array(faults.list().stream()
                                        .map(FaultJson::toJson)
                                        .toList()))),
                Command.of(
                        "POST",
                        "/faults",
                        "adds {method, path, effect, times, skip}; see README for effects",
                        (path, body) -> FaultJson.toJson(faults.add(
                                body.getString("method", "*"),
                                body.getString("path", "/**"),
                                body.getInteger("skip", 0),
                                body.getInteger("times", 1),
                                FaultJson.effect(body)))),
                Command.of("POST", "/faults/{id}/release", "lets held requests go on", (path, body) -> {
                    Fault fault = faults.find(path.get(0)).orElseThrow(() -> none("fault", path.get(0)));
                    fault.release();
                    return FaultJson.toJson(fault);
                }),
                Command.of("DELETE", "/faults", "clears the script", (path, body) -> done(faults::clear)));
    }

    private List<Command> deliveries() {
        return List.of(
                Command.of("GET", "/deliveries", "what was sent where", (path, body) -> new JsonObject()
                        .put(
                                "deliveries",
                                array(deliveries.all().stream()
                                        .map(Delivery::toJson)
                                        .toList()))),
                Command.later("POST", "/deliveries/run", "sends what is due", (path, body) -> deliveries
                        .runOnce()
                        .map(Controls::counts)),
                Command.later("POST", "/deliveries/flush", "sends everything that waits", (path, body) -> deliveries
                        .flush()
                        .map(Controls::counts)),
                Command.of("POST", "/deliveries/pause", "holds webhooks back", (path, body) -> done(deliveries::pause)),
                Command.of("POST", "/deliveries/resume", "ends a pause", (path, body) -> done(deliveries::resume)),
                Command.of(
                        "POST",
                        "/deliveries/mode",
                        "{shuffle, duplicate_rate, drop_rate, longest_delay_millis, never_generated_rate}",
                        (path, body) -> mode(body)),
                Command.of("POST", "/events/{id}/redeliver", "sends an event again", (path, body) -> {
                    if (!deliveries.redeliver(path.get(0))) {
                        throw none("delivered event", path.get(0));
                    }
                    return ok();
                }),
                Command.of(
                        "POST",
                        "/webhook_endpoints",
                        "adds {url, enabled_events, secret} for all accounts",
                        (path, body) -> listen(body)),
                Command.of(
                        "POST",
                        "/webhook_endpoints/{id}/roll",
                        "a second secret signs, too",
                        (path, body) -> new JsonObject()
                                .put(
                                        "secret",
                                        endpoints
                                                .roll(path.get(0))
                                                .orElseThrow(() -> none("webhook endpoint", path.get(0))))),
                Command.of("POST", "/webhook_endpoints/{id}/retire", "the old secret signs no more", (path, body) -> {
                    endpoints.retireOldSecret(path.get(0));
                    return ok();
                }));
    }

    private List<Command> keys() {
        return List.of(
                Command.of("POST", "/keys/expire", "refuses {key} from now on", (path, body) -> {
                    credentials.expire(body.getString("key", ""));
                    return ok();
                }),
                Command.of("POST", "/keys/restrict", "{key} may do only {permissions}", (path, body) -> {
                    Set<String> permissions = body.getJsonArray("permissions", new JsonArray()).stream()
                            .map(String.class::cast)
                            .collect(Collectors.toSet());
                    credentials.restrict(body.getString("key", ""), permissions);
                    return ok();
                }));
    }

    private List<Command> connections() {
        return List.of(
                Command.of("POST", "/accounts/{id}/connect", "any key may speak for the account", (path, body) -> {
                    connections.connect(path.get(0));
                    return ok();
                }),
                Command.of(
                        "POST",
                        "/accounts/{id}/deauthorize",
                        "no key may speak for the account any more, and endpoints with connect=true hear of it",
                        (path, body) -> {
                            if (!connections.deauthorize(path.get(0))) {
                                throw none("connected account", path.get(0));
                            }
                            return ok();
                        }));
    }

    private JsonObject attempt(String id, JsonObject body, String card) {
        Found found = find(id);
        if (!"open".equals(found.session.getString("status"))) {
            throw new IllegalStateException("the session is " + found.session.getString("status"));
        }
        if (card.equals(DECLINED) && !Due.asksForMethod(found.session)) {
            throw new IllegalStateException("the session asks for no payment method");
        }
        Payer payer = new Payer(body.getString("email", "jenny@example.com"), body.getString("name", "Jenny Rosen"));
        Outcome outcome = Due.asksForMethod(found.session)
                ? completion.pay(found.account, found.session, payment(found.session, payer, body, card), CONSENT)
                : completion.confirm(found.account, found.session, payer, CONSENT);
        if (outcome instanceof Outcome.Challenged && body.getBoolean("challenge", true)) {
            outcome = completion.challenged(found.account, found.session, true);
        }
        return show(found).put("outcome", outcome.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
    }

    private static Payment payment(JsonObject session, Payer payer, JsonObject body, String card) {
        String method = body.getString("method", "card");
        if (method.equals("card")) {
            return new Card(payer, body.getString("card", card), 12, FAR_YEAR);
        }
        if (!session.getJsonArray("payment_method_types").contains(method)) {
            throw new IllegalStateException("the session does not offer " + method);
        }
        return new BankDebit(payer, method);
    }

    private JsonObject settle(Found found, JsonObject body) {
        if (!purchases.settle(found.account, found.session, body.getBoolean("paid", true))) {
            throw new IllegalStateException("no delayed payment is under way");
        }
        return show(found);
    }

    private JsonObject show(Found found) {
        return new JsonObject()
                .put("account", found.account.id())
                .put("page_url", base.get() + "/c/pay/" + found.session.getString("id"))
                .put("session", found.session.copy());
    }

    private JsonObject mode(JsonObject body) {
        deliveries.mode(new DeliveryMode(
                body.getBoolean("shuffle", false),
                body.getDouble("duplicate_rate", 0.0),
                body.getDouble("drop_rate", 0.0),
                Duration.ofMillis(body.getLong("longest_delay_millis", 0L)),
                body.getDouble("never_generated_rate", 0.0)));
        return ok();
    }

    private JsonObject listen(JsonObject body) {
        List<String> events = body.getJsonArray("enabled_events", new JsonArray().add("*")).stream()
                .map(String.class::cast)
                .toList();
        URI url = URI.create(body.getString("url", ""));
        if (url.getHost() == null) {
            throw new IllegalArgumentException("url must be an absolute address, was " + url);
        }
        Optional<String> secret = Optional.ofNullable(body.getString("secret"));
        return new JsonObject().put("secret", webhookEndpoints.listen(url, events, secret));
    }

    private JsonObject ledger() {
        Ledger ledger = world.ledger();
        return new JsonObject()
                .put(
                        "sessions",
                        array(ledger.sessions().stream()
                                .map(JsonObject::mapFrom)
                                .toList()))
                .put(
                        "customers",
                        array(ledger.customers().stream()
                                .map(JsonObject::mapFrom)
                                .toList()))
                .put(
                        "executed_creates",
                        new JsonObject(new java.util.TreeMap<String, Object>(ledger.executedCreates())));
    }

    private JsonObject time() {
        return new JsonObject()
                .put("now", world.clock().instant().toString())
                .put("unix", world.clock().seconds())
                .put("frozen", world.clock().isFrozen());
    }

    private java.util.function.BiFunction<List<String>, JsonObject, JsonObject> session(
            Function<Found, JsonObject> work) {
        return (path, body) -> work.apply(find(path.get(0)));
    }

    private Found find(String id) {
        Account account = world.ownerOf(Kind.SESSION, id).orElseThrow(() -> none("session", id));
        return new Found(account, account.all(Kind.SESSION).find(id).orElseThrow());
    }

    private static JsonObject counts(DeliveryCounts counts) {
        return new JsonObject()
                .put("delivered", counts.delivered())
                .put("postponed", counts.postponed())
                .put("failed", counts.failed());
    }

    private static JsonArray array(List<JsonObject> list) {
        return new JsonArray(new ArrayList<>(list));
    }

    private static JsonObject done(Runnable work) {
        work.run();
        return ok();
    }

    private static JsonObject ok() {
        return new JsonObject().put("ok", true);
    }

    private static NoSuchElementException none(String what, String id) {
        return new NoSuchElementException("no " + what + " " + id);
    }

    private record Found(Account account, JsonObject session) {}
}
