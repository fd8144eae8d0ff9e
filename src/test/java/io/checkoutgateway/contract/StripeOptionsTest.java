package io.checkoutgateway.contract;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.contract.PublishedSchemas.Violation;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Stripe would refuse of a create is refused by the schema, at the field and in words that help. */
class StripeOptionsTest {
    private static final String REQUEST = "BillingCustomerStripeCreateCheckoutSessionRequest";
    private static final String S = "'success_url': 'https://shop.example.com/done'";
    private static final String R = "'ui_mode': 'embedded', 'return_url': 'https://shop.example.com/back'";

    private static final PublishedSchemas SCHEMAS = new PublishedSchemas();

    @ParameterizedTest
    @MethodSource
    void validate_badOptions_namesTheFieldAndTheReason(String options, String pointer, String keyword, String reason) {
        assertThat(SCHEMAS.violations(REQUEST, request(options)))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.pointer()).isEqualTo("/stripe_options" + pointer);
                    assertThat(violation.keyword()).isEqualTo(keyword);
                    assertThat(String.valueOf(violation.reason())).contains(reason);
                });
    }

    static Stream<Arguments> validate_badOptions_namesTheFieldAndTheReason() {
        return Stream.of(
                bad("", "/success_url", "required", "required when ui_mode is hosted, which is the default"),
                bad("'ui_mode': 'hosted'", "/success_url", "required", "required when ui_mode is hosted"),
                bad("'ui_mode': 'embedded'", "/return_url", "required", "required when ui_mode is embedded"),
                bad(
                        "'ui_mode': 'embedded', 'redirect_on_completion': 'if_required'",
                        "/return_url",
                        "required",
                        "redirect_on_completion is not never"),
                bad(
                        R + ", 'redirect_on_completion': 'never'",
                        "/return_url",
                        "not",
                        "not allowed when redirect_on_completion is never"),
                bad(
                        R + ", 'cancel_url': 'https://a.example'",
                        "/cancel_url",
                        "not",
                        "not allowed when ui_mode is embedded"),
                bad(R + ", 'success_url': 'https://a.example'", "/success_url", "not", "use return_url"),
                bad(
                        S + ", 'return_url': 'https://a.example'",
                        "/return_url",
                        "not",
                        "only allowed when ui_mode is embedded"),
                bad(S + ", 'redirect_on_completion': 'never'", "/redirect_on_completion", "not", "only allowed when"),
                bad(S + ", 'ui_mode': 'elements'", "/ui_mode", "enum", ""),
                bad(S + ", 'tax_id_collection': {'enabled': true}", "/customer_update", "required", "name set to auto"),
                bad(
                        S + ", 'tax_id_collection': {'enabled': true}, 'customer_update': {'address': 'auto'}",
                        "/customer_update/name",
                        "required",
                        "must be auto when tax_id_collection is enabled"),
                bad(
                        S + ", 'tax_id_collection': {'enabled': true}, 'customer_update': {'name': 'never'}",
                        "/customer_update/name",
                        "const",
                        "must be auto when tax_id_collection is enabled"),
                bad(S + ", 'foo': 1", "/foo", "additionalProperties", ""),
                bad(S + ", 'consent_collection': {'foo': 1}", "/consent_collection/foo", "additionalProperties", ""),
                bad("'success_url': 'shop.example.com'", "/success_url", "pattern", "absolute http:// or https:// URL"),
                bad("'success_url': ''", "/success_url", "pattern", "absolute http:// or https:// URL"),
                bad(
                        "'success_url': 'https://" + "a".repeat(4993) + "'",
                        "/success_url",
                        "maxLength",
                        "5000 characters"),
                bad(S + ", 'client_reference_id': ''", "/client_reference_id", "minLength", ""),
                bad(S + ", 'client_reference_id': '" + "a".repeat(201) + "'", "/client_reference_id", "maxLength", ""),
                bad(S + ", 'currency': 'eur'", "/currency", "pattern", "three upper-case letters"),
                bad(S + ", 'locale': ''", "/locale", "enum", "use auto to follow the browser"),
                bad(S + ", 'locale': 'hi-IN'", "/locale", "enum", "not a locale Stripe Checkout speaks"),
                bad(S + ", 'expires_at': -1", "/expires_at", "minimum", ""),
                bad(S + ", 'expires_at': '1795420800'", "/expires_at", "type", ""),
                bad(S + ", 'payment_method_types': []", "/payment_method_types", "minItems", ""),
                bad(S + ", 'payment_method_types': ['card', 'card']", "/payment_method_types", "uniqueItems", ""),
                bad(S + ", 'payment_method_types': [" + types(21) + "]", "/payment_method_types", "maxItems", ""),
                bad(S + ", 'payment_method_types': ['Card']", "/payment_method_types/0", "pattern", "such as card"),
                bad(
                        S + ", 'consent_collection': {'payment_method_reuse_agreement': {}}",
                        "/consent_collection/payment_method_reuse_agreement/position",
                        "required",
                        ""),
                bad(S + ", 'custom_text': {'submit': {}}", "/custom_text/submit/message", "required", ""),
                bad(
                        S + ", 'custom_text': {'submit': {'message': '" + "a".repeat(1201) + "'}}",
                        "/custom_text/submit/message",
                        "maxLength",
                        ""),
                badMetadata("'om_namespace': 'x'", "/om_namespace", "not", "keeps for itself"),
                badMetadata("'gateway_attempt': 'x'", "/gateway_attempt", "not", "keeps for itself"),
                badMetadata("'': 'x'", "/", "minLength", "1 to 40 characters"),
                badMetadata("'" + "k".repeat(41) + "': 'x'", "/" + "k".repeat(41), "maxLength", "1 to 40 characters"),
                badMetadata("'a[b': 'x'", "/a[b", "pattern", "square brackets"),
                badMetadata("'a': ''", "/a", "minLength", ""),
                badMetadata("'a': '" + "v".repeat(501) + "'", "/a", "maxLength", ""),
                badMetadata("'a': 1", "/a", "type", ""),
                badMetadata(entries(46), "", "maxProperties", ""));
    }

    @ParameterizedTest
    @MethodSource
    void validate_goodOptions_findsNothing(String options) {
        assertThat(SCHEMAS.violations(REQUEST, request(options))).isEmpty();
    }

    static Stream<Arguments> validate_goodOptions_findsNothing() {
        return Stream.of(
                        S,
                        R,
                        R + ", 'redirect_on_completion': 'always'",
                        "'ui_mode': 'embedded', 'redirect_on_completion': 'never'",
                        "'success_url': 'http://localhost:3000/?s={CHECKOUT_SESSION_ID}'",
                        "'success_url': 'https://" + "a".repeat(4992) + "'",
                        S + ", 'client_reference_id': '" + "a".repeat(200) + "'",
                        S + ", 'tax_id_collection': {'enabled': true}, 'customer_update': {'name': 'auto'}",
                        S + ", 'tax_id_collection': {'enabled': false}",
                        S + ", 'payment_method_types': [" + types(20) + "]",
                        S + ", 'metadata': {" + entries(45) + "}",
                        S + ", 'metadata': {'" + "k".repeat(40) + "': '" + "v".repeat(500) + "'}",
                        S + ", 'metadata': {'om_invoice_id': 'x'}",
                        S + ", 'expires_at': 253402300799")
                .map(options -> argumentSet(shortened(options), options));
    }

    @ParameterizedTest
    @MethodSource
    void validate_severalMistakes_namesEach(String body, String[] pointers) {
        assertThat(SCHEMAS.violations(REQUEST, body.replace('\'', '"')).stream().map(Violation::pointer))
                .containsExactlyInAnyOrder(pointers);
    }

    static Stream<Arguments> validate_severalMistakes_namesEach() {
        return Stream.of(
                argumentSet("no options", "{}", new String[] {"/stripe_options"}),
                argumentSet("options are a list", "{'stripe_options': []}", new String[] {"/stripe_options"}),
                argumentSet(
                        "wrong mode of a wrong type",
                        "{'stripe_options': {'ui_mode': 7, 'currency': 'EURO'}, 'foo': 1}",
                        new String[] {
                            "/stripe_options/ui_mode",
                            "/stripe_options/ui_mode",
                            "/stripe_options/currency",
                            "/stripe_options/currency",
                            "/foo"
                        }));
    }

    private static Arguments bad(String options, String pointer, String keyword, String reason) {
        return argumentSet(keyword + " " + pointer + ": " + shortened(options), options, pointer, keyword, reason);
    }

    private static Arguments badMetadata(String entries, String pointer, String keyword, String reason) {
        return bad(S + ", 'metadata': {" + entries + "}", "/metadata" + pointer, keyword, reason);
    }

    private static String request(String options) {
        return "{'stripe_options': {%s}}".formatted(options).replace('\'', '"');
    }

    private static String types(int count) {
        return IntStream.range(0, count).mapToObj(i -> "'type_" + i + "'").collect(joining(", "));
    }

    private static String entries(int count) {
        return IntStream.range(0, count).mapToObj(i -> "'key_" + i + "': 'x'").collect(joining(", "));
    }

    private static String shortened(String options) {
        return options.length() <= 80 ? options : options.substring(0, 80) + "…";
    }
}
