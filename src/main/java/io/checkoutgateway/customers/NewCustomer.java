package io.checkoutgateway.customers;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A customer to be made; the members are those of {@link Customer}. */
public record NewCustomer(
        String key,
        String name,
        @Nullable String description,
        Map<String, String> labels,
        @Nullable List<String> subjectKeys,
        @Nullable String primaryEmail,
        @Nullable String currency,
        @Nullable JsonObject billingAddress) {

    public NewCustomer {
        labels = Map.copyOf(labels);
        subjectKeys = subjectKeys == null ? null : List.copyOf(subjectKeys);
    }
}
