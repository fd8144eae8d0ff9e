package io.checkoutgateway.http;

import io.checkoutgateway.listing.Condition;
import io.checkoutgateway.listing.Kind;
import io.checkoutgateway.listing.Operator;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads what a list is filtered by, and refuses what a field does not take. */
public final class FilterValues {
    private static final int VALUE_BYTES_MAX = 1024;
    private static final int VALUES_MAX = 50;

    /** Postgres' timestamps end there; and nobody means such a time. */
    private static final Instant TIME_MAX = Instant.parse("9999-12-31T23:59:59Z");

    private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

    private static final Set<Operator> ORDERED = EnumSet.of(Operator.GT, Operator.GTE, Operator.LT, Operator.LTE);
    private static final Set<Operator> EXISTENCE = EnumSet.of(Operator.EXISTS, Operator.NEXISTS);
    private static final Map<Kind, Set<Operator>> OPERATORS = new EnumMap<>(Map.of(
            Kind.EXACT, union(EnumSet.of(Operator.EQ, Operator.NEQ, Operator.OEQ), EXISTENCE),
            Kind.ULID, union(EnumSet.of(Operator.EQ, Operator.NEQ, Operator.OEQ), EXISTENCE),
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

    /**
     * Reads {@code filter[field][operator]=value}, {@code filter[field]=value} and a bare {@code filter[field]}, for
     * lists whose fields are known by name.
     *
     * @param fieldOf the field of this name; empty when the list cannot be filtered by it
     * @param filter what the list calls a condition of a field
     * @throws io.checkoutgateway.failure.GatewayException with what was not understood first
     */
    public static <F, T> List<T> read(
            JsonObject query,
            Function<String, Optional<F>> fieldOf,
            Function<F, Kind> kindOf,
            BiFunction<F, Condition, T> filter) {
        List<T> filters = new ArrayList<>();
        Listing.members(query, "filter").forEach(given -> {
            F field = fieldOf.apply(given.getKey())
                    .orElseThrow(() -> Listing.invalid(
                            "filter[" + given.getKey() + "]", "unknown_field", "is not a field to filter by"));
            conditions(kindOf.apply(field), given.getKey(), given.getValue())
                    .forEach(condition -> filters.add(filter.apply(field, condition)));
        });
        return filters;
    }

    /**
     * The conditions of one field.
     *
     * @param name the field as the caller named it
     * @param value a text, or an object with a text for each operator
     */
    static List<Condition> conditions(Kind kind, String name, Object value) {
        if (value instanceof JsonObject given) {
            return given.stream().map(each -> condition(kind, name, each)).toList();
        }
        Operator operator = String.valueOf(value).isEmpty() ? Operator.EXISTS : Operator.EQ;
        return List.of(condition(kind, name, Map.entry(operator.word(), value)));
    }

    private static Condition condition(Kind kind, String name, Map.Entry<String, Object> given) {
        String place = "filter[" + name + "][" + given.getKey() + "]";
        Operator operator = operator(kind, given.getKey(), place);
        String text = value(given.getValue(), place);
        if (EXISTENCE.contains(operator)) {
            return new Condition(existence(operator, text, place), List.of());
        }
        boolean several = operator == Operator.OEQ || operator == Operator.OCONTAINS;
        List<String> values = several ? several(text) : List.of(text);
        if (values.size() > VALUES_MAX) {
            throw Listing.invalid(place, "max_items", "must not have more than " + VALUES_MAX + " values");
        }
        values.forEach(each -> check(kind, each, place));
        return new Condition(operator, values);
    }

    /** As OpenMeter reads them: blanks around a value and empty values do not count. */
    private static List<String> several(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static Operator operator(Kind kind, String word, String place) {
        return OPERATORS.getOrDefault(kind, Set.of()).stream()
                .filter(operator -> operator.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () -> Listing.invalid(place, "unknown_operator", "is not an operator that this field takes"));
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
            case ULID -> {
                if (!ULID.matcher(value).matches()) {
                    throw Listing.invalid(place, "ulid", "must be a ULID");
                }
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
