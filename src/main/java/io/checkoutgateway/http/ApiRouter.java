package io.checkoutgateway.http;

import io.checkoutgateway.access.Caller;
import io.checkoutgateway.access.Callers;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.limits.RateLimits;
import io.checkoutgateway.settings.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** The contract's word for a path parameter that an operation is limited by, besides its caller. */
    private static final String LIMITED_PER = "x-limited-per";

    private static final String CONNECTION = "Connection";

    /** Long enough for an answer to arrive, too short to be worth keeping a sender busy for. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final long LINGER_BYTES = 4L * 1024 * 1024;

    private final Vertx vertx;
    private final Contract contract;
    private final HttpSettings settings;
    private final CallerGate callers;
    private final Map<String, Operation> operations;
    private final MeterRegistry metrics;

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
        this.settings = settings;
        this.callers = new CallerGate(callers, limits);
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
        for (int status : List.of(400, 404, 405, 408, 413, 415, 417, 500)) {
            router.errorHandler(status, context -> fail(context, status));
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
        Optional<Scope> needed = neededBy(described);
        String limitedPer = described.getOpenAPIModel().getString(LIMITED_PER);
        route.setDoValidation(false).setDoSecurity(false).addHandler(context -> {
            RequestGate.name(context, described);
            Context loop = vertx.getOrCreateContext();
            Future<@Nullable Caller> caller =
                    needed.isEmpty() ? Future.succeededFuture() : backOn(loop, callers.admit(context, needed.get()));
            caller.map(known -> validated(context, validation, operation, known))
                    .compose(call -> customerOf(call, operation, limitedPer)
                            .compose(customer -> admitFor(context, loop, call, customer))
                            .compose(admitted -> operation.handle(call)))
                    .onComplete(done -> backOn(loop, () -> finish(context, done)));
        });
    }

    private static Future<Optional<String>> customerOf(Call call, Operation operation, @Nullable String parameter) {
        return parameter == null
                ? operation.limitedPer(call)
                : Future.succeededFuture(Optional.of(call.path(parameter)));
    }

    private Future<Void> admitFor(RoutingContext context, Context loop, Call call, Optional<String> customer) {
        return customer.map(id -> backOn(loop, callers.admitFor(context, call, id)))
                .orElseGet(Future::succeededFuture);
    }

    private static <T> Future<T> backOn(Context loop, Future<T> outcome) {
        if (outcome.isComplete() && Vertx.currentContext() == loop) {
            return outcome;
        }
        Promise<T> here = Promise.promise();
        outcome.onComplete(done -> backOn(loop, () -> here.handle(done)));
        return here.future();
    }

    /** An outcome that several requests wait for may arrive on another request's event loop. */
    private static void backOn(Context loop, Runnable step) {
        if (Vertx.currentContext() == loop) {
            step.run();
        } else {
            loop.runOnContext(turn -> step.run());
        }
    }

    private static void finish(RoutingContext context, AsyncResult<Reply> done) {
        if (done.succeeded()) {
            write(context, done.result());
        } else {
            context.fail(done.cause());
        }
    }

    /** The one scope that the contract asks for; empty for an operation that anyone may call. */
    private static Optional<Scope> neededBy(io.vertx.openapi.contract.Operation described) {
        List<String> words = described.getSecurityRequirements().stream()
                .flatMap(requirement -> requirement.getNames().stream().map(requirement::getScopes))
                .flatMap(List::stream)
                .distinct()
                .toList();
        if (described.getSecurityRequirements().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(words.size() == 1 ? words.get(0) : "none or several")
                .flatMap(Scope::of)
                .or(() -> {
                    throw new IllegalStateException(described.getOperationId() + " names no scope that there is");
                });
    }

    private static Call validated(
            RoutingContext context, ContractValidation validation, Operation operation, @Nullable Caller caller) {
        JsonObject query = validation.checkParameters(context);
        if (operation.takesRawBody()) {
            ContractValidation.checkMediaType(context.request().getHeader("Content-Type"));
            return new Call(context, operation.id(), caller, query, null);
        }
        return new Call(context, operation.id(), caller, query, validation.checkBody(context));
    }

    private void fail(RoutingContext context, int status) {
        RequestIds.assign(context);
        if (context.response().headWritten()) {
            context.request().connection().close();
            return;
        }
        Throwable failure = known(context, status);
        RequestGate.explain(context, failure);
        Reply reply = with(Problems.reply(failure, RequestIds.of(context)), failure, context);
        write(context, reply);
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

    private static void write(RoutingContext context, Reply reply) {
        StreamedBody stream = reply.stream();
        if (context.response().closed()) {
            if (stream != null) {
                stream.ended();
            }
            return;
        }
        context.response().setStatusCode(reply.status());
        reply.headers().forEach(context.response()::putHeader);
        if (reply.body().length() > 0 || stream != null) {
            context.response().putHeader("Content-Type", reply.contentType());
        }
        if (stream == null) {
            context.response().end(reply.body()).onFailure(context::fail);
        } else {
            stream(context, stream);
        }
    }

    private static void stream(RoutingContext context, StreamedBody stream) {
        RequestGate.streams(context);
        context.addEndHandler(over -> stream.ended());
        stream.start(context.response().setChunked(true));
    }
}
