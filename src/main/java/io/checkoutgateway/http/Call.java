package io.checkoutgateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.checkoutgateway.access.Caller;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request whose credential and contract have been checked, as an operation sees it. */
public final class Call {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final RoutingContext context;
    private final String operationId;
    private final @Nullable Caller caller;
    private final JsonObject query;
    private final @Nullable JsonObject body;

    Call(
            RoutingContext context,
            String operationId,
            @Nullable Caller caller,
            JsonObject query,
            @Nullable JsonObject body) {
        this.context = context;
        this.operationId = operationId;
        this.caller = caller;
        this.query = query;
        this.body = body;
    }

    /** The caller's namespace; only for operations that need a credential. */
    public String namespace() {
        if (caller == null) {
            throw new GatewayException(Reason.UNAUTHENTICATED, "This operation needs a credential");
        }
        return caller.namespace();
    }

    /** Who asks, for the audit trail; only for operations that need a credential. */
    public Actor actor() {
        return new Actor(namespace(), Objects.requireNonNull(caller).name(), requestId());
    }

    /**
     * Refuses a caller who lacks a scope that the operation needs only for some requests.
     *
     * @throws GatewayException with {@link Reason#FORBIDDEN}
     */
    public void require(Scope needed) {
        CallerGate.checkScope(context, Objects.requireNonNull(caller), needed);
    }

    /** What the caller may do; only for operations that need a credential. */
    public Set<Scope> scopes() {
        return caller == null ? Set.of() : caller.scopes();
    }

    /** The id that the request is known by in its answer and in logs. */
    public String requestId() {
        return RequestIds.of(context);
    }

    /** Where the connection came from: the caller, or the proxy in front of the gateway. */
    public String address() {
        return context.request().remoteAddress().hostAddress();
    }

    public String path(String name) {
        return context.pathParam(name);
    }

    public @Nullable String header(String name) {
        return context.request().getHeader(name);
    }

    /** The query's parameters; those in brackets as objects, such as {@code page} with {@code size}. */
    public JsonObject query() {
        return query;
    }

    /** The body as it arrived. */
    public Buffer rawBody() {
        Buffer buffer = context.body().buffer();
        return buffer == null ? Buffer.buffer() : buffer;
    }

    /** The validated body as one of the contract's models. */
    public <T> T body(Class<T> model) {
        if (body == null) {
            throw new GatewayException(Reason.INTERNAL, "The contract asks for no body here");
        }
        try {
            return Wire.MAPPER.treeToValue(Wire.MAPPER.valueToTree(body.getMap()), model);
        } catch (JsonProcessingException e) {
            throw new GatewayException(Reason.INTERNAL, "A valid body does not fit its model", e);
        }
    }

    /** The caller's promise that a repeated request is the same one, where it gave one. */
    public Optional<IdempotencyKey> idempotencyKey() {
        return Optional.ofNullable(header(IDEMPOTENCY_KEY))
                .map(key -> new IdempotencyKey(operationId, key, Fingerprint.of(context.normalizedPath(), body)));
    }
}
