package io.checkoutgateway.outgoing;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of an endpoint; what is {@code null} stays as it is.
 *
 * @param description empty for none
 * @param enabled {@code true} also forgets that it failed
 * @param versions the endpoint is changed only when it has one of these; {@code null} for any
 */
public record EndpointChange(
        @Nullable EndpointUrl url,
        @Nullable String description,
        @Nullable List<String> eventTypes,
        @Nullable Boolean enabled,
        @Nullable Set<Long> versions) {

    public EndpointChange {
        eventTypes = eventTypes == null ? null : eventTypes.stream().distinct().toList();
        versions = versions == null ? null : Set.copyOf(versions);
    }
}
