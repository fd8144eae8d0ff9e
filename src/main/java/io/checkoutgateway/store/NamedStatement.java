package io.checkoutgateway.store;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement with named parameters, {@code #{name}}, in Postgres' own form, {@code $1}. Vert.x' templates do the same
 * anew with each execution; here a statement's text is taken apart once.
 *
 * @param sql what Postgres is sent
 * @param names whose values go where, in order
 */
record NamedStatement(String sql, List<String> names) {
    private static final Pattern NAME = Pattern.compile("#\\{(\\w+)}");

    /** Most statements are constants; lists, which are put together, come in more forms and need not be kept. */
    private static final int KEPT_MAX = 500;

    private static final ConcurrentMap<String, NamedStatement> KEPT = new ConcurrentHashMap<>();

    static NamedStatement of(String text) {
        NamedStatement kept = KEPT.get(text);
        if (kept != null) {
            return kept;
        }
        NamedStatement parsed = parsed(text);
        if (KEPT.size() < KEPT_MAX) {
            KEPT.put(text, parsed);
        }
        return parsed;
    }

    private static NamedStatement parsed(String text) {
        List<String> names = new ArrayList<>();
        Matcher matcher = NAME.matcher(text);
        StringBuilder sql = new StringBuilder();
        while (matcher.find()) {
            if (!names.contains(matcher.group(1))) {
                names.add(matcher.group(1));
            }
            matcher.appendReplacement(sql, "\\$" + (names.indexOf(matcher.group(1)) + 1));
        }
        return new NamedStatement(matcher.appendTail(sql).toString(), List.copyOf(names));
    }

    /** The values in order, as Postgres can keep them; a name that has none is NULL. */
    Tuple values(Map<String, Object> parameters) {
        Tuple values = Tuple.tuple();
        names.forEach(name -> values.addValue(StorableText.of(parameters.get(name))));
        return values;
    }
}
