package io.checkoutgateway.apps;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An installed app as people see it, without its secrets.
 *
 * @param accountId Stripe's {@code acct_…}; {@code null} until Stripe told it
 * @param maskedKey what may be shown of its key
 * @param authorized whether Stripe took its key when it was used last
 * @param isDefault whether it serves the customers of its namespace that name no other
 * @param version changes with each change
 */
public record App(
        String id,
        AppType type,
        String name,
        @Nullable String description,
        Map<String, String> labels,
        @Nullable String accountId,
        boolean livemode,
        String maskedKey,
        boolean authorized,
        boolean isDefault,
        Instant createdAt,
        Instant updatedAt,
        long version) {
    public App {
        labels = Map.copyOf(labels);
    }
}
