package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.oas.OpenApi30;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An OpenAPI document in YAML or JSON. Places in it are JSON Pointers. */
final class OpenApi {
    /** The billing family: what the gateway promises to be a drop-in for. */
    private static final Pattern FAMILY =
            Pattern.compile(".*/openmeter/(app-catalog(/.*)?|apps(/.*)?|customers(/\\{[^/]+}(/billing(/.*)?)?)?)");

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final String IRI = "https://contract.example/openapi";

    private final ObjectNode document;
    private final JsonSchemaFactory schemas;
    private final Map<String, JsonSchema> validators = new ConcurrentHashMap<>();

    OpenApi(ObjectNode document) {
        this.document = document;
        // The dialect of 3.0 knows `nullable`; formats are held too.
        this.schemas =
                JsonSchemaFactory.getInstance(VersionFlag.V4, factory -> factory.metaSchema(OpenApi30.getInstance())
                        .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
                        .schemaLoaders(loaders -> loaders.schemas(Map.of(IRI, document.toString()))));
    }

    /** @throws UncheckedIOException when there is no such file, or it is neither YAML nor JSON */
    static OpenApi read(Path file) {
        try {
            return new OpenApi((ObjectNode) new YAMLMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException("-Dopenmeter.contract=" + file + " cannot be read", e);
        }
    }

    /** The billing family's operations, in the document's order. */
    List<Described> family() {
        List<Described> operations = new ArrayList<>();
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(member -> METHODS.contains(member.getKey())
                        && FAMILY.matcher(path.getKey()).matches())
                .forEach(member ->
                        operations.add(new Described(this, path.getKey(), member.getKey(), path.getValue()))));
        return operations;
    }

    JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** Where a place leads to, once references are followed. */
    String followed(String pointer) {
        String reference = document.at(pointer).path("$ref").asText();
        return reference.isEmpty() ? pointer : followed(reference.substring(1));
    }

    /** A schema as one object: references are followed, the parts of {@code allOf} are laid over each other. */
    ObjectNode flat(JsonNode schema) {
        ObjectNode flat = schema.deepCopy();
        String reference = schema.path("$ref").asText();
        if (!reference.isEmpty()) {
            return flat(document.at(reference.substring(1)));
        }
        JsonNode parts = flat.remove("allOf");
        if (parts != null) {
            parts.forEach(part -> lay(flat, flat(part)));
        }
        return flat;
    }

    private static void lay(ObjectNode under, ObjectNode part) {
        part.properties().forEach(member -> {
            JsonNode present = under.get(member.getKey());
            if (present instanceof ObjectNode object && member.getValue() instanceof ObjectNode more) {
                lay(object, more);
            } else if (present == null) {
                under.set(member.getKey(), member.getValue());
            }
        });
    }

    /** The alternatives of a schema: itself where it has none. */
    List<ObjectNode> alternatives(JsonNode schema) {
        ObjectNode flat = flat(schema);
        JsonNode several = flat.has("oneOf") ? flat.get("oneOf") : flat.path("anyOf");
        List<ObjectNode> alternatives = new ArrayList<>();
        several.forEach(each -> alternatives.addAll(alternatives(each)));
        return alternatives.isEmpty() ? List.of(flat) : alternatives;
    }

    /** What is wrong with an instance; nothing when the schema at this place allows it. */
    Set<String> violations(String pointer, JsonNode instance) {
        return validators
                .computeIfAbsent(named(pointer), place -> schemas.getSchema(SchemaLocation.of(IRI + place), config()))
                .validate(instance)
                .stream()
                .map(Object::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The name of a schema where it has one: in a path, the braces of a template would not survive the IRI. */
    private String named(String pointer) {
        return document.at(pointer).path("$ref").asText("#" + pointer);
    }

    private static SchemaValidatorsConfig config() {
        return SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    }
}
