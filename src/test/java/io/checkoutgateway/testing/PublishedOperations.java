package io.checkoutgateway.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operations of the published contract, for tests that go through all of them, those of tomorrow included. */
public final class PublishedOperations {
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private PublishedOperations() {}

    /** All operations of the contract. */
    public static List<Described> all() {
        List<Described> operations = new ArrayList<>();
        read().getJsonObject("paths").forEach(path -> ((JsonObject) path.getValue())
                .forEach(method -> operations.add(new Described(
                        method.getKey().toUpperCase(Locale.ROOT), path.getKey(), (JsonObject) method.getValue()))));
        return operations;
    }

    private static JsonObject read() {
        try (InputStream file = PublishedOperations.class.getResourceAsStream("/contract/openapi.json")) {
            return new JsonObject(new String(
                    Objects.requireNonNull(file, "contract/openapi.json").readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An operation as the contract describes it.
     *
     * @param template its path with parameters in braces
     * @param description the contract's object
     */
    public record Described(String method, String template, JsonObject description) {
        public String id() {
            return description.getString("operationId");
        }

        public boolean needsCredential() {
            return !description.getJsonArray("security", new JsonArray()).isEmpty();
        }

        /** The scopes by the names of credentials. */
        public Map<String, List<?>> security() {
            Map<String, List<?>> ways = new LinkedHashMap<>();
            description.getJsonArray("security").forEach(way -> ((JsonObject) way)
                    .forEach(scheme -> ways.put(scheme.getKey(), ((JsonArray) scheme.getValue()).getList())));
            return ways;
        }

        /** The one scope that it needs. */
        public String scope() {
            return description
                    .getJsonArray("security")
                    .getJsonObject(0)
                    .getJsonArray("apiKey")
                    .getString(0);
        }

        /** Whether its good answer is a stream, which does not end. */
        public boolean streams() {
            return description.getJsonObject("responses").encode().contains("text/event-stream");
        }

        public boolean hasParameters() {
            return PARAMETER.matcher(template).find();
        }

        /**
         * Its path with values for its parameters.
         *
         * @param valueOf the value of a parameter by the path's beginning up to it, such as {@code /things/{thingId}}
         */
        public String path(UnaryOperator<String> valueOf) {
            Matcher parameters = PARAMETER.matcher(template);
            StringBuilder path = new StringBuilder();
            while (parameters.find()) {
                String value = valueOf.apply(template.substring(0, parameters.end()));
                parameters.appendReplacement(path, Matcher.quoteReplacement(value));
            }
            return parameters.appendTail(path).toString();
        }

        /** The first example of its body; {@code null} when it takes none. */
        public @Nullable String body() {
            JsonObject body = description.getJsonObject("requestBody");
            if (body == null) {
                return null;
            }
            JsonObject examples = body.getJsonObject("content")
                    .getJsonObject("application/json")
                    .getJsonObject("examples");
            return examples.getJsonObject(examples.fieldNames().iterator().next())
                    .getValue("value")
                    .toString();
        }
    }
}
