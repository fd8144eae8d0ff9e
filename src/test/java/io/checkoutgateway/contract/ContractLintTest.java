package io.checkoutgateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract keeps the house rules, and each rule can tell when it is broken. */
class ContractLintTest {
    @ParameterizedTest
    @EnumSource
    void rule_publishedContract_isKept(ContractRule rule) {
        assertThat(rule.brokenAt(PublishedContract.read())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("damages")
    void rule_damagedContract_isReportedBroken(ContractRule rule, String place, Consumer<ObjectNode> damage) {
        ObjectNode contract = PublishedContract.read();
        damage.accept((ObjectNode) contract.at(place));

        assertThat(rule.brokenAt(contract)).isNotEmpty();
    }

    @Test
    void damages_everyRule_isDamagedOnce() {
        Set<ContractRule> damaged =
                damages().map(a -> (ContractRule) a.get()[0]).collect(Collectors.toSet());

        assertThat(damaged).isEqualTo(EnumSet.allOf(ContractRule.class));
    }

    static Stream<Arguments> damages() {
        String create = "/paths/~1api~1v3~1openmeter~1customers/post";
        String schemas = "/components/schemas";
        return Stream.of(
                damage(ContractRule.OPERATION_IS_EXPLAINED, create, o -> o.put("description", "Makes a customer.")),
                damage(ContractRule.OPERATION_IS_EXPLAINED, create, o -> o.putArray("tags")
                        .add("Nobody's")),
                damage(ContractRule.OPERATION_ID_IS_KEBAB_CASE, create, o -> o.put("operationId", "createCustomer")),
                damage(ContractRule.PATH_IS_KEBAB_CASE, "/paths", o -> o.putObject("/api/v1/checkoutSessions")),
                damage(ContractRule.OPERATION_DECLARES_ITS_PROBLEMS, create + "/responses", o -> o.remove("401")),
                damage(ContractRule.OPERATION_DECLARES_ITS_PROBLEMS, create + "/responses", o -> o.remove("413")),
                damage(
                        ContractRule.OPERATION_FOR_ANYONE_REFUSES_NO_CALLER,
                        "/paths/~1api~1v1~1apps~1{appId}~1stripe~1webhook/post/responses",
                        o -> o.putObject("429")),
                damage(ContractRule.FAILURE_IS_A_PROBLEM, "/components/responses/Gone", o -> o.remove("content")),
                damage(ContractRule.ANSWER_CARRIES_ITS_HEADERS, "/components/responses/Gone", o -> o.remove("headers")),
                damage(
                        ContractRule.ANSWER_CARRIES_ITS_HEADERS,
                        "/components/responses/Conflict/headers",
                        o -> o.remove("Retry-After")),
                damage(ContractRule.OPERATION_TAKES_BOTH_CREDENTIALS, create, o -> ((ArrayNode) o.get("security"))
                        .remove(1)),
                damage(
                        ContractRule.ANSWER_TELLS_OF_RATES,
                        "/components/responses/TooManyRequests/headers",
                        o -> o.remove("RateLimit")),
                damage(
                        ContractRule.BODY_IS_A_NAMED_SCHEMA,
                        create + "/requestBody/content/application~1json",
                        o -> o.putObject("schema").put("type", "object")),
                damage(ContractRule.SCHEMA_IS_TITLED_BY_ITS_NAME, schemas + "/ULID", o -> o.put("title", "Ulid")),
                damage(
                        ContractRule.SCHEMA_IS_DESCRIBED,
                        schemas + "/Problem/properties/title",
                        o -> o.remove("description")),
                damage(
                        ContractRule.PARAMETER_IS_DESCRIBED,
                        "/components/parameters/AppId",
                        o -> o.put("description", "")),
                damage(
                        ContractRule.PROPERTY_IS_SNAKE_CASE,
                        schemas + "/Address/properties",
                        o -> o.putObject("lineThree")),
                damage(ContractRule.REQUEST_IS_CLOSED, schemas + "/Address", o -> o.put("additionalProperties", true)),
                damage(ContractRule.ANSWER_IS_OPEN, schemas + "/Problem", o -> o.put("additionalProperties", false)),
                damage(
                        ContractRule.REQUEST_HAS_LIMITS,
                        schemas + "/Address/properties/city",
                        o -> o.remove("maxLength")),
                damage(ContractRule.REQUEST_HAS_LIMITS, schemas + "/Labels", o -> o.remove("maxProperties")),
                damage(ContractRule.RIDDLE_HAS_A_REASON, schemas + "/RedirectUrl", o -> o.remove("x-reason")));
    }

    private static Arguments damage(ContractRule rule, String place, Consumer<ObjectNode> damage) {
        return argumentSet(rule + " at " + place, rule, place, damage);
    }
}
