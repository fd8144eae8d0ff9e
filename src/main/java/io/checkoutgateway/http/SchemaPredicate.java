package io.checkoutgateway.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A schema of the contract as plain tests, put together once: tells whether a value is valid in about a microsecond,
 * and nothing else. The library's validator reads the schema anew for each value, in a method larger than the 8,000
 * bytes that HotSpot compiles, so it stays interpreted and takes a hundred times as long. It knows why a value is not
 * valid, though, and is asked when the answer here is no.
 *
 * <p>Both must mean the same. (JSON Schema 2020-12, validation vocabulary; the keywords that the contract's requests
 * use.)
 */
final class SchemaPredicate {
    private static final Set<String> ANNOTATIONS =
            Set.of("title", "description", "default", "example", "examples", "$comment", "deprecated");

    /** Read together with the keyword that they belong to. */
    private static final Set<String> SIDES = Set.of("then", "else", "additionalProperties");

    /** Formats that name a width, or how a text is shown; the validator ignores them too. */
    private static final Set<String> WIDTHS = Set.of("int32", "int64", "password");

    /** Vert.x notes where it found a schema, in members of the schema. */
    private static final String VERTX_NOTE = "__";

    /** This schema says something that is not known here. */
    private static final class UnknownKeywordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownKeywordException(String keyword) {
            super(keyword);
        }
    }

    private final JsonObject contract;

    private SchemaPredicate(JsonObject contract) {
        this.contract = contract;
    }

    /**
     * The schema as a test of values as they were decoded: texts, numbers, booleans, maps, lists and null.
     *
     * @param contract where references lead
     * @return empty when the schema uses a keyword that only the library's validator knows
     */
    static Optional<Predicate<@Nullable Object>> of(JsonObject schema, JsonObject contract) {
        try {
            return Optional.of(new SchemaPredicate(contract).compiled(schema));
        } catch (UnknownKeywordException unknown) {
            return Optional.empty();
        }
    }

    private Predicate<@Nullable Object> compiled(Object schema) {
        if (schema instanceof Boolean always) {
            return value -> always;
        }
        JsonObject keywords = (JsonObject) schema;
        List<Predicate<@Nullable Object>> tests = new ArrayList<>();
        for (String keyword : keywords.fieldNames()) {
            if (!saysNothing(keyword)) {
                tests.add(test(keyword, keywords));
            }
        }
        if (keywords.containsKey("properties") || keywords.containsKey("additionalProperties")) {
            tests.add(members(keywords));
        }
        return all(tests);
    }

    private static boolean saysNothing(String keyword) {
        return ANNOTATIONS.contains(keyword)
                || SIDES.contains(keyword)
                || keyword.equals("properties")
                || keyword.startsWith("x-")
                || keyword.startsWith(VERTX_NOTE);
    }

    private Predicate<@Nullable Object> test(String keyword, JsonObject schema) {
        return switch (keyword) {
            case "$ref" -> compiled(referenced(schema.getString(keyword)));
            case "type" -> type(schema.getValue(keyword));
            case "const" -> oneOf(List.of(schema.getValue(keyword)));
            case "enum" -> oneOf(schema.getJsonArray(keyword).stream().toList());
            case "not" -> compiled(schema.getValue(keyword)).negate();
            case "allOf" -> all(compiledAll(schema.getJsonArray(keyword)));
            case "anyOf" -> any(compiledAll(schema.getJsonArray(keyword)));
            case "if" -> condition(schema);
            case "minLength", "maxLength", "pattern" -> ofText(keyword, schema);
            case "minimum", "maximum" -> ofNumber(keyword, new BigDecimal(String.valueOf(schema.getValue(keyword))));
            case "required", "minProperties", "maxProperties", "propertyNames" -> ofObject(keyword, schema);
            case "minItems", "maxItems", "items", "uniqueItems" -> ofArray(keyword, schema);
            case "format" -> width(schema.getString(keyword));
            default -> throw new UnknownKeywordException(keyword);
        };
    }

    private Object referenced(String reference) {
        Object found = contract;
        for (String step : reference.substring(reference.indexOf('#') + 2).split("/", -1)) {
            found = found instanceof JsonObject object ? object.getValue(step) : null;
        }
        if (found == null) {
            throw new UnknownKeywordException("$ref " + reference);
        }
        return found;
    }

    private static Predicate<@Nullable Object> type(Object type) {
        return switch (String.valueOf(type)) {
            case "string" -> String.class::isInstance;
            case "boolean" -> Boolean.class::isInstance;
            case "object" -> Map.class::isInstance;
            case "array" -> List.class::isInstance;
            case "integer" -> SchemaPredicate::whole;
            default -> throw new UnknownKeywordException("type " + type);
        };
    }

    /** 1.0 is an integer. (JSON Schema 2020-12, section 6.1.1.) */
    private static boolean whole(@Nullable Object value) {
        return value instanceof Integer
                || value instanceof Long
                || value instanceof BigInteger
                || (value instanceof Double number && number % 1 == 0);
    }

    /** Texts and truth values; numbers are equal across types, which nothing here needs. */
    private static Predicate<@Nullable Object> oneOf(List<Object> allowed) {
        if (!allowed.stream().allMatch(value -> value instanceof String || value instanceof Boolean)) {
            throw new UnknownKeywordException("enum of " + allowed);
        }
        Set<Object> values = new HashSet<>(allowed);
        return values::contains;
    }

    private static Predicate<@Nullable Object> width(String format) {
        if (!WIDTHS.contains(format)) {
            throw new UnknownKeywordException("format " + format);
        }
        return value -> true;
    }

    private List<Predicate<@Nullable Object>> compiledAll(JsonArray schemas) {
        return schemas.stream().map(this::compiled).toList();
    }

    private Predicate<@Nullable Object> condition(JsonObject schema) {
        Predicate<@Nullable Object> condition = compiled(schema.getValue("if"));
        Predicate<@Nullable Object> then = compiled(schema.getValue("then", true));
        Predicate<@Nullable Object> otherwise = compiled(schema.getValue("else", true));
        return value -> condition.test(value) ? then.test(value) : otherwise.test(value);
    }

    private static Predicate<@Nullable Object> ofText(String keyword, JsonObject schema) {
        if (keyword.equals("pattern")) {
            Predicate<String> matches = TextPattern.of(schema.getString(keyword));
            return value -> !(value instanceof String text) || matches.test(text);
        }
        int limit = schema.getInteger(keyword);
        boolean least = keyword.equals("minLength");
        return value -> !(value instanceof String text)
                || (!least && text.length() <= limit)
                || within(text.codePointCount(0, text.length()), least, limit);
    }

    private static boolean within(int size, boolean least, int limit) {
        return least ? size >= limit : size <= limit;
    }

    private static Predicate<@Nullable Object> ofNumber(String keyword, BigDecimal limit) {
        int wrong = keyword.equals("minimum") ? -1 : 1;
        return value -> !(value instanceof Number number)
                || Integer.signum(new BigDecimal(number.toString()).compareTo(limit)) != wrong;
    }

    private Predicate<@Nullable Object> ofObject(String keyword, JsonObject schema) {
        return switch (keyword) {
            case "required" -> {
                List<String> names = schema.getJsonArray(keyword).stream()
                        .map(String::valueOf)
                        .toList();
                yield value -> !(value instanceof Map<?, ?> map) || map.keySet().containsAll(names);
            }
            case "propertyNames" -> {
                Predicate<@Nullable Object> name = compiled(schema.getValue(keyword));
                yield value -> !(value instanceof Map<?, ?> map) || each(map.keySet(), name);
            }
            default -> {
                int limit = schema.getInteger(keyword);
                boolean least = keyword.equals("minProperties");
                yield value -> !(value instanceof Map<?, ?> map) || within(map.size(), least, limit);
            }
        };
    }

    private Predicate<@Nullable Object> ofArray(String keyword, JsonObject schema) {
        return switch (keyword) {
            case "items" -> {
                Predicate<@Nullable Object> item = compiled(schema.getValue(keyword));
                yield value -> !(value instanceof List<?> list) || each(list, item);
            }
            case "uniqueItems" ->
                value -> !(value instanceof List<?> list) || new HashSet<>(list).size() == list.size();
            default -> {
                int limit = schema.getInteger(keyword);
                boolean least = keyword.equals("minItems");
                yield value -> !(value instanceof List<?> list) || within(list.size(), least, limit);
            }
        };
    }

    /** Each member against its own schema, or against the one for all others. */
    private Predicate<@Nullable Object> members(JsonObject schema) {
        Map<String, Predicate<@Nullable Object>> known = new HashMap<>();
        schema.getJsonObject("properties", new JsonObject())
                .forEach(member -> known.put(member.getKey(), compiled(member.getValue())));
        Predicate<@Nullable Object> others = compiled(schema.getValue("additionalProperties", true));
        return value -> {
            if (value instanceof Map<?, ?> map) {
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    if (!known.getOrDefault(member.getKey(), others).test(member.getValue())) {
                        return false;
                    }
                }
            }
            return true;
        };
    }

    private static boolean each(Iterable<?> values, Predicate<@Nullable Object> test) {
        for (Object value : values) {
            if (!test.test(value)) {
                return false;
            }
        }
        return true;
    }

    private static Predicate<@Nullable Object> all(List<Predicate<@Nullable Object>> tests) {
        return tests.size() == 1
                ? tests.get(0)
                : value -> {
                    for (Predicate<@Nullable Object> test : tests) {
                        if (!test.test(value)) {
                            return false;
                        }
                    }
                    return true;
                };
    }

    private static Predicate<@Nullable Object> any(List<Predicate<@Nullable Object>> tests) {
        return value -> tests.stream().anyMatch(test -> test.test(value));
    }
}
