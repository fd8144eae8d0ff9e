package io.checkoutgateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** The house rules of the contract. Each names the places that break it. */
enum ContractRule {
    OPERATION_IS_EXPLAINED((contract, broken) -> Walk.operations(contract).forEach((id, operation) -> {
        boolean tagged = operation.path("tags").size() == 1
                && contract.get("tags")
                        .findValuesAsText("name")
                        .contains(operation.at("/tags/0").asText());
        if (!tagged || operation.path("summary").asText().isBlank() || !speaksOfFailure(operation)) {
            broken.add(id);
        }
    })),

    OPERATION_ID_IS_KEBAB_CASE((contract, broken) -> Walk.operations(contract).keySet().stream()
            .filter(id -> !id.matches("[a-z]+(-[a-z]+)*"))
            .forEach(broken::add)),

    PATH_IS_KEBAB_CASE((contract, broken) -> contract.get("paths").fieldNames().forEachRemaining(path -> {
        if (!path.matches("(/([a-z0-9]+(-[a-z0-9]+)*|\\{[a-z]+([A-Z][a-z]+)*}))+")) {
            broken.add(path);
        }
    })),

    OPERATION_DECLARES_ITS_PROBLEMS(
            (contract, broken) -> Walk.operations(contract).forEach((id, operation) -> {
                for (String status : expectedProblems(operation)) {
                    if (!operation.get("responses").has(status)) {
                        broken.add(id + " " + status);
                    }
                }
            })),

    OPERATION_FOR_ANYONE_REFUSES_NO_CALLER(
            (contract, broken) -> Walk.operations(contract).forEach((id, operation) -> {
                if (operation.path("security").isEmpty() && refusesCallers(operation)) {
                    broken.add(id);
                }
            })),

    FAILURE_IS_A_PROBLEM((contract, broken) -> Walk.operations(contract)
            .forEach((id, operation) -> operation.get("responses").properties().forEach(response -> {
                JsonNode content = resolve(contract, response.getValue()).path("content");
                String schema =
                        content.at("/application~1problem+json/schema/$ref").asText();
                boolean failure = response.getKey().compareTo("400") >= 0;
                if (failure && (content.size() != 1 || !schema.equals("#/components/schemas/Problem"))) {
                    broken.add(id + " " + response.getKey());
                }
            }))),

    ANSWER_CARRIES_ITS_HEADERS((contract, broken) -> Walk.operations(contract)
            .forEach((id, operation) -> operation.get("responses").properties().forEach(response -> {
                JsonNode headers = resolve(contract, response.getValue()).path("headers");
                boolean retryable = Set.of("409", "429", "503").contains(response.getKey());
                if (!headers.has("X-Request-Id") || (retryable && !headers.has("Retry-After"))) {
                    broken.add(id + " " + response.getKey());
                }
            }))),

    OPERATION_TAKES_BOTH_CREDENTIALS(
            (contract, broken) -> Walk.operations(contract).forEach((id, operation) -> {
                JsonNode ways = operation.path("security");
                boolean both = ways.size() == 2
                        && ways.path(0).path("apiKey").size() == 1
                        && ways.path(0).path("apiKey").equals(ways.path(1).path("oidc"));
                if (!ways.isEmpty() && !both) {
                    broken.add(id);
                }
            })),

    ANSWER_TELLS_OF_RATES((contract, broken) -> Walk.operations(contract).forEach((id, operation) -> {
        if (!operation.path("security").isEmpty()) {
            operation.get("responses").properties().forEach(response -> {
                JsonNode headers = resolve(contract, response.getValue()).path("headers");
                if (!headers.has("RateLimit") || !headers.has("RateLimit-Policy")) {
                    broken.add(id + " " + response.getKey());
                }
            });
        }
    })),

    BODY_IS_A_NAMED_SCHEMA((contract, broken) -> Walk.objects("", contract, (place, node) -> {
        if (place.contains("/content/")
                && node.has("schema")
                && !node.at("/schema").has("$ref")) {
            broken.add(place);
        }
    })),

    SCHEMA_IS_TITLED_BY_ITS_NAME(
            (contract, broken) -> schemas(contract).properties().forEach(schema -> {
                if (!schema.getValue().path("title").asText().equals(schema.getKey())) {
                    broken.add(schema.getKey());
                }
            })),

    SCHEMA_IS_DESCRIBED((contract, broken) -> Walk.objects("", schemas(contract), (place, node) -> {
        boolean describable =
                place.matches("/\\w+(/properties/\\w+)?") && !place.startsWith("/DjStripeCheckoutSession/");
        if (describable && node.path("description").asText().isBlank()) {
            broken.add(place);
        }
    })),

    PARAMETER_IS_DESCRIBED((contract, broken) -> contract.at("/components/parameters")
            .properties()
            .forEach(p -> {
                if (p.getValue().path("description").asText().isBlank()) {
                    broken.add(p.getKey());
                }
            })),

    PROPERTY_IS_SNAKE_CASE((contract, broken) -> Walk.objects("", schemas(contract), (place, node) -> {
        if (place.endsWith("/properties")) {
            node.fieldNames().forEachRemaining(name -> {
                if (!name.matches("[a-z0-9]+(_[a-z0-9]+)*")) {
                    broken.add(place + "/" + name);
                }
            });
        }
    })),

    REQUEST_IS_CLOSED((contract, broken) -> {
        for (String name : Walk.requestSchemas(contract)) {
            JsonNode schema = schemas(contract).get(name);
            boolean object = schema.path("type").asText().equals("object");
            // Stripe's own event is not ours to close.
            if (object
                    && !name.equals("StripeWebhookEvent")
                    && schema.path("additionalProperties").asBoolean(false)) {
                broken.add(name);
            }
        }
    }),

    ANSWER_IS_OPEN((contract, broken) -> {
        Set<String> answersOnly = new TreeSet<>(Walk.responseSchemas(contract));
        answersOnly.removeAll(Walk.requestSchemas(contract));
        for (String name : answersOnly) {
            if (!schemas(contract).get(name).path("additionalProperties").asBoolean(true)) {
                broken.add(name);
            }
        }
    }),

    REQUEST_HAS_LIMITS((contract, broken) -> {
        for (String name : Walk.requestSchemas(contract)) {
            Walk.objects("/" + name, schemas(contract).get(name), (place, node) -> {
                String type = node.path("type").asText();
                boolean boundless = (type.equals("string") && !node.has("maxLength") && !node.has("enum"))
                        || (type.equals("array") && !node.has("maxItems"))
                        || (node.path("additionalProperties").isObject() && !node.has("maxProperties"));
                if (boundless && !node.has("format")) {
                    broken.add(place);
                }
            });
        }
    }),

    RIDDLE_HAS_A_REASON((contract, broken) -> {
        for (String name : Walk.requestSchemas(contract)) {
            Walk.objects("/" + name, schemas(contract).get(name), (place, node) -> {
                boolean riddle =
                        node.has("not") || node.has("pattern") || place.endsWith("/then") && node.has("required");
                if (riddle && !place.contains("/if") && !place.endsWith("/not") && !node.has("x-reason")) {
                    broken.add(place);
                }
            });
        }
    });

    /** What only a credential can be answered: it is not valid, lacks the scope, or has used up its rate. */
    private static final Set<String> REFUSALS_OF_CALLERS = Set.of("401", "403", "429");

    private static final Pattern PATH_ID = Pattern.compile(
            "#/components/parameters/(CustomerId|AppId|SessionId|DjStripeId|WebhookEndpointId|ApiKeyId)");

    private final BiConsumer<ObjectNode, List<String>> check;

    ContractRule(BiConsumer<ObjectNode, List<String>> check) {
        this.check = check;
    }

    /** The places of this contract that break the rule. */
    List<String> brokenAt(ObjectNode contract) {
        List<String> broken = new ArrayList<>();
        check.accept(contract, broken);
        return broken;
    }

    private static boolean speaksOfFailure(JsonNode operation) {
        return operation.path("description").asText().matches("(?s).*\\bfails with \\d.*|.*\\bFails with \\d.*");
    }

    private static boolean refusesCallers(JsonNode operation) {
        return REFUSALS_OF_CALLERS.stream()
                .anyMatch(status -> operation.get("responses").has(status));
    }

    private static Set<String> expectedProblems(JsonNode operation) {
        Set<String> expected = new TreeSet<>(Set.of("400", "405", "500", "503"));
        if (!operation.path("security").isEmpty()) {
            expected.addAll(REFUSALS_OF_CALLERS);
        }
        if (operation.has("requestBody")) {
            expected.addAll(Set.of("408", "413", "415"));
        }
        for (String reference : operation.path("parameters").findValuesAsText("$ref")) {
            if (PATH_ID.matcher(reference).matches()) {
                expected.add("404");
            }
        }
        return expected;
    }

    private static JsonNode resolve(ObjectNode contract, JsonNode response) {
        return response.has("$ref") ? contract.at(response.get("$ref").asText().substring(1)) : response;
    }

    private static ObjectNode schemas(ObjectNode contract) {
        return (ObjectNode) contract.at("/components/schemas");
    }
}
