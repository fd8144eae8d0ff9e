package io.checkoutgateway.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.net.URLDecoder;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Holds instances against the published schemas, with the validator that the server uses. */
final class PublishedSchemas {
    private static final String BASE = "app://contract/";

    /** Keywords that only pass on what a schema below them found. */
    private static final Set<String> PASSING_ON =
            Set.of("$ref", "properties", "items", "allOf", "anyOf", "if", "propertyNames");

    private static final Pattern MISSING = Pattern.compile("required property \"(.*)\"");

    private final ObjectNode contract = PublishedContract.read();
    private final SchemaRepository repository = SchemaRepository.create(
            new JsonSchemaOptions().setBaseUri(BASE).setDraft(Draft.DRAFT202012).setOutputFormat(OutputFormat.Basic));

    PublishedSchemas() {
        repository.dereference(BASE, JsonSchema.of(new JsonObject(contract.toString())));
    }

    /**
     * What is wrong with an instance.
     *
     * @param pointer where; for a missing member, where it should be
     * @param keyword the keyword that says so
     * @param reason the nearest {@code x-reason} above the keyword; {@code null} when there is none
     */
    record Violation(String pointer, String keyword, @Nullable String reason) {}

    /** All that the named schema finds wrong with the JSON text; nothing when it is valid. */
    Set<Violation> violations(String schema, String json) {
        JsonSchema reference = JsonSchema.of(new JsonObject().put("$ref", BASE + "#/components/schemas/" + schema));
        OutputUnit report = repository.validator(reference).validate(Json.decodeValue(json));
        Set<Violation> violations = new LinkedHashSet<>();
        if (report.getErrors() != null) {
            report.getErrors().stream().filter(this::isTheFinding).forEach(unit -> violations.add(violation(unit)));
        }
        return violations;
    }

    private boolean isTheFinding(OutputUnit unit) {
        String keyword = lastOf(unit.getKeywordLocation());
        if (!keyword.equals("additionalProperties")) {
            return !PASSING_ON.contains(keyword);
        }
        // The validator reports a known member with a wrong value a second time, as an unknown one.
        JsonNode owner = contract.at(parentOf(place(unit)));
        return !owner.get(keyword).isObject() && !owner.path("properties").has(lastOf(unit.getInstanceLocation()));
    }

    private Violation violation(OutputUnit unit) {
        // The validator writes pointers for URIs; "+" stands for itself there.
        String pointer =
                URLDecoder.decode(unit.getInstanceLocation().substring(1).replace("+", "%2B"), UTF_8);
        Matcher missing = MISSING.matcher(unit.getError());
        if (missing.find()) {
            pointer += "/" + missing.group(1);
        }
        return new Violation(pointer, lastOf(unit.getKeywordLocation()), reason(parentOf(place(unit))));
    }

    private @Nullable String reason(String place) {
        for (String above = place; above.contains("/"); above = parentOf(above)) {
            if (contract.at(above).has("x-reason")) {
                return contract.at(above).get("x-reason").asText();
            }
        }
        return null;
    }

    private static String place(OutputUnit unit) {
        return unit.getAbsoluteKeywordLocation().substring(BASE.length() + 1);
    }

    private static String parentOf(String pointer) {
        return pointer.substring(0, pointer.lastIndexOf('/'));
    }

    private static String lastOf(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }
}
