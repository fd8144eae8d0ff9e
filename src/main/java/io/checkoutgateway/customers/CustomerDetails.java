package io.checkoutgateway.customers;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a customer that may change; the members are those of {@link Customer}.
 *
 * @param subjectKeys none of them twice: a subject belongs to one customer, once
 */
public record CustomerDetails(
        String name,
        @Nullable String description,
        Map<String, String> labels,
        @Nullable List<String> subjectKeys,
        @Nullable String primaryEmail,
        @Nullable String currency,
        @Nullable JsonObject billingAddress) {

    /** Fails with {@link io.checkoutgateway.failure.Reason#INVALID_REQUEST} when a subject key is given twice. */
    public CustomerDetails {
        labels = Map.copyOf(labels);
        subjectKeys = subjectKeys == null ? null : distinct(subjectKeys);
    }

    private static List<String> distinct(List<String> subjectKeys) {
        List<InvalidParameter> repeated = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < subjectKeys.size(); i++) {
            if (!seen.add(subjectKeys.get(i))) {
                repeated.add(InvalidParameter.inBody(
                        "usage_attribution.subject_keys." + i, "unique_items", "must not be given twice"));
            }
        }
        if (!repeated.isEmpty()) {
            throw GatewayException.invalid(repeated);
        }
        return List.copyOf(subjectKeys);
    }
}
