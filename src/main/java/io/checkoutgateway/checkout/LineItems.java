package io.checkoutgateway.checkout;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session sells.
 *
 * @param items Stripe's own objects in Stripe's order; must not be changed
 * @param asOf when they were fetched; {@code null} while they never were
 * @param pending whether they are still to be fetched, for the first time or again since the session changed
 */
public record LineItems(List<JsonObject> items, @Nullable Instant asOf, boolean pending) {
    /** Those of a session that sells nothing. */
    public static final LineItems NONE = new LineItems(List.of(), null, false);

    public LineItems {
        items = List.copyOf(items);
    }
}
