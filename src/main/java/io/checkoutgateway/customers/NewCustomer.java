package io.checkoutgateway.customers;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A customer to be made.
 *
 * @param key the billing system's own name for it, which never changes
 */
public record NewCustomer(String key, CustomerDetails details) {

    /** A customer of these members, which are those of {@link Customer}. */
    public NewCustomer(
            String key,
            String name,
            @Nullable String description,
            Map<String, String> labels,
            @Nullable List<String> subjectKeys,
            @Nullable String primaryEmail,
            @Nullable String currency,
            @Nullable JsonObject billingAddress) {
        this(key, new CustomerDetails(name, description, labels, subjectKeys, primaryEmail, currency, billingAddress));
    }
}
