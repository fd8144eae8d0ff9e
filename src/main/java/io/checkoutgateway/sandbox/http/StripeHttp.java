package io.checkoutgateway.sandbox.http;

import io.checkoutgateway.sandbox.faults.Faults;
import io.checkoutgateway.sandbox.wire.BracketForm;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers everything under {@code /v1}. A request passes, in this order: scripted refusals, its key, its route, its
 * parameters, its idempotency key, faults before the work, the work, faults after it.
 */
public final class StripeHttp {
    /** The version every account starts with, and the one stripe-java 33.3.0 asks for. */
    public static final String DEFAULT_VERSION = "2026-07-29.dahlia";

    private static final Logger LOG = LoggerFactory.getLogger(StripeHttp.class);
    private static final Pattern VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(\\.[a-z]+)?(;.*)?");
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final Vertx vertx;
    private final World world;
    private final Credentials credentials;
    private final Faults faults;
    private final Expansion expansion;
    private final List<Route> routes;
    private final Duration latency;
    private final Runnable housekeeping;
    private final Idempotency idempotency;

    /**
     * A front.
     *
     * @param routes in order of precedence
     * @param latency added to every answer
     * @param housekeeping run before each request, so that nothing is seen in a state its time has passed
     */
    public StripeHttp(
            Vertx vertx,
            World world,
            Credentials credentials,
            Faults faults,
            Expansion expansion,
            List<Route> routes,
            Duration latency,
            Runnable housekeeping) {
        this.vertx = vertx;
        this.world = world;
        this.credentials = credentials;
        this.faults = faults;
        this.expansion = expansion;
        this.routes = List.copyOf(routes);
        this.latency = latency;
        this.housekeeping = housekeeping;
        this.idempotency = new Idempotency(world.clock());
    }

    /** Answers one request whose body has arrived. */
    public void handle(HttpServerRequest request, Buffer body) {
        Exchange exchange = new Exchange(request, body, world.ids().brief("req"));
        Strike strike = new Strike(vertx, faults.claim(request.method().name(), request.path()));
        pause().compose(rested -> answer(exchange, strike))
                .recover(failure -> Future.succeededFuture(failed(exchange, failure)))
                .onSuccess(reply -> write(exchange, reply));
    }

    /** Forgets all idempotency keys. */
    public void clear() {
        idempotency.clear();
    }

    private Future<Reply> answer(Exchange exchange, Strike strike) {
        Optional<Reply> refusal = strike.refusal();
        if (refusal.isPresent()) {
            return Future.succeededFuture(refusal.get());
        }
        housekeeping.run();
        Admitted admitted = admit(exchange);
        if (admitted.replay != null) {
            return strike.beforeCommit().compose(go -> strike.afterCommit(admitted.replay));
        }
        return strike.beforeCommit()
                .onFailure(dropped -> admitted.ticket.release())
                .compose(go -> strike.afterCommit(strike.failure()
                        .map(reply -> settled(admitted.ticket, reply))
                        .orElseGet(() -> work(exchange, admitted))));
    }

    private Admitted admit(Exchange exchange) {
        HttpServerRequest request = exchange.request;
        Account account = credentials.admit(request);
        String version = version(request);
        Map<String, Object> raw = BracketForm.parse(exchange.form());
        for (Route route : routes) {
            Optional<List<String>> path = match(route, request);
            if (path.isPresent()) {
                credentials.checkPermission(request, account, route.returns().replace("list of ", ""));
                return claim(exchange, route, account, path.get(), raw, version);
            }
        }
        throw unknownUrl(request);
    }

    private Admitted claim(
            Exchange exchange,
            Route route,
            Account account,
            List<String> path,
            Map<String, Object> raw,
            String version) {
        String key = exchange.idempotencyKey();
        if (key == null) {
            return new Admitted(route, call(exchange, route, account, path, raw, version), idempotency.none(), null);
        }
        String endpoint = exchange.request.path();
        Optional<Reply> replay = idempotency.replay(account.id(), key, endpoint, raw);
        if (replay.isPresent()) {
            return new Admitted(route, null, idempotency.none(), replay.get());
        }
        Call call = call(exchange, route, account, path, raw, version);
        return new Admitted(route, call, idempotency.claim(account.id(), key, endpoint, raw), null);
    }

    private Call call(
            Exchange exchange,
            Route route,
            Account account,
            List<String> path,
            Map<String, Object> raw,
            String version) {
        JsonObject params = route.params().read(raw);
        expansion
                .check(route.returns(), params.getJsonArray("expand", new JsonArray()))
                .forEach(type -> credentials.checkReading(exchange.request, account, type));
        return new Call(account, path, params, exchange.requestId, exchange.idempotencyKey(), version);
    }

    private Reply work(Exchange exchange, Admitted admitted) {
        Call call = java.util.Objects.requireNonNull(admitted.call);
        try {
            JsonObject result = admitted.route.work().run(call);
            if (admitted.route.creates() && call.idempotencyKey() != null) {
                call.account().executed(call.idempotencyKey());
            }
            JsonArray paths = call.params().getJsonArray("expand", new JsonArray());
            return settled(admitted.ticket, Reply.ok(expansion.apply(call.account(), result, paths)));
        } catch (StripeError refusal) {
            Reply reply = refused(exchange, refusal);
            if (refusal.isBeforeExecution()) {
                admitted.ticket.release();
                return reply;
            }
            return settled(admitted.ticket, reply);
        } catch (RuntimeException bug) {
            admitted.ticket.release();
            throw bug;
        }
    }

    private static Reply settled(Idempotency.Ticket ticket, Reply reply) {
        ticket.settle(reply);
        return reply;
    }

    private Reply failed(Exchange exchange, Throwable failure) {
        if (failure instanceof StripeError refusal) {
            return refused(exchange, refusal);
        }
        if (failure instanceof Strike.Dropped) {
            return Reply.DROPPED;
        }
        LOG.error("sandbox request failed path={}", exchange.request.path(), failure);
        return refused(exchange, StripeError.of(500, "api_error", "The sandbox failed; see its log."));
    }

    private Reply refused(Exchange exchange, StripeError refusal) {
        JsonObject body = refusal.toJson(exchange.requestId, world.clock().seconds());
        return Reply.of(refusal.status(), refusal.headers(), body);
    }

    private void write(Exchange exchange, Reply reply) {
        HttpServerResponse response = exchange.request.response();
        if (response.closed()) {
            return;
        }
        if (reply.isDropped()) {
            exchange.request.connection().close();
            return;
        }
        response.setStatusCode(reply.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-cache, no-store")
                .putHeader("Date", httpDate())
                .putHeader("Request-Id", exchange.requestId)
                .putHeader("Stripe-Version", exchange.echoedVersion());
        String key = exchange.idempotencyKey();
        if (key != null) {
            response.putHeader(IDEMPOTENCY_KEY, key);
        }
        reply.headers().forEach(response::putHeader);
        response.end(reply.body());
    }

    /** The sandbox's own time, which its events are dated by. */
    private String httpDate() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.ofEpochSecond(world.clock().seconds()).atOffset(ZoneOffset.UTC));
    }

    private Future<Void> pause() {
        return latency.isZero()
                ? Future.succeededFuture()
                : vertx.timer(latency.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
    }

    private static Optional<List<String>> match(Route route, HttpServerRequest request) {
        return route.method().equals(request.method().name())
                ? route.template().match(request.path())
                : Optional.empty();
    }

    private static String version(HttpServerRequest request) {
        String version = request.getHeader("Stripe-Version");
        if (version != null && !VERSION.matcher(version).matches()) {
            throw StripeError.invalid("Invalid Stripe API version: " + version).beforeExecution();
        }
        return version == null ? DEFAULT_VERSION : version;
    }

    private static StripeError unknownUrl(HttpServerRequest request) {
        String hint = request.path().endsWith("/")
                ? " If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an "
                        + "object, make sure you passed a valid (non-empty) identifier in your code."
                : "";
        return StripeError.of(
                        404,
                        "invalid_request_error",
                        "Unrecognized request URL (" + request.method() + ": " + request.path() + ")." + hint
                                + " Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")
                .beforeExecution();
    }

    private record Admitted(Route route, @Nullable Call call, Idempotency.Ticket ticket, @Nullable Reply replay) {}

    private record Exchange(HttpServerRequest request, Buffer body, String requestId) {
        /** Parameters come in the body of a POST and in the query of everything else; both are read. */
        private String form() {
            String query = request.query();
            String sent = body.toString();
            return query == null ? sent : sent.isEmpty() ? query : query + "&" + sent;
        }

        /** Only a POST has one ("Idempotent requests": ignored on GET and DELETE). */
        private @Nullable String idempotencyKey() {
            String key = request.method().name().equals("POST") ? request.getHeader(IDEMPOTENCY_KEY) : null;
            return key == null || key.isBlank() ? null : key;
        }

        private String echoedVersion() {
            String version = request.getHeader("Stripe-Version");
            return version == null ? DEFAULT_VERSION : version;
        }
    }
}
