package io.checkoutgateway.failure;

import java.util.List;
import java.util.stream.Collectors;
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

    /** A member of the body whose names on the way to it may hold anything; the body itself when there are none. */
    public static InvalidParameter inBody(List<String> path, String rule, String reason) {
        String pointer = path.stream()
                .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
        return new InvalidParameter(path.isEmpty() ? "body" : String.join(".", path), rule, reason, "body", pointer);
    }

    public static InvalidParameter inQuery(String field, String rule, String reason) {
        return new InvalidParameter(field, rule, reason, "query", null);
    }
}
