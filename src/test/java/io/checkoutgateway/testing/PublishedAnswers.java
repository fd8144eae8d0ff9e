package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The published contract's promises about answers. */
final class PublishedAnswers {
    private static final String BASE = "app://published/";
    private static final String PROBLEM = "#/components/schemas/Problem";
    private static final String PROBLEM_TYPE = "application/problem+json";
    private static final String EVENT_STREAM = "text/event-stream";
    private static final String EVENT = "#/components/schemas/CheckoutSessionEvent";

    private final JsonObject contract = read();
    private final Map<Pattern, JsonObject> paths;
    private final Map<String, Validator> validators = new ConcurrentHashMap<>();
    private final SchemaRepository schemas = SchemaRepository.create(
            new JsonSchemaOptions().setBaseUri(BASE).setDraft(Draft.DRAFT202012).setOutputFormat(OutputFormat.Basic));

    PublishedAnswers() {
        schemas.dereference(BASE, JsonSchema.of(contract));
        paths = paths(contract);
    }

    private static JsonObject read() {
        try (InputStream file = PublishedAnswers.class.getResourceAsStream("/contract/openapi.json")) {
            return new JsonObject(new String(
                    Objects.requireNonNull(file, "contract/openapi.json").readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts that the answer is one that the operation declares; where there is no operation, that it is a problem. */
    void check(String method, String path, ContractClient.Answer answer) {
        if (method.equals("HEAD")) {
            assertThat(answer.body()).as("an answer to HEAD").isEmpty();
            return;
        }
        Optional<JsonObject> operation = operation(method, path.split("\\?", 2)[0]);
        if (operation.isEmpty()) {
            if (answer.status() >= 400) {
                checkBody(answer, PROBLEM_TYPE, PROBLEM);
            }
            return;
        }
        JsonObject declared = declared(operation.get(), method + " " + path, answer);
        JsonObject content = declared.getJsonObject("content");
        if (content == null) {
            assertThat(answer.body()).as("a body where none is declared").isEmpty();
            return;
        }
        String type = content.fieldNames().iterator().next();
        if (type.equals(EVENT_STREAM)) {
            checkMediaType(answer, type);
            SentEvents.of(answer.body()).forEach(this::check);
            return;
        }
        checkBody(
                answer,
                type,
                content.getJsonObject(type).getJsonObject("schema").getString("$ref"));
    }

    private JsonObject declared(JsonObject operation, String request, ContractClient.Answer answer) {
        JsonObject response = operation.getJsonObject("responses").getJsonObject(Integer.toString(answer.status()));
        if (response == null) {
            fail("%s answered %d, which the contract does not declare: %s", request, answer.status(), answer.body());
        }
        String reference = response.getString("$ref");
        return reference == null
                ? response
                : contract.getJsonObject("components")
                        .getJsonObject("responses")
                        .getJsonObject(reference.substring(reference.lastIndexOf('/') + 1));
    }

    /** Asserts that an event of a stream tells what the contract says it does. */
    void check(SentEvents.Event event) {
        if (event.type().startsWith("checkout_session.")) {
            checkSchema(event.data(), EVENT);
        }
    }

    private static void checkMediaType(ContractClient.Answer answer, String type) {
        assertThat(answer.header("Content-Type"))
                .as("media type of %s", answer.body())
                .startsWith(type);
    }

    private void checkBody(ContractClient.Answer answer, String type, String schema) {
        checkMediaType(answer, type);
        checkSchema(answer.json(), schema);
    }

    private void checkSchema(JsonObject document, String schema) {
        OutputUnit result = validators
                .computeIfAbsent(
                        schema, name -> schemas.validator(JsonSchema.of(new JsonObject().put("$ref", BASE + name))))
                .validate(document);
        assertThat(result.getValid())
                .as("%s is a %s: %s", document, schema, result.getErrors())
                .isTrue();
    }

    private Optional<JsonObject> operation(String method, String path) {
        String name = method.toLowerCase(Locale.ROOT);
        return paths.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).matches()
                        && entry.getValue().containsKey(name))
                .map(entry -> entry.getValue().getJsonObject(name))
                .findFirst();
    }

    private static Map<Pattern, JsonObject> paths(JsonObject contract) {
        Map<Pattern, JsonObject> paths = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : contract.getJsonObject("paths")) {
            // The schema repository leaves notes of its own, which are no paths.
            if (entry.getValue() instanceof JsonObject operations) {
                String template = Pattern.quote(entry.getKey()).replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q");
                paths.put(Pattern.compile(template), operations);
            }
        }
        return paths;
    }
}
