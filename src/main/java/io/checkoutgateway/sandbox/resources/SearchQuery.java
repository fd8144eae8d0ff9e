package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.wire.StripeError;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's search language: {@code field:'value'}, {@code field~'part'}, {@code created>123},
 * {@code metadata['key']:'value'}, a leading minus for "not", joined by either {@code AND} or {@code OR}.
 */
final class SearchQuery {
    private static final Pattern CLAUSE = Pattern.compile("\\s*(?<not>-)?(?<field>[a-z_.]+)"
            + "(?:\\[(?<q>['\"])(?<key>.*?)\\k<q>])?\\s*(?<op>:|~|>=|<=|>|<)\\s*"
            + "(?:(?<v>['\"])(?<text>(?:\\\\.|(?!\\k<v>).)*)\\k<v>|(?<bare>[A-Za-z0-9_.-]+))\\s*");
    private static final Pattern JOIN = Pattern.compile("(AND|OR)\\b", Pattern.CASE_INSENSITIVE);

    private final Predicate<JsonObject> test;

    private SearchQuery(Predicate<JsonObject> test) {
        this.test = test;
    }

    static SearchQuery parse(String query) {
        List<Predicate<JsonObject>> clauses = new ArrayList<>();
        @Nullable String join = null;
        int position = 0;
        while (true) {
            Matcher clause = CLAUSE.matcher(query).region(position, query.length());
            if (!clause.lookingAt()) {
                throw malformed(query);
            }
            clauses.add(clause(clause));
            position = clause.end();
            if (position == query.length()) {
                return new SearchQuery(joined(clauses, "OR".equals(join)));
            }
            join = join(query, position, join);
            position += join.length();
        }
    }

    boolean matches(JsonObject object) {
        return test.test(object);
    }

    private static String join(String query, int position, @Nullable String earlier) {
        Matcher word = JOIN.matcher(query).region(position, query.length());
        String join = word.lookingAt() ? word.group().toUpperCase(Locale.ROOT) : "AND";
        if (!word.lookingAt() || (earlier != null && !earlier.equals(join))) {
            throw malformed(query);
        }
        return join;
    }

    private static Predicate<JsonObject> joined(List<Predicate<JsonObject>> clauses, boolean any) {
        return object -> any
                ? clauses.stream().anyMatch(clause -> clause.test(object))
                : clauses.stream().allMatch(clause -> clause.test(object));
    }

    private static Predicate<JsonObject> clause(Matcher clause) {
        String field = clause.group("field");
        String key = clause.group("key");
        String operator = clause.group("op");
        String value = clause.group("text") == null
                ? clause.group("bare")
                : clause.group("text").replaceAll("\\\\(.)", "$1");
        Predicate<JsonObject> test = object -> {
            Object found = key == null
                    ? object.getValue(field)
                    : object.getJsonObject(field, new JsonObject()).getValue(key);
            return found == null ? value.equals("null") : compare(found.toString(), operator, value);
        };
        return clause.group("not") == null ? test : test.negate();
    }

    private static boolean compare(String found, String operator, String value) {
        if (operator.equals(":")) {
            return found.equalsIgnoreCase(value);
        }
        if (operator.equals("~")) {
            return found.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
        }
        try {
            int order = Long.compare(Long.parseLong(found), Long.parseLong(value));
            return operator.startsWith(">")
                    ? order > 0 || (order == 0 && operator.endsWith("="))
                    : order < 0 || (order == 0 && operator.endsWith("="));
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }

    private static StripeError malformed(String query) {
        return StripeError.parameter(
                "We were unable to parse your search query: " + query + ". Try using the format `metadata[\"key\"]:"
                        + "\"value\"` to query for metadata or key:\"value\" to query for other fields.",
                "query");
    }
}
