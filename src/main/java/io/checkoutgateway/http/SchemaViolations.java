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
    private static final Set<String> STRUCTURAL =
            Set.of("$ref", "allOf", "if", "properties", "items", "patternProperties", "additionalProperties");

    private static final String PROPERTY_NAMES = "propertyNames";
    private static final Pattern QUOTED = Pattern.compile("\"(.*?)\"(?: does not match| is)?", Pattern.DOTALL);
    private static final String REASON = "x-reason";

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
            Map.entry("propertyNames", "invalid_key"),
            Map.entry("properties", "not_allowed"),
            Map.entry("not", "not_allowed"));

    private final JsonObject contract;

    SchemaViolations(JsonObject contract) {
        this.contract = contract;
    }

    /**
     * The violations of a value.
     *
     * @param result the validator's finding, not valid
     * @param name the value's name, for what is not a member of a body; empty for a body
     */
    List<InvalidParameter> of(OutputUnit result, String name, String source) {
        List<OutputUnit> found = result.getErrors() == null ? List.of() : result.getErrors();
        Map<String, InvalidParameter> violations = new LinkedHashMap<>();
        for (OutputUnit unit : found) {
            if (isLeaf(unit, found)) {
                InvalidParameter violation = violation(unit, found, name, source);
                violations.putIfAbsent(violation.field() + ' ' + violation.rule(), violation);
            }
        }
        return violations.isEmpty()
                ? List.of(new InvalidParameter(name.isEmpty() ? "body" : name, "invalid", "is not valid", source, null))
                : List.copyOf(violations.values());
    }

    private static boolean isLeaf(OutputUnit unit, List<OutputUnit> found) {
        String keyword = keywordOf(unit);
        if (unit.getKeywordLocation().contains("/" + PROPERTY_NAMES + "/")) {
            return false;
        }
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

    private InvalidParameter violation(OutputUnit unit, List<OutputUnit> found, String name, String source) {
        String keyword = keywordOf(unit);
        List<String> path = new ArrayList<>(segments(unit.getInstanceLocation()));
        if (keyword.equals("required") || keyword.equals(PROPERTY_NAMES)) {
            quoted(unit.getError()).ifPresent(path::add);
        }
        String pointer = path.stream()
                .map(segment -> "/" + segment.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
        String field = name.isEmpty() ? String.join(".", path) : bracketed(name, path);
        return new InvalidParameter(
                field.isEmpty() ? "body" : field,
                RULES.getOrDefault(keyword, keyword),
                reason(unit, found),
                source,
                source.equals("body") ? pointer : null);
    }

    private static String bracketed(String name, List<String> path) {
        return name + path.stream().map(segment -> "[" + segment + "]").collect(Collectors.joining());
    }

    private static Optional<String> quoted(String error) {
        Matcher matcher = QUOTED.matcher(error);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private String reason(OutputUnit unit, List<OutputUnit> found) {
        String own = reasonInContract(unit);
        if (own != null) {
            return own;
        }
        if (keywordOf(unit).equals(PROPERTY_NAMES)) {
            return found.stream()
                    .filter(other -> other.getKeywordLocation().startsWith(unit.getKeywordLocation() + "/"))
                    .map(other -> Objects.requireNonNullElse(reasonInContract(other), plainReason(other)))
                    .findFirst()
                    .orElse("is not an allowed key");
        }
        return plainReason(unit);
    }

    private static String plainReason(OutputUnit unit) {
        return switch (keywordOf(unit)) {
            case "required" -> "is required";
            case "additionalProperties" -> "is not a known property";
            case "properties", "not" -> "is not allowed here";
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
        String nearest = null;
        Object place = contract;
        for (String segment : segments(location.substring(fragment))) {
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
