package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An operation as a contract describes it. */
record Described(OpenApi contract, String path, String verb, JsonNode pathItem) {
    private static final String BODY = "/requestBody";

    String id() {
        return description().path("operationId").asText();
    }

    String method() {
        return verb.toUpperCase(Locale.ROOT);
    }

    private JsonNode description() {
        return pathItem.path(verb);
    }

    private String pointer() {
        return "/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + verb;
    }

    /** The parameters of the operation and of its path, references followed. */
    List<JsonNode> parameters(String in) {
        List<JsonNode> parameters = new ArrayList<>();
        for (JsonNode declared :
                List.of(pathItem.path("parameters"), description().path("parameters"))) {
            declared.forEach(each -> parameters.add(contract.flat(each)));
        }
        return parameters.stream()
                .filter(parameter -> parameter.path("in").asText().equals(in))
                .toList();
    }

    /** Where the schema of the body is; empty when it takes none. */
    Optional<String> body() {
        return description().has("requestBody")
                ? Optional.of(contract.followed(pointer() + BODY) + "/content/application~1json/schema")
                : Optional.empty();
    }

    List<String> statuses() {
        List<String> statuses = new ArrayList<>();
        description().path("responses").fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }

    boolean declares(int status) {
        return statuses().contains(Integer.toString(status));
    }

    /** The media type of an answer; empty when it has no body. */
    Optional<String> mediaType(int status) {
        var types = contract.at(answer(status) + "/content").fieldNames();
        return types.hasNext() ? Optional.of(types.next()) : Optional.empty();
    }

    /** Where the schema of an answer's body is. */
    String schemaOf(int status) {
        String type = mediaType(status).orElseThrow();
        return answer(status) + "/content/" + type.replace("~", "~0").replace("/", "~1") + "/schema";
    }

    private String answer(int status) {
        return contract.followed(pointer() + "/responses/" + status);
    }

    @Override
    public String toString() {
        return id();
    }
}
