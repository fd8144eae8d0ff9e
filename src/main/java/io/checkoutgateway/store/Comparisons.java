package io.checkoutgateway.store;

import io.checkoutgateway.listing.Condition;
import io.checkoutgateway.listing.Kind;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on columns, for statements that are put together. Expressions come from the code, values travel as
 * parameters: nothing that a caller typed becomes SQL.
 */
final class Comparisons {
    private final Parameters parameters = Parameters.none();
    private int count;

    /** The values bound so far; a statement may add its own. */
    Parameters parameters() {
        return parameters;
    }

    /** Binds a value; answers what stands for it in the statement. */
    String bind(@Nullable String value) {
        String name = "p" + count++;
        parameters.and(name, value);
        return "#{" + name + "}";
    }

    /** The condition on this expression; what is NULL differs from every value. */
    String of(String expression, Kind kind, Condition condition) {
        return switch (condition.operator()) {
            case EXISTS -> expression + " IS NOT NULL";
            case NEXISTS -> expression + " IS NULL";
            case EQ -> expression + " = " + value(kind, condition);
            case NEQ -> expression + " IS DISTINCT FROM " + value(kind, condition);
            case GT -> expression + " > " + value(kind, condition);
            case GTE -> expression + " >= " + value(kind, condition);
            case LT -> expression + " < " + value(kind, condition);
            case LTE -> expression + " <= " + value(kind, condition);
            case CONTAINS -> contains(expression, condition.values().get(0));
            case OEQ -> anyOf(condition.values(), value -> expression + " = " + value(kind, value));
            case OCONTAINS -> anyOf(condition.values(), value -> contains(expression, value));
        };
    }

    /** Whether a text holds another, whatever their cases; {@code LIKE} would give the caller wildcards. */
    String contains(String expression, String part) {
        return "strpos(lower(" + expression + "), lower(" + bind(part) + "::text)) > 0";
    }

    /** One condition of several; none of none. */
    static String anyOf(List<String> values, Function<String, String> condition) {
        return values.isEmpty()
                ? "false"
                : values.stream().map(condition).collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String value(Kind kind, Condition condition) {
        return value(kind, condition.values().get(0));
    }

    private String value(Kind kind, String value) {
        String bound = bind(value);
        return switch (kind) {
            case EXACT, ULID, STRING -> bound;
            case BOOLEAN -> "(" + bound + "::text)::boolean";
            case NUMBER -> "(" + bound + "::text)::bigint";
            case TIME -> "(" + bound + "::text)::timestamptz";
        };
    }
}
