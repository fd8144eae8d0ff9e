package io.checkoutgateway.failure;

import org.jspecify.annotations.Nullable;

/**
 * One input that breaks a rule.
 *
 * @param field the caller's name for it, such as {@code stripe_options.success_url}
 * @param rule the broken rule: a JSON Schema keyword or a word like {@code required}, {@code not_allowed}
 * @param reason one sentence that says what to change
 * @param source {@code body}, {@code query}, {@code path} or {@code header}
 * @param pointer the JSON pointer into the body; {@code null} for other sources
 */
public record InvalidParameter(String field, String rule, String reason, String source, @Nullable String pointer) {

    /** A member of the body; the pointer follows from the dotted name. */
    public static InvalidParameter inBody(String field, String rule, String reason) {
        return new InvalidParameter(field, rule, reason, "body", "/" + field.replace('.', '/'));
    }

    public static InvalidParameter inQuery(String field, String rule, String reason) {
        return new InvalidParameter(field, rule, reason, "query", null);
    }
}
