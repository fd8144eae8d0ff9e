package io.checkoutgateway.sandbox.http;

import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One admitted request, its parameters already of the right shape.
 *
 * @param path the variables of the route's template, in order
 * @param params what was sent; a name with the value null was sent empty, to unset it
 */
public record Call(
        Account account,
        List<String> path,
        JsonObject params,
        String requestId,
        @Nullable String idempotencyKey,
        String apiVersion) {

    /** The object of that kind whose id is the first variable in the path, or Stripe's 404. */
    public JsonObject subject(Kind kind) {
        String id = path.get(0);
        if (kind == Kind.SESSION && !id.startsWith(kind.prefix())) {
            throw StripeError.invalid("Invalid checkout.session id: " + id);
        }
        return account.all(kind).find(id).orElseThrow(() -> StripeError.noSuch(kind.noun(), id, kind.pathParam(), 404));
    }

    /** The object a parameter names, or Stripe's 400. */
    public JsonObject named(Kind kind, String param) {
        String id = params.getString(param);
        return account.all(kind)
                .find(id)
                .filter(object -> !object.getBoolean("deleted", false))
                .orElseThrow(() -> StripeError.noSuch(kind.noun(), id, param, 400));
    }

    /** Whether a parameter came with a value. */
    public boolean has(String param) {
        return params.getValue(param) != null;
    }

    /** Whether a parameter came, be it empty. */
    public boolean sent(String param) {
        return params.containsKey(param);
    }

    public String text(String param) {
        return params.getString(param);
    }
}
