package io.checkoutgateway.http;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.access.Caller;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request: id and size limit, credential, contract, operation, answer. Every route comes from the
 * contract; an operation of the contract that nobody implements keeps the gateway from starting.
 */
final class ApiRouter {
    private static final String BEARER = "Bearer ";

    private final Vertx vertx;
    private final Contract contract;
    private final HttpSettings settings;
    private final ApiKeys apiKeys;
    private final Map<String, Operation> operations;
    private final MeterRegistry metrics;

    ApiRouter(
            Vertx vertx,
            Contract contract,
            HttpSettings settings,
            ApiKeys apiKeys,
            List<Operation> operations,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.contract = contract;
        this.settings = settings;
        this.apiKeys = apiKeys;
        this.operations = operations.stream().collect(Collectors.toMap(Operation::id, Function.identity()));
        this.metrics = metrics;
    }

    /**
     * The router.
     *
     * @throws IllegalStateException when contract and operations do not match one to one
     */
    Router build() {
        checkComplete();
        RouterBuilder builder = RouterBuilder.create(vertx, contract.routed(), RequestExtractor.withBodyHandler());
        builder.rootHandler(new RequestGate(settings, metrics)::enter);
        builder.getRoutes().forEach(this::implement);
        Router router = builder.createRouter();
        new DocumentationRoutes(contract).mount(router);
        for (int status : List.of(400, 404, 405, 408, 413, 415, 500)) {
            router.errorHandler(status, this::fail);
        }
        return router;
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

    private void implement(OpenAPIRoute route) {
        io.vertx.openapi.contract.Operation described = route.getOperation();
        Operation operation = operations.get(described.getOperationId());
        if (operation == null) {
            throw new IllegalStateException("Nobody implements " + described.getOperationId());
        }
        ContractValidation validation =
                new ContractValidation(contract.routed(), described, contract.bracketedOf(described.getOperationId()));
        boolean open = described.getSecurityRequirements().isEmpty();
        route.setDoValidation(false).setDoSecurity(false).addHandler(context -> {
            RequestGate.name(context, described);
            Future<@Nullable Caller> caller = open ? Future.succeededFuture() : authenticate(context);
            caller.compose(known -> operation.handle(validated(context, validation, operation, known)))
                    .onSuccess(reply -> write(context, reply))
                    .onFailure(context::fail);
        });
    }

    private Future<@Nullable Caller> authenticate(RoutingContext context) {
        String header = context.request().getHeader("Authorization");
        String key = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
        return apiKeys.authenticate(key).map(caller -> {
            RequestGate.name(context, caller);
            return caller;
        });
    }

    private static Call validated(
            RoutingContext context, ContractValidation validation, Operation operation, @Nullable Caller caller) {
        JsonObject query = validation.checkParameters(context);
        JsonObject body = operation.takesRawBody() ? null : validation.checkBody(context);
        return new Call(context, operation.id(), caller, query, body);
    }

    private void fail(RoutingContext context) {
        if (context.response().headWritten()) {
            context.request().connection().close();
            return;
        }
        Throwable failure = known(context);
        RequestGate.explain(context, failure);
        Reply reply = Problems.reply(failure, RequestIds.of(context));
        write(context, with(reply, failure, context));
    }

    private static Throwable known(RoutingContext context) {
        if (context.failure() instanceof GatewayException known) {
            return known;
        }
        return switch (context.statusCode()) {
            case 400 -> new GatewayException(Reason.INVALID_REQUEST, "The request line or a header is malformed");
            case 404 -> new GatewayException(Reason.ROUTE_NOT_FOUND, "No operation has this path");
            case 405 -> new GatewayException(Reason.METHOD_NOT_ALLOWED, "This path does not have this method");
            case 408 -> new GatewayException(Reason.BODY_TOO_SLOW, "The request did not arrive in time");
            case 413 -> new GatewayException(Reason.BODY_TOO_LARGE, "The body is larger than this operation accepts");
            case 415 -> new GatewayException(Reason.UNSUPPORTED_MEDIA_TYPE, "Send application/json");
            default ->
                context.failure() == null
                        ? new GatewayException(Reason.INTERNAL, "status " + context.statusCode())
                        : context.failure();
        };
    }

    private Reply with(Reply reply, Throwable failure, RoutingContext context) {
        Reason reason = failure instanceof GatewayException known ? known.reason() : Reason.INTERNAL;
        return switch (reason) {
            case UNAUTHENTICATED -> reply.with("WWW-Authenticate", "Bearer realm=\"checkout-gateway\"");
            case METHOD_NOT_ALLOWED -> reply.with("Allow", allowed(context));
            // What is left of the body would be taken for the next request.
            case BODY_TOO_LARGE, BODY_TOO_SLOW -> reply.with("Connection", "close");
            default -> reply;
        };
    }

    private String allowed(RoutingContext context) {
        return contract.routed().getPaths().stream()
                .filter(path -> matches(path.getName(), context.normalizedPath()))
                .flatMap(path -> path.getOperations().stream())
                .map(operation -> operation.getHttpMethod().name())
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

    private static void write(RoutingContext context, Reply reply) {
        if (context.response().closed()) {
            return;
        }
        context.response().setStatusCode(reply.status());
        reply.headers().forEach(context.response()::putHeader);
        if (reply.body().length() > 0) {
            context.response().putHeader("Content-Type", reply.contentType());
        }
        context.response().end(reply.body()).onFailure(context::fail);
    }
}
