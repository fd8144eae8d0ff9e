package io.checkoutgateway.http;

import io.checkoutgateway.failure.InvalidParameter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what a JSON Schema validator found in the caller's words: the field by its name, the rule, and a reason that
 * tells what to change. Where the contract gives a reason of its own ({@code x-reason}), that one is used.
 */
final class SchemaViolations {
    /** Keywords that only say that something below them failed. */
    private static final Set<String> STRUCTURAL = Set.of(
            "$ref", "allOf", "if", "properties", "items", "patternProperties", "additionalProperties", "propertyNames");

    /** What fails below it is about a member's name, not its value. */
    private static final String ABOUT_A_NAME = "/propertyNames/";

    private static final String INVALID_KEY = "invalid_key";

    /** One reason is enough for a field: first that it has no place here, then that it is of the wrong kind. */
    private static final List<String> MOST_HELPFUL = List.of("not_allowed", "required", INVALID_KEY, "type", "enum");

    private static final Pattern QUOTED = Pattern.compile("\"(.*)\"", Pattern.DOTALL);
    private static final Pattern EXPECTED = Pattern.compile("Expected (.*)", Pattern.DOTALL);
    private static final Pattern CHOICES = Pattern.compile("any of \\[(.*)]", Pattern.DOTALL);
    static final String REASON = "x-reason";

    /** The rules whose names other APIs of this kind share. */
    private static final Map<String, String> RULES = Map.ofEntries(
            Map.entry("additionalProperties", "unknown_property"),
            Map.entry("maxLength", "max_length"),
            Map.entry("minLength", "min_length"),
            Map.entry("maxItems", "max_items"),
            Map.entry("minItems", "min_items"),
            Map.entry("maxProperties", "max_items"),
            Map.entry("minProperties", "min_items"),
            Map.entry("uniqueItems", "unique_items"),
            Map.entry("propertyNames", INVALID_KEY),
            Map.entry("properties", "not_allowed"),
            Map.entry("not", "not_allowed"));

    private final JsonObject contract;
    private final JsonObject body;

    /** @param body the schema of the operation's body, which stands apart from the contract; empty when there is none */
    SchemaViolations(JsonObject contract, JsonObject body) {
        this.contract = contract;
        this.body = body;
    }

    /**
     * The violations of a value, one for each field.
     *
     * @param result the validator's finding, not valid
     * @param name the value's name, for what is not a member of a body; empty for a body
     */
    List<InvalidParameter> of(OutputUnit result, String name, String source) {
        List<OutputUnit> found = result.getErrors() == null ? List.of() : result.getErrors();
        Map<String, InvalidParameter> violations = new LinkedHashMap<>();
        for (OutputUnit unit : found) {
            if (isLeaf(unit, found)) {
                InvalidParameter violation = violation(unit, name, source);
                violations.merge(violation.field(), violation, SchemaViolations::moreHelpful);
            }
        }
        return violations.isEmpty()
                ? List.of(new InvalidParameter(name.isEmpty() ? "body" : name, "invalid", "is not valid", source, null))
                : List.copyOf(violations.values());
    }

    private static InvalidParameter moreHelpful(InvalidParameter first, InvalidParameter other) {
        return rank(other) < rank(first) ? other : first;
    }

    private static int rank(InvalidParameter violation) {
        int place = MOST_HELPFUL.indexOf(violation.rule());
        return place < 0 ? MOST_HELPFUL.size() : place;
    }

    private static boolean isLeaf(OutputUnit unit, List<OutputUnit> found) {
        String keyword = keywordOf(unit);
        if (!STRUCTURAL.contains(keyword)) {
            return true;
        }
        return found.stream()
                .noneMatch(other -> other != unit
                        && !keywordOf(other).equals(keyword)
                        && isAtOrBelow(other.getInstanceLocation(), unit.getInstanceLocation()));
    }

    private static boolean isAtOrBelow(String location, String ancestor) {
        return location.equals(ancestor) || location.startsWith(ancestor + "/");
    }

    private InvalidParameter violation(OutputUnit unit, String name, String source) {
        String keyword = keywordOf(unit);
        List<String> path = new ArrayList<>(segments(unit.getInstanceLocation()));
        if (keyword.equals("required")) {
            found(QUOTED, unit).ifPresent(path::add);
        }
        String pointer = path.stream()
                .map(segment -> "/" + segment.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
        String field = name.isEmpty() ? String.join(".", path) : bracketed(name, path);
        return new InvalidParameter(
                field.isEmpty() ? "body" : field,
                unit.getKeywordLocation().contains(ABOUT_A_NAME) ? INVALID_KEY : RULES.getOrDefault(keyword, keyword),
                reason(unit, source),
                source,
                source.equals("body") ? pointer : null);
    }

    private static String bracketed(String name, List<String> path) {
        return name + path.stream().map(segment -> "[" + segment + "]").collect(Collectors.joining());
    }

    private static Optional<String> found(Pattern pattern, OutputUnit unit) {
        Matcher matcher = pattern.matcher(Objects.requireNonNullElse(unit.getError(), ""));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private String reason(OutputUnit unit, String source) {
        String own = reasonInContract(unit);
        if (own == null && source.equals("body")) {
            own = nearestReason(body, segments(unit.getKeywordLocation()));
        }
        return own == null ? plainReason(unit) : own;
    }

    private static String plainReason(OutputUnit unit) {
        return switch (keywordOf(unit)) {
            case "required" -> "is required";
            case "additionalProperties" -> "is not a known property";
            case "properties", "not" -> "is not allowed here";
            case "type" ->
                found(EXPECTED, unit)
                        .map(type -> "must be of type " + type.replace(",", " or "))
                        .orElse("is of the wrong type");
            case "enum" ->
                found(CHOICES, unit)
                        .map(choices ->
                                "must be one of " + choices.replace("\"", "").replace(",", ", "))
                        .orElse("is not one of the allowed values");
            default ->
                Optional.ofNullable(unit.getError())
                        .map(error -> error.replaceFirst("^(String|Instance|Array) ", ""))
                        .orElse("is not valid");
        };
    }

    /** The nearest {@code x-reason} on the way from the contract's root to the keyword that failed. */
    private @Nullable String reasonInContract(OutputUnit unit) {
        String location = unit.getAbsoluteKeywordLocation();
        int fragment = location == null ? -1 : location.indexOf('#');
        if (location == null || fragment < 0) {
            return null;
        }
        return nearestReason(contract, segments(location.substring(fragment)));
    }

    private static @Nullable String nearestReason(JsonObject root, List<String> path) {
        String nearest = null;
        Object place = root;
        for (String segment : path) {
            place = step(place, segment);
            if (place instanceof JsonObject schema && schema.getValue(REASON) instanceof String given) {
                nearest = given;
            }
        }
        return nearest;
    }

    private static @Nullable Object step(@Nullable Object place, String segment) {
        if (place instanceof JsonObject object) {
            return object.getValue(segment);
        }
        boolean index = place instanceof JsonArray && segment.chars().allMatch(Character::isDigit);
        return index && place instanceof JsonArray array && Integer.parseInt(segment) < array.size()
                ? array.getValue(Integer.parseInt(segment))
                : null;
    }

    private static String keywordOf(OutputUnit unit) {
        String location = unit.getKeywordLocation();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    /** The segments of a JSON pointer in a URI's fragment. */
    private static List<String> segments(String fragment) {
        String pointer = fragment.startsWith("#") ? fragment.substring(1) : fragment;
        return pointer.isEmpty()
                ? List.of()
                : Arrays.stream(pointer.substring(pointer.startsWith("/") ? 1 : 0)
                                .split("/", -1))
                        .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8)
                                .replace("~1", "/")
                                .replace("~0", "~"))
                        .toList();
    }
}
