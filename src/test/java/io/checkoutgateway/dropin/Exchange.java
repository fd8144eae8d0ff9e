package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.checkoutgateway.testing.ContractClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One request and its answer, held against their contract. */
record Exchange(Request request, Answer answer) {
    /** What the five shapes of the items have in common ({@link Difference#INVALID_PARAMETERS}). */
    private static final List<String> COMMON = List.of("field", "reason", "source");

    /** Refusals that their contract does not declare and ours does ({@link Difference#DECLARED_STATUSES}). */
    private static final Set<Integer> UNDECLARED = Set.of(409, 412, 413, 422);

    private static final String ITEMS = "invalid_parameters";
    private static final int TOLD = 400;

    boolean accepted() {
        return answer.status() < 300;
    }

    /** What a client of theirs would stumble over in the answer. */
    List<String> mistakes() {
        Described operation = request.operation();
        int status = answer.status();
        if (!operation.declares(status)) {
            return UNDECLARED.contains(status) ? List.of() : List.of(told("is neither declared nor listed"));
        }
        if (operation.mediaType(status).isEmpty()) {
            return answer.body().isEmpty() ? List.of() : List.of(told("has a body"));
        }
        String type = operation.mediaType(status).orElseThrow();
        if (!answer.header("Content-Type").startsWith(type)) {
            return List.of(told("is not of type " + type));
        }
        return operation.contract().violations(operation.schemaOf(status), likeTheirs()).stream()
                .map(this::told)
                .toList();
    }

    private JsonNode likeTheirs() {
        JsonNode body = OwnContract.json(answer.body());
        if (body.path(ITEMS) instanceof ArrayNode items) {
            items.forEach(item -> ((ObjectNode) item).retain(COMMON));
        }
        return body;
    }

    /**
     * What is refused without being listed.
     *
     * @param met gathers the rows that explain what is refused
     */
    List<String> unexplained(Set<Difference> met) {
        if (accepted()) {
            return List.of();
        }
        Problem problem = Problem.of(answer);
        List<String> unexplained = new ArrayList<>();
        if (problem.broken().isEmpty()) {
            Difference.explaining(problem, request)
                    .ifPresentOrElse(met::add, () -> unexplained.add(told(problem.code())));
        }
        for (Problem.Broken broken : problem.broken()) {
            if (!namesNothing(problem, broken)) {
                Difference.explaining(problem, broken, request)
                        .ifPresentOrElse(met::add, () -> unexplained.add(told(problem, broken)));
            }
        }
        return unexplained;
    }

    /** What refers to nothing is 404 there too. */
    private boolean namesNothing(Problem problem, Problem.Broken broken) {
        return problem.status() == 404
                && request.operation().declares(404)
                && broken.rule().equals("unknown");
    }

    /** What was sent and should have come back, and did not, or with another value. */
    List<String> changed() {
        JsonNode sent = request.body();
        if (!accepted() || sent == null || answer.body().isEmpty()) {
            return List.of();
        }
        List<String> changed = new ArrayList<>();
        Described operation = request.operation();
        JsonNode schema = operation.contract().at(operation.schemaOf(answer.status()));
        compare("", sent, OwnContract.json(answer.body()), operation.contract().alternatives(schema), changed);
        return changed;
    }

    private void compare(String place, JsonNode sent, JsonNode back, List<ObjectNode> schemas, List<String> changed) {
        if (!sent.isObject()) {
            if (!sent.equals(back) && !(back.isMissingNode() && isNothing(sent))) {
                changed.add(told("%s: %s came back as %s".formatted(place, shortened(sent), shortened(back))));
            }
            return;
        }
        sent.properties().forEach(member -> {
            List<ObjectNode> below = below(schemas, member.getKey());
            if (!below.isEmpty()) {
                compare(place + "/" + member.getKey(), member.getValue(), back.path(member.getKey()), below, changed);
            }
        });
    }

    /** An empty text is none ({@link Difference#EMPTY_EMAIL}). */
    private static boolean isNothing(JsonNode value) {
        return value.isTextual() && value.asText().isEmpty();
    }

    /** The schemas of a member, of those that have one. */
    private List<ObjectNode> below(List<ObjectNode> schemas, String name) {
        OpenApi contract = request.operation().contract();
        return schemas.stream()
                .map(schema -> schema.path("properties").path(name).isMissingNode()
                        ? schema.path("additionalProperties")
                        : schema.path("properties").path(name))
                .filter(JsonNode::isObject)
                .flatMap(schema -> contract.alternatives(schema).stream())
                .toList();
    }

    private String told(Problem problem, Problem.Broken broken) {
        return told("%s: %s at %s, where stands %s"
                .formatted(problem.code(), broken.rule(), broken.place(), shortened(request.at(broken.place()))));
    }

    private String told(String what) {
        return "%d %s -- %s -- %s".formatted(answer.status(), what, request, shortened(answer.body()));
    }

    private static String shortened(Object value) {
        String text = value.toString();
        return text.length() > TOLD ? text.substring(0, TOLD) + "…" : text;
    }
}
