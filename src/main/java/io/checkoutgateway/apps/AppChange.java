package io.checkoutgateway.apps;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an app shall be from now on.
 *
 * @param description {@code null} for none
 * @param key another key; {@code null} when the present one stays
 * @param versions the versions that may be changed; {@code null} for any
 */
public record AppChange(
        AppType type,
        String name,
        @Nullable String description,
        Map<String, String> labels,
        @Nullable StripeKey key,
        @Nullable Set<Long> versions) {
    public AppChange {
        labels = Map.copyOf(labels);
    }
}
