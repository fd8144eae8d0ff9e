package io.checkoutgateway.http;

import io.checkoutgateway.access.Callers;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.limits.RateLimits;
import io.checkoutgateway.settings.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a request goes: through the gate to its operation's route, or to an answer that says why not. Every route comes
 * from the contract; an operation of the contract that nobody implements keeps the gateway from starting.
 */
final class ApiRouter {
    /** What Vert.x would answer with a page of its own. */
    private static final List<Integer> ANSWERED = List.of(400, 404, 405, 408, 413, 415, 417, 500);

    private static final String CONNECTION = "Connection";

    /** Long enough for an answer to arrive, too short to be worth keeping a sender busy for. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final long LINGER_BYTES = 4L * 1024 * 1024;

    private final Vertx vertx;
    private final Contract contract;
    private final CallerGate callers;
    private final RequestGate gate;
    private final Map<String, Operation> operations;
    private final RefusedOnTheWay refused;

    ApiRouter(
            Vertx vertx,
            Contract contract,
            HttpSettings settings,
            Callers callers,
            RateLimits limits,
            List<Operation> operations,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.contract = contract;
        this.callers = new CallerGate(callers, limits);
        this.operations = operations.stream().collect(Collectors.toMap(Operation::id, Function.identity()));
        this.gate = new RequestGate(settings, metrics);
        this.refused = new RefusedOnTheWay(contract.routed(), operations);
    }

    /**
     * What answers requests: the router of the path, found by its segments among those that have the method. Vert.x tries
     * the regular expression of one route after the other; a router of one path has one or a few. What is not found so,
     * because it is no path of the contract, has not this method or is written in another way than the contract's, is for
     * the router of all.
     *
     * @throws IllegalStateException when contract and operations do not match one to one
     */
    Handler<HttpServerRequest> build() {
        checkComplete();
        Map<String, OperationRoute> routes = routes();
        Router all = router(contract.routed(), routes);
        new DocumentationRoutes(contract).mount(all);
        Map<HttpMethod, PathTable<Router>> tables = tables(routes);
        PathTable<Router> none = new PathTable<>();
        return request -> {
            Router found = tables.getOrDefault(request.method(), none).find(request.path());
            (found == null ? all : found).handle(request);
        };
    }

    private Map<HttpMethod, PathTable<Router>> tables(Map<String, OperationRoute> routes) {
        Map<HttpMethod, PathTable<Router>> tables = new HashMap<>();
        for (Path path : contract.routed().getPaths()) {
            Router router = router(new PathContract(contract.routed(), path), routes);
            for (io.vertx.openapi.contract.Operation operation : path.getOperations()) {
                tables.computeIfAbsent(operation.getHttpMethod(), method -> new PathTable<>())
                        .put(path.getName(), router);
            }
        }
        return tables;
    }

    private void checkComplete() {
        Set<String> promised = contract.routed().operations().stream()
                .map(io.vertx.openapi.contract.Operation::getOperationId)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!promised.equals(new TreeSet<>(operations.keySet()))) {
            throw new IllegalStateException("The contract promises the operations %s, implemented are %s"
                    .formatted(promised, new TreeSet<>(operations.keySet())));
        }
    }

    private Map<String, OperationRoute> routes() {
        Map<String, OperationRoute> routes = new HashMap<>();
        for (io.vertx.openapi.contract.Operation described : contract.routed().operations()) {
            String id = described.getOperationId();
            routes.put(
                    id,
                    new OperationRoute(
                            vertx, callers, contract, Objects.requireNonNull(operations.get(id)), described));
        }
        return routes;
    }

    private Router router(OpenAPIContract contract, Map<String, OperationRoute> routes) {
        RouterBuilder builder = RouterBuilder.create(vertx, contract, RequestExtractor.withBodyHandler());
        builder.rootHandler(gate::enter);
        for (OpenAPIRoute route : builder.getRoutes()) {
            route.setDoValidation(false)
                    .setDoSecurity(false)
                    .addHandler(Objects.requireNonNull(
                            routes.get(route.getOperation().getOperationId())));
        }
        Router router = builder.createRouter();
        for (int status : ANSWERED) {
            router.errorHandler(status, context -> fail(context, status));
        }
        return router;
    }

    private void fail(RoutingContext context, int status) {
        RequestIds.assign(context);
        if (context.response().headWritten()) {
            context.request().connection().close();
            return;
        }
        Throwable failure = known(context, status);
        RequestGate.explain(context, failure);
        refused.tell(context, failure);
        Reply reply = with(Problems.reply(failure, RequestIds.of(context)), failure, context);
        reply.writeTo(context);
        if (reply.headers().containsKey(CONNECTION)) {
            closeSoon(context);
        }
    }

    /**
     * The server does not act on its own {@code Connection: close}. Closing while the body still arrives would reset
     * the connection, and the answer might be lost with it, so what comes for a while is read and dropped.
     */
    private void closeSoon(RoutingContext context) {
        long timer = vertx.setTimer(
                LINGER.toMillis(), late -> context.request().connection().close());
        if (!context.request().isEnded()) {
            long[] left = {LINGER_BYTES};
            context.request()
                    .handler(dropped -> {
                        left[0] -= dropped.length();
                        if (left[0] < 0) {
                            context.request().connection().close();
                        }
                    })
                    .endHandler(arrived -> {
                        vertx.cancelTimer(timer);
                        context.request().connection().close();
                    })
                    .resume();
        }
    }

    private static Throwable known(RoutingContext context, int status) {
        if (context.failure() instanceof GatewayException known) {
            return known;
        }
        return switch (status) {
            case 400 -> new GatewayException(Reason.INVALID_REQUEST, MalformedRequests.DETAIL);
            case 404 -> new GatewayException(Reason.ROUTE_NOT_FOUND, "No operation has this path");
            case 405 -> new GatewayException(Reason.METHOD_NOT_ALLOWED, "This path does not have this method");
            case 408 -> new GatewayException(Reason.BODY_TOO_SLOW, "The request did not arrive in time");
            case 413 -> new GatewayException(Reason.BODY_TOO_LARGE, "The body is larger than this operation accepts");
            case 415 -> new GatewayException(Reason.UNSUPPORTED_MEDIA_TYPE, "Send application/json");
            case 417 -> new GatewayException(Reason.INVALID_REQUEST, "The Expect header may only say 100-continue");
            default ->
                context.failure() == null
                        ? new GatewayException(Reason.INTERNAL, "status " + status)
                        : context.failure();
        };
    }

    private Reply with(Reply reply, Throwable failure, RoutingContext context) {
        Reason reason = failure instanceof GatewayException known ? known.reason() : Reason.INTERNAL;
        return switch (reason) {
            case UNAUTHENTICATED -> reply.with(CallerGate.WWW_AUTHENTICATE, CallerGate.challenge(context));
            case METHOD_NOT_ALLOWED -> reply.with("Allow", allowed(context));
            // What is left of the body would be taken for the next request.
            case BODY_TOO_LARGE, BODY_TOO_SLOW -> reply.with(CONNECTION, "close");
            default -> reply;
        };
    }

    private String allowed(RoutingContext context) {
        return contract.routed().getPaths().stream()
                .filter(path -> matches(path.getName(), context.normalizedPath()))
                .flatMap(path -> path.getOperations().stream())
                .map(operation -> operation.getHttpMethod().name())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static boolean matches(String template, String path) {
        String[] expected = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (expected.length != given.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!expected[i].startsWith("{") && !expected[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }
}
