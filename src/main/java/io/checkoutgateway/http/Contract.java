package io.checkoutgateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The contract, in the copies that are published (as it is, and for generators of clients) and in the one that the router reads: Vert.x refuses parameters in
 * {@code deepObject} style, so its copy leaves them out and the operations that have them read them themselves.
 */
final class Contract {
    static final String PUBLISHED_JSON = "contract/openapi.json";
    static final String PUBLISHED_YAML = "contract/openapi.yaml";
    static final String PUBLISHED_FOR_SDKS = "contract/sdk/openapi.json";
    private static final String ROUTED = "contract/server.json";
    private static final String DEEP_OBJECT = "deepObject";

    private final OpenAPIContract routed;
    private final Buffer json;
    private final Buffer yaml;
    private final Buffer forSdks;
    private final Map<String, Set<String>> bracketed;

    private Contract(OpenAPIContract routed, Buffer json, Buffer yaml, Buffer forSdks) {
        this.routed = routed;
        this.json = json;
        this.yaml = yaml;
        this.forSdks = forSdks;
        this.bracketed = bracketedOf(json.toJsonObject());
    }

    /** Reads it from the class path; once for all event loops. */
    static Future<Contract> load(Vertx vertx) {
        Future<OpenAPIContract> routed = vertx.fileSystem().readFile(ROUTED).compose(file -> {
            JsonObject contract = file.toJsonObject();
            endForGood(contract);
            return OpenAPIContract.from(vertx, contract);
        });
        Future<Buffer> json = vertx.fileSystem().readFile(PUBLISHED_JSON);
        Future<Buffer> yaml = vertx.fileSystem().readFile(PUBLISHED_YAML);
        Future<Buffer> forSdks = vertx.fileSystem().readFile(PUBLISHED_FOR_SDKS);
        return Future.all(routed, json, yaml, forSdks)
                .map(all -> new Contract(routed.result(), json.result(), yaml.result(), forSdks.result()));
    }

    /** In Java a {@code $} also matches before a last line end; in JSON Schema's dialect (ECMA 262) it does not. */
    private static void endForGood(JsonObject schema) {
        for (String name : schema.fieldNames()) {
            Object member = schema.getValue(name);
            if (member instanceof JsonObject object) {
                endForGood(object);
            } else if (member instanceof JsonArray array) {
                array.stream().filter(JsonObject.class::isInstance).forEach(each -> endForGood((JsonObject) each));
            } else if (name.equals("pattern") && member instanceof String pattern && pattern.endsWith("$")) {
                schema.put(name, pattern.substring(0, pattern.length() - 1) + "\\z");
            }
        }
    }

    OpenAPIContract routed() {
        return routed;
    }

    Buffer json() {
        return json;
    }

    Buffer yaml() {
        return yaml;
    }

    /** The published contract without what misleads generators of clients; {@code codegen/README.md} lists it. */
    Buffer forSdks() {
        return forSdks;
    }

    /** The names of an operation's parameters in {@code deepObject} style. */
    Set<String> bracketedOf(String operationId) {
        return bracketed.getOrDefault(operationId, Set.of());
    }

    private static Map<String, Set<String>> bracketedOf(JsonObject published) {
        Map<String, Set<String>> names = new HashMap<>();
        published.getJsonObject("paths").forEach(path -> ((JsonObject) path.getValue()).forEach(method -> {
            if (method.getValue() instanceof JsonObject operation) {
                names.put(operation.getString("operationId"), namesOf(operation, published));
            }
        }));
        return names;
    }

    private static Set<String> namesOf(JsonObject operation, JsonObject published) {
        Set<String> names = new HashSet<>();
        operation.getJsonArray("parameters", new JsonArray()).forEach(entry -> {
            JsonObject parameter = resolved((JsonObject) entry, published);
            if (DEEP_OBJECT.equals(parameter.getString("style"))) {
                names.add(parameter.getString("name"));
            }
        });
        return names;
    }

    private static JsonObject resolved(JsonObject parameter, JsonObject published) {
        String reference = parameter.getString("$ref");
        return reference == null
                ? parameter
                : published
                        .getJsonObject("components")
                        .getJsonObject("parameters")
                        .getJsonObject(reference.substring(reference.lastIndexOf('/') + 1));
    }
}
