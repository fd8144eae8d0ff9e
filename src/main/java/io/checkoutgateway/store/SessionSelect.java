package io.checkoutgateway.store;

import io.checkoutgateway.checkout.SessionField;
import io.checkoutgateway.checkout.SessionPage;
import io.checkoutgateway.checkout.SessionQuery;
import io.checkoutgateway.checkout.SessionQuery.Cursor;
import io.checkoutgateway.checkout.SessionQuery.Filter;
import io.checkoutgateway.listing.Condition;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The statement for one page of sessions. Columns and operators come from enums, values travel as parameters: nothing
 * that a caller typed becomes SQL.
 */
final class SessionSelect {
    private static final String NO_TIME = "infinity";

    private final SessionQuery query;
    private final Comparisons comparisons = new Comparisons();
    private final List<String> conditions = new ArrayList<>();
    private final boolean reversed;
    private final boolean descending;

    private SessionSelect(SessionQuery query) {
        this.query = query;
        Cursor cursor = query.cursor();
        this.reversed = cursor != null && cursor.backwards();
        this.descending = query.descending() != reversed;
    }

    static SessionSelect of(String namespace, SessionQuery query) {
        SessionSelect select = new SessionSelect(query);
        select.conditions.add("namespace = " + select.bind(namespace));
        query.filters().forEach(filter -> select.conditions.add(select.condition(filter)));
        Cursor cursor = query.cursor();
        if (cursor != null) {
            select.conditions.add(select.beyond(cursor));
        }
        return select;
    }

    /** One row more than the page holds tells whether there is another page. */
    String sql() {
        String direction = descending ? " DESC" : " ASC";
        String order = query.sort() == SessionQuery.Sort.ID
                ? "id" + direction
                : sortExpression() + direction + ", id" + direction;
        return "SELECT " + SessionRow.COLUMNS + ", expires_at FROM checkout_sessions WHERE "
                + String.join(" AND ", conditions) + " ORDER BY " + order + " LIMIT " + (query.size() + 1);
    }

    /**
     * Whether the way to the rows depends on the values: metadata may be the same in all sessions or in one, and Postgres
     * knows which. A plan for any value walks the sessions in order until enough are found, all of them for a rare one.
     */
    boolean dependsOnValues() {
        return query.filters().stream().anyMatch(filter -> filter.field() == SessionField.METADATA);
    }

    Map<String, Object> parameters() {
        return comparisons.parameters().map();
    }

    SessionPage toPage(Iterable<Row> rows) {
        List<Row> found =
                StreamSupport.stream(rows.spliterator(), false).collect(Collectors.toCollection(ArrayList::new));
        boolean more = found.size() > query.size();
        if (more) {
            found.remove(found.size() - 1);
        }
        if (reversed) {
            Collections.reverse(found);
        }
        boolean before = reversed ? more : query.cursor() != null;
        boolean after = reversed || more;
        return new SessionPage(
                found.stream().map(SessionRow::toSession).toList(),
                after && !found.isEmpty() ? cursorAt(found.get(found.size() - 1), false) : null,
                before && !found.isEmpty() ? cursorAt(found.get(0), true) : null);
    }

    private Cursor cursorAt(Row row, boolean backwards) {
        return new Cursor(sortedValue(row), row.getString("id"), backwards);
    }

    /** From the column that sorts, not from Stripe's object: a session that Stripe never opened runs out too. */
    private @Nullable String sortedValue(Row row) {
        Instant value = query.sort() == SessionQuery.Sort.ID
                ? null
                : Rows.instant(row, query.sort().name().toLowerCase(Locale.ROOT));
        return value == null ? null : value.toString();
    }

    private String sortExpression() {
        return switch (query.sort()) {
            case CREATED_AT -> "created_at";
            case UPDATED_AT -> "updated_at";
            case EXPIRES_AT -> "coalesce(expires_at, 'infinity')";
            case ID -> "id";
        };
    }

    private String beyond(Cursor cursor) {
        String comparison = descending ? " < " : " > ";
        if (query.sort() == SessionQuery.Sort.ID) {
            return "id" + comparison + bind(cursor.id());
        }
        String value = cursor.value() == null ? NO_TIME : cursor.value();
        return "(" + sortExpression() + ", id)" + comparison + "((" + bind(value) + "::text)::timestamptz, "
                + bind(cursor.id()) + ")";
    }

    private String condition(Filter filter) {
        return filter.field() == SessionField.METADATA ? ofMetadata(filter) : ofColumn(filter);
    }

    private String ofColumn(Filter filter) {
        String column =
                switch (filter.field()) {
                    case DESCRIPTION -> "''::text";
                    case GIVEN_EMAIL -> "(stripe ->> 'customer_email')";
                    default -> filter.field().word();
                };
        return comparisons.of(column, filter.field().kind(), new Condition(filter.operator(), filter.values()));
    }

    private String ofMetadata(Filter filter) {
        String key = bind(filter.key()) + "::text";
        String member = "(metadata ->> " + key + ")";
        String text = filter.values().isEmpty() ? "" : filter.values().get(0);
        return switch (filter.operator()) {
            case EQ -> holds(key, text);
            case NEQ -> "NOT " + holds(key, text);
            case OEQ -> Comparisons.anyOf(filter.values(), value -> holds(key, value));
            case CONTAINS -> contains(member, text);
            case OCONTAINS -> Comparisons.anyOf(filter.values(), value -> contains(member, value));
            case EXISTS -> member + " IS NOT NULL";
            case NEXISTS -> member + " IS NULL";
            case GT -> member + " > " + bind(text);
            case GTE -> member + " >= " + bind(text);
            case LT -> member + " < " + bind(text);
            case LTE -> member + " <= " + bind(text);
        };
    }

    /** Containment, which the index on metadata serves. */
    private String holds(String key, String value) {
        return "(metadata @> jsonb_build_object(" + key + ", " + bind(value) + "::text))";
    }

    private String contains(String expression, String part) {
        return comparisons.contains(expression, part);
    }

    private String bind(@Nullable String value) {
        return comparisons.bind(value);
    }
}
