package io.checkoutgateway.http;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code filter[field]=value} for lists that compare for equality only. */
public final class PlainFilter {
    private static final int VALUE_MAX = 255;

    /** Java's times reach further than Postgres'. */
    private static final Instant TIME_END = Instant.parse("9999-12-31T23:59:59Z");

    private final Map<String, String> values;

    private PlainFilter(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the filter of a query.
     *
     * @throws GatewayException when a field is not known or a value is not plain text
     */
    public static PlainFilter of(JsonObject query, Set<String> fields) {
        Map<String, String> values = new TreeMap<>();
        if (query.getValue("filter") instanceof JsonObject members) {
            members.forEach(member -> values.put(member.getKey(), value(member, fields)));
        } else if (query.containsKey("filter")) {
            throw Listing.invalid("filter", "type", "must be given as filter[…]");
        }
        return new PlainFilter(values);
    }

    private static String value(Map.Entry<String, Object> member, Set<String> fields) {
        String place = "filter[" + member.getKey() + "]";
        if (!fields.contains(member.getKey())) {
            throw Listing.invalid(place, "unknown_field", "is not a field to filter by");
        }
        boolean plain = member.getValue() instanceof String text
                && !text.isEmpty()
                && text.length() <= VALUE_MAX
                && text.indexOf('\0') < 0;
        if (!plain) {
            throw Listing.invalid(place, "type", "must be a plain value of at most " + VALUE_MAX + " characters");
        }
        return (String) member.getValue();
    }

    /**
     * The wanted moment; {@code null} when any will do.
     *
     * @throws GatewayException when it is none
     */
    public @Nullable Instant moment(String field) {
        String text = value(field);
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (!time.isBefore(Instant.EPOCH) && time.isBefore(TIME_END)) {
                return time;
            }
        } catch (DateTimeException e) {
            // Told below, together with times out of range.
        }
        throw GatewayException.invalid(InvalidParameter.inQuery(
                "filter[" + field + "]", "format", "must be a moment such as 2026-11-22T09:00:00Z"));
    }

    /** The wanted value; {@code null} when any will do. */
    public @Nullable String value(String field) {
        return values.get(field);
    }
}
