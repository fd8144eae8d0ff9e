package io.checkoutgateway.dropin;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A refusal as the gateway words it. */
record Problem(int status, String code, List<Broken> broken) {
    /**
     * One thing that is wrong.
     *
     * @param place a JSON Pointer into the body, or the name of a parameter
     */
    record Broken(String place, String rule) {}

    static Problem of(Answer answer) {
        JsonObject problem = answer.json();
        return new Problem(
                answer.status(),
                problem.getString("code"),
                problem.getJsonArray("invalid_parameters", new JsonArray()).stream()
                        .map(JsonObject.class::cast)
                        .map(each ->
                                new Broken(each.getString("pointer", each.getString("field")), each.getString("rule")))
                        .toList());
    }
}
