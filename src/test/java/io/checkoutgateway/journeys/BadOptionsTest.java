package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.Refusals.assertNames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Untouched;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A create that breaks a rule is refused with the caller's own word for the option and what to change. */
class BadOptionsTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    /** Nothing may happen. */
    @RegisterExtension
    private static final Untouched UNTOUCHED = new Untouched(GATEWAY);

    private static String createSession = "";

    @BeforeAll
    static void remember() {
        createSession = checkoutSessionsOf(GATEWAY.customer());
    }

    static Stream<Arguments> options() {
        long now = Instant.now().getEpochSecond();
        String ok = "\"success_url\": \"https://a.example\"";
        return Stream.of(
                argumentSet("none", "{}", "stripe_options", "is required"),
                argumentSet("null", "{\"stripe_options\": null}", "stripe_options", "must be of type object"),
                argumentSet("a string", "{\"stripe_options\": \"x\"}", "stripe_options", "must be of type object"),
                argumentSet("an unknown sibling", full(ok, "\"more\": 1"), "more", "not a known property"),
                options("unknown", ok + ", \"colour\": \"red\"", "colour", "not a known property"),
                options("no success_url", "", "success_url", "required when ui_mode is hosted"),
                options("success_url of no scheme", "\"success_url\": \"shop\"", "success_url", "must be an absolute"),
                options("success_url javascript", "\"success_url\": \"javascript:x\"", "success_url", "absolute"),
                options("success_url of no host", "\"success_url\": \"https:///x\"", "success_url", "host"),
                options("success_url http", "\"success_url\": \"http://a.example\"", "success_url", "https://"),
                options("success_url with user", "\"success_url\": \"https://u:p@a.example\"", "success_url", "user"),
                options(
                        "success_url with space",
                        "\"success_url\": \"https://a.example/a b\"",
                        "success_url",
                        "encoded"),
                options(
                        "success_url too long",
                        "\"success_url\": \"https://a.example/" + "x".repeat(5000) + "\"",
                        "success_url",
                        "5000"),
                options("success_url number", "\"success_url\": 5", "success_url", "http"),
                options("cancel_url of no scheme", ok + ", \"cancel_url\": \"//a.example\"", "cancel_url", "absolute"),
                options(
                        "return_url with hosted",
                        ok + ", \"return_url\": \"https://a.example\"",
                        "return_url",
                        "only allowed when ui_mode is embedded"),
                options(
                        "redirect with hosted",
                        ok + ", \"redirect_on_completion\": \"never\"",
                        "redirect_on_completion",
                        "embedded"),
                options(
                        "success_url with embedded",
                        "\"ui_mode\": \"embedded\", \"return_url\": \"https://a.example\", " + ok,
                        "success_url",
                        "not allowed when ui_mode is embedded"),
                options(
                        "wrong success_url with embedded",
                        "\"ui_mode\": \"embedded\", \"return_url\": \"https://a.example\", \"success_url\": \"x\"",
                        "success_url",
                        "not allowed"),
                options(
                        "cancel_url with embedded",
                        "\"ui_mode\": \"embedded\", \"return_url\": \"https://a.example\", \"cancel_url\": \"https://a.example\"",
                        "cancel_url",
                        "not allowed"),
                options(
                        "no return_url",
                        "\"ui_mode\": \"embedded\"",
                        "return_url",
                        "required when ui_mode is embedded"),
                options(
                        "ui_mode unknown",
                        ok + ", \"ui_mode\": \"custom\"",
                        "ui_mode",
                        "must be one of embedded, hosted"),
                options("ui_mode empty", ok + ", \"ui_mode\": \"\"", "ui_mode", "must be one of"),
                options("ui_mode number", ok + ", \"ui_mode\": 1", "ui_mode", "must be of type string"),
                options("currency in small letters", ok + ", \"currency\": \"eur\"", "currency", ""),
                options("currency with line end", ok + ", \"currency\": \"EUR\\n\"", "currency", ""),
                options("locale unknown", ok + ", \"locale\": \"xx\"", "locale", "not a locale Stripe Checkout speaks"),
                options("locale number", ok + ", \"locale\": 5", "locale", "not a locale Stripe Checkout speaks"),
                options("reference empty", ok + ", \"client_reference_id\": \"\"", "client_reference_id", "too short"),
                options(
                        "reference too long",
                        ok + ", \"client_reference_id\": \"" + "x".repeat(201) + "\"",
                        "client_reference_id",
                        "too long"),
                options("metadata an array", ok + ", \"metadata\": []", "metadata", "must be of type object"),
                options("metadata number", ok + ", \"metadata\": {\"a\": 1}", "metadata.a", "must be of type string"),
                options("metadata nested", ok + ", \"metadata\": {\"a\": {}}", "metadata.a", "must be of type string"),
                options("metadata empty value", ok + ", \"metadata\": {\"a\": \"\"}", "metadata.a", "too short"),
                options(
                        "metadata long value",
                        ok + ", \"metadata\": {\"a\": \"" + "x".repeat(501) + "\"}",
                        "metadata.a",
                        "too long"),
                options(
                        "metadata reserved key",
                        ok + ", \"metadata\": {\"om_namespace\": \"x\"}",
                        "metadata.om_namespace",
                        "keeps for itself"),
                options(
                        "metadata reserved id",
                        ok + ", \"metadata\": {\"gateway_session_id\": \"x\"}",
                        "metadata.gateway_session_id",
                        "keeps for itself"),
                options(
                        "metadata key with brackets",
                        ok + ", \"metadata\": {\"a[b]\": \"x\"}",
                        "metadata.a[b]",
                        "square brackets"),
                options(
                        "metadata key with a quote",
                        ok + ", \"metadata\": {\"[\\\"a\": \"x\"}",
                        "metadata.[\"a",
                        "square brackets"),
                options("metadata empty key", ok + ", \"metadata\": {\"\": \"x\"}", "metadata.", "1 to 40 characters"),
                options(
                        "metadata long key",
                        ok + ", \"metadata\": {\"" + "k".repeat(41) + "\": \"x\"}",
                        "metadata." + "k".repeat(41),
                        "1 to 40 characters"),
                options("46 metadata keys", ok + ", \"metadata\": " + entries(46), "metadata", "45"),
                options("expires_at text", ok + ", \"expires_at\": \"tomorrow\"", "expires_at", "whole number"),
                options("expires_at fraction", ok + ", \"expires_at\": " + now + ".5", "expires_at", "whole number"),
                options("expires_at past", ok + ", \"expires_at\": 1", "expires_at", "between 30 minutes and 24 hours"),
                options("expires_at negative", ok + ", \"expires_at\": -1", "expires_at", ""),
                options("expires_at in milliseconds", ok + ", \"expires_at\": " + now + "000", "expires_at", ""),
                options(
                        "expires_at 10^19",
                        ok + ", \"expires_at\": 10000000000000000000",
                        "expires_at",
                        "before the year 10000"),
                options("expires_at 10^400", ok + ", \"expires_at\": 1e400", "expires_at", ""),
                options(
                        "expires_at 2^63-1",
                        ok + ", \"expires_at\": 9223372036854775807",
                        "expires_at",
                        "before the year 10000"),
                options(
                        "no payment method types",
                        ok + ", \"payment_method_types\": []",
                        "payment_method_types",
                        "too few"),
                options(
                        "a type twice",
                        ok + ", \"payment_method_types\": [\"card\", \"card\"]",
                        "payment_method_types",
                        ""),
                options(
                        "a type of spaces",
                        ok + ", \"payment_method_types\": [\"a card\"]",
                        "payment_method_types.0",
                        "must be one of Stripe's names"),
                options(
                        "a type with a line end",
                        ok + ", \"payment_method_types\": [\"card\\n\"]",
                        "payment_method_types.0",
                        "must be one of Stripe's names"),
                options(
                        "types as text",
                        ok + ", \"payment_method_types\": \"card\"",
                        "payment_method_types",
                        "must be of type array"),
                options(
                        "custom text too long",
                        ok + ", \"custom_text\": {\"submit\": {\"message\": \"" + "x".repeat(1201) + "\"}}",
                        "custom_text.submit.message",
                        "too long"),
                options(
                        "custom text of nothing",
                        ok + ", \"custom_text\": {\"submit\": {}}",
                        "custom_text.submit.message",
                        "required"),
                options(
                        "custom text unknown",
                        ok + ", \"custom_text\": {\"header\": {\"message\": \"x\"}}",
                        "custom_text.header",
                        "not a known property"),
                options(
                        "tax ids without name",
                        ok + ", \"tax_id_collection\": {\"enabled\": true}",
                        "customer_update",
                        "required, with name set to auto"),
                options(
                        "tax ids, name never",
                        ok + ", \"tax_id_collection\": {\"enabled\": true}, \"customer_update\": {\"name\": \"never\"}",
                        "customer_update.name",
                        "must be auto"),
                options(
                        "tax ids enabled text",
                        ok + ", \"tax_id_collection\": {\"enabled\": \"yes\"}",
                        "tax_id_collection.enabled",
                        "must be of type boolean"),
                options(
                        "consent unknown",
                        ok + ", \"consent_collection\": {\"promotions\": \"all\"}",
                        "consent_collection.promotions",
                        "must be one of"));
    }

    private static Arguments options(String name, String members, String field, String reason) {
        return argumentSet(name, "{\"stripe_options\": {" + members + "}}", "stripe_options." + field, reason);
    }

    private static String full(String members, String sibling) {
        return "{\"stripe_options\": {" + members + "}, " + sibling + "}";
    }

    private static JsonObject entries(int count) {
        JsonObject entries = new JsonObject();
        for (int i = 0; i < count; i++) {
            entries.put("key" + i, "x");
        }
        return entries;
    }

    @ParameterizedTest
    @MethodSource("options")
    void createSession_optionThatBreaksARule_isRefusedByItsName(String body, String field, String reason) {
        Answer answer = GATEWAY.client().post(createSession, body).expect(400);

        assertNames(answer, field, reason);
    }

    @Test
    void createSession_severalMistakes_areAllNamedOnceEach() {
        Answer answer = GATEWAY.client()
                .post(
                        createSession,
                        "{\"stripe_options\": {\"ui_mode\": \"embedded\", \"success_url\": \"x\", \"locale\": 1, \"y\": 2}}")
                .expect(400);

        List<String> fields = answer.json().getJsonArray("invalid_parameters").stream()
                .map(each -> ((JsonObject) each).getString("field"))
                .toList();
        assertThat(fields)
                .containsExactlyInAnyOrder(
                        "stripe_options.success_url",
                        "stripe_options.return_url",
                        "stripe_options.locale",
                        "stripe_options.y");
    }
}
