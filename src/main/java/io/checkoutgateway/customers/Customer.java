package io.checkoutgateway.customers;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A customer of the billing system.
 *
 * @param id our ULID
 * @param key the billing system's own name for it, unique among a namespace's living customers
 * @param currency upper-case ISO 4217, the preset of the customer's sessions
 * @param billingAddress members {@code country, postal_code, state, city, line1, line2, phone_number}
 * @param billingProfileId the profile that it is bound to, by its app's id; {@code null}: the namespace's default one
 * @param deletedAt when it was deleted; {@code null} while it lives
 * @param version counts its changes
 */
public record Customer(
        String id,
        String namespace,
        String key,
        String name,
        @Nullable String description,
        Map<String, String> labels,
        @Nullable List<String> subjectKeys,
        @Nullable String primaryEmail,
        @Nullable String currency,
        @Nullable JsonObject billingAddress,
        @Nullable String billingProfileId,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant deletedAt,
        long version) {
    /** The version of a customer that was just made. */
    public static final long FIRST_VERSION = 1;

    public Customer {
        labels = Map.copyOf(labels);
        subjectKeys = subjectKeys == null ? null : List.copyOf(subjectKeys);
    }
}
