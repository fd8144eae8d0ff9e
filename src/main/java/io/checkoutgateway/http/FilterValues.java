package io.checkoutgateway.http;

import io.checkoutgateway.checkout.SessionField;
import io.checkoutgateway.checkout.SessionField.Kind;
import io.checkoutgateway.checkout.SessionQuery.Filter;
import io.checkoutgateway.checkout.SessionQuery.Operator;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one condition, {@code filter[field][operator]=value}, and refuses what the field does not take. */
final class FilterValues {
    private static final int VALUE_BYTES_MAX = 1024;
    private static final int VALUES_MAX = 50;

    /** Postgres' timestamps end there; and nobody means such a time. */
    private static final Instant TIME_MAX = Instant.parse("9999-12-31T23:59:59Z");

    private static final Set<Operator> ORDERED = EnumSet.of(Operator.GT, Operator.GTE, Operator.LT, Operator.LTE);
    private static final Set<Operator> EXISTENCE = EnumSet.of(Operator.EXISTS, Operator.NEXISTS);
    private static final Map<Kind, Set<Operator>> OPERATORS = new EnumMap<>(Map.of(
            Kind.EXACT, union(EnumSet.of(Operator.EQ, Operator.NEQ, Operator.OEQ), EXISTENCE),
            Kind.STRING, EnumSet.allOf(Operator.class),
            Kind.BOOLEAN, EnumSet.of(Operator.EQ),
            Kind.NUMBER, union(EnumSet.of(Operator.EQ, Operator.NEQ, Operator.OEQ), ORDERED),
            Kind.TIME, union(union(EnumSet.of(Operator.EQ), ORDERED), EXISTENCE)));

    private FilterValues() {}

    private static Set<Operator> union(Set<Operator> left, Set<Operator> right) {
        EnumSet<Operator> both = EnumSet.copyOf(left);
        both.addAll(right);
        return both;
    }

    /** @param name the field as the caller named it */
    static Filter filter(SessionField field, @Nullable String key, String name, Map.Entry<String, Object> condition) {
        String place = "filter[" + name + "][" + condition.getKey() + "]";
        Operator operator = operator(field, condition.getKey(), place);
        String text = value(condition.getValue(), place);
        if (EXISTENCE.contains(operator)) {
            return new Filter(field, key, existence(operator, text, place), List.of());
        }
        boolean several = operator == Operator.OEQ || operator == Operator.OCONTAINS;
        List<String> values = several ? List.of(text.split(",", -1)) : List.of(text);
        if (values.size() > VALUES_MAX) {
            throw Listing.invalid(place, "max_items", "must not have more than " + VALUES_MAX + " values");
        }
        values.forEach(each -> check(field.kind(), each, place));
        return new Filter(field, key, operator, values);
    }

    private static Operator operator(SessionField field, String word, String place) {
        for (Operator operator : OPERATORS.getOrDefault(field.kind(), Set.of())) {
            if (operator.name().toLowerCase(Locale.ROOT).equals(word)) {
                return operator;
            }
        }
        throw Listing.invalid(place, "unknown_operator", "is not an operator that this field takes");
    }

    private static String value(Object value, String place) {
        if (!(value instanceof String text)) {
            throw Listing.invalid(place, "type", "must be a plain value");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > VALUE_BYTES_MAX) {
            throw Listing.invalid(place, "max_length", "must not be longer than " + VALUE_BYTES_MAX + " bytes");
        }
        if (!Characters.storable(text)) {
            throw Listing.invalid(place, Characters.RULE, Characters.REASON);
        }
        return text;
    }

    private static Operator existence(Operator operator, String text, String place) {
        return switch (text) {
            case "", "true" -> operator;
            case "false" -> operator == Operator.EXISTS ? Operator.NEXISTS : Operator.EXISTS;
            default -> throw Listing.invalid(place, "boolean", "must be true or false");
        };
    }

    private static void check(Kind kind, String value, String place) {
        switch (kind) {
            case EXACT, STRING -> {
                // Any text may be compared with.
            }
            case BOOLEAN -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw Listing.invalid(place, "boolean", "must be true or false");
                }
            }
            case NUMBER -> {
                if (!value.matches("-?\\d{1,18}")) {
                    throw Listing.invalid(place, "integer", "must be a whole number");
                }
            }
            case TIME -> checkTime(value, place);
        }
    }

    private static void checkTime(String value, String place) {
        try {
            Instant time = OffsetDateTime.parse(value).toInstant();
            if (time.isBefore(TIME_MAX) && time.isAfter(Instant.EPOCH)) {
                return;
            }
        } catch (DateTimeException e) {
            // Told below, together with times out of range.
        }
        throw Listing.invalid(place, "date_time", "must be an RFC 3339 time such as 2026-01-31T12:00:00Z");
    }
}
