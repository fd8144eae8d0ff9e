package io.checkoutgateway.http;

import io.checkoutgateway.access.Caller;
import io.checkoutgateway.access.Scope;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way of a request through its operation: credential, contract, the customer's rate, operation, answer. */
final class OperationRoute implements Handler<RoutingContext> {
    /** The contract's word for a path parameter that an operation is limited by, besides its caller. */
    private static final String LIMITED_PER = "x-limited-per";

    private final Vertx vertx;
    private final CallerGate callers;
    private final Operation operation;
    private final String path;
    private final ContractValidation validation;
    private final @Nullable Scope needed;
    private final @Nullable String limitedPer;

    /** @throws IllegalStateException when the contract names no scope that there is */
    OperationRoute(
            Vertx vertx,
            CallerGate callers,
            Contract contract,
            Operation operation,
            io.vertx.openapi.contract.Operation described) {
        this.vertx = vertx;
        this.callers = callers;
        this.operation = operation;
        this.path = described.getOpenAPIPath();
        this.validation =
                new ContractValidation(contract.routed(), described, contract.bracketedOf(described.getOperationId()));
        this.needed = neededBy(described);
        this.limitedPer = described.getOpenAPIModel().getString(LIMITED_PER);
    }

    /** The one scope that the contract asks for; {@code null} for an operation that anyone may call. */
    private static @Nullable Scope neededBy(io.vertx.openapi.contract.Operation described) {
        if (described.getSecurityRequirements().isEmpty()) {
            return null;
        }
        List<String> words = described.getSecurityRequirements().stream()
                .flatMap(requirement -> requirement.getNames().stream().map(requirement::getScopes))
                .flatMap(List::stream)
                .distinct()
                .toList();
        return Optional.of(words.size() == 1 ? words.get(0) : "none or several")
                .flatMap(Scope::of)
                .orElseThrow(
                        () -> new IllegalStateException(described.getOperationId() + " names no scope that there is"));
    }

    @Override
    public void handle(RoutingContext context) {
        RequestGate.name(context, path);
        Context loop = vertx.getOrCreateContext();
        Future<@Nullable Caller> caller =
                needed == null ? Future.succeededFuture() : backOn(loop, callers.admit(context, needed));
        caller.compose(known -> answered(context, loop, validated(context, known)))
                .onComplete(done -> backOn(loop, () -> finish(context, done)));
    }

    private Call validated(RoutingContext context, @Nullable Caller caller) {
        if (operation.takesRawBody()) {
            validation.checkPathAndHeaders(context);
            ContractValidation.checkMediaType(context.request().getHeader("Content-Type"));
            RefusedOnTheWay.arrived(context);
            return new Call(context, operation.id(), caller, new JsonObject(), null);
        }
        JsonObject query = validation.checkParameters(context);
        return new Call(context, operation.id(), caller, query, validation.checkBody(context));
    }

    private Future<Reply> answered(RoutingContext context, Context loop, Call call) {
        return customerOf(call)
                .compose(customer -> customer.isEmpty()
                        ? operation.handle(call)
                        : backOn(loop, callers.admitFor(context, call, customer.get()))
                                .compose(admitted -> operation.handle(call)));
    }

    private Future<Optional<String>> customerOf(Call call) {
        return limitedPer == null
                ? operation.limitedPer(call)
                : Future.succeededFuture(Optional.of(call.path(limitedPer)));
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
            done.result().writeTo(context);
        } else {
            context.fail(done.cause());
        }
    }
}
