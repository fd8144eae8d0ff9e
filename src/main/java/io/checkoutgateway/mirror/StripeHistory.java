package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.mirror.Window.Range;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened at Stripe. Every failure is a {@link io.checkoutgateway.failure.StripeFailure}. */
public interface StripeHistory {
    /**
     * A page of a list, newest first.
     *
     * @param objects as Stripe wrote them
     * @param asOf just before the reading, by Stripe's clock
     */
    record Listed(List<JsonObject> objects, boolean more, Instant asOf) {
        public Listed {
            objects = List.copyOf(objects);
        }
    }

    /**
     * The account of a key.
     *
     * @param id {@code acct_…}
     * @param created {@code null} where Stripe does not tell
     */
    record Account(String id, @Nullable Instant created) {}

    Future<Account> account(StripeApp app);

    /**
     * Sessions created in this stretch of time, with their SetupIntents in them.
     *
     * @param after the last session of the page before; {@code null} for the first page
     */
    Future<Listed> sessions(StripeApp app, Range range, @Nullable String after);

    /**
     * Events, of 30 days at most.
     *
     * @param undelivered whether only those that Stripe could not deliver, or not yet, are wanted
     * @param types 20 at most
     * @param after the last event of the page before; {@code null} for the first page
     */
    Future<Listed> events(
            StripeApp app, boolean undelivered, List<String> types, Instant since, @Nullable String after);
}
