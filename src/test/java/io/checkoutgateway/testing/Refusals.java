package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a refusal of bad input must say, and what it must not. */
public final class Refusals {
    private Refusals() {}

    /** The answer names the field, gives the reason, and tells nothing of the inside. */
    public static void assertNames(Answer answer, String field, String reason) {
        assertThat(answer.json().getString("code")).isEqualTo("invalid_request");
        List<JsonObject> parameters = answer.json().getJsonArray("invalid_parameters").stream()
                .map(JsonObject.class::cast)
                .toList();
        assertThat(parameters).as(answer.body()).anySatisfy(parameter -> {
            assertThat(parameter.getString("field")).isEqualTo(field);
            assertThat(parameter.getString("reason")).contains(reason);
        });
        assertThat(answer.body())
                .doesNotContain("Exception", "java.", "io.vertx", "checkoutgateway", "\\tat ", "jackson");
    }
}
