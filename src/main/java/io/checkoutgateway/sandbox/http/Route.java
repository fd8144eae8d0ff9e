package io.checkoutgateway.sandbox.http;

import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Shapes;
import io.vertx.core.json.JsonObject;

/**
 * One operation of the API.
 *
 * @param returns the type of the answer, from which {@code expand} starts; a list is named after its elements
 */
public record Route(String method, PathTemplate template, String returns, Fields params, Work work) {
    /** More would be a strange request; Stripe's own limit is not published. */
    private static final int MAX_EXPANSIONS = 100;

    /** What an operation does; it may throw a {@code StripeError}. */
    @FunctionalInterface
    public interface Work {
        JsonObject run(Call call);
    }

    /** Every operation takes {@code expand}. */
    public Route {
        params = params.optional("expand", Shapes.list(Shapes.text(), MAX_EXPANSIONS));
    }

    public static Route get(String template, String returns, Fields params, Work work) {
        return new Route("GET", new PathTemplate(template), returns, params, work);
    }

    public static Route post(String template, String returns, Fields params, Work work) {
        return new Route("POST", new PathTemplate(template), returns, params, work);
    }

    public static Route delete(String template, String returns, Work work) {
        return new Route("DELETE", new PathTemplate(template), returns, Fields.none(), work);
    }

    /** Whether this makes an object rather than changing one. */
    public boolean creates() {
        return method.equals("POST") && !template.hasVariables();
    }
}
