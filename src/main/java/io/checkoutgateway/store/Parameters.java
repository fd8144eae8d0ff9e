package io.checkoutgateway.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A statement's named parameters; unlike {@link Map#of} it takes NULL and any number of them. */
final class Parameters {
    private final Map<String, @Nullable Object> values = new HashMap<>();

    private Parameters() {}

    static Parameters none() {
        return new Parameters();
    }

    static Parameters of(String name, @Nullable Object value) {
        return new Parameters().and(name, value);
    }

    @CanIgnoreReturnValue
    Parameters and(String name, @Nullable Object value) {
        values.put(name, value);
        return this;
    }

    @SuppressWarnings("NullAway") // The template takes null values; its signature does not say so.
    Map<String, Object> map() {
        return (Map<String, Object>) (Map<String, ?>) values;
    }
}
