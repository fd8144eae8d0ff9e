package io.checkoutgateway.http;

import io.checkoutgateway.api.model.CursorMeta;
import io.checkoutgateway.api.model.CursorMetaPage;
import io.checkoutgateway.checkout.SessionField;
import io.checkoutgateway.checkout.SessionPage;
import io.checkoutgateway.checkout.SessionQuery;
import io.checkoutgateway.checkout.SessionQuery.Cursor;
import io.checkoutgateway.checkout.SessionQuery.Filter;
import io.checkoutgateway.checkout.SessionQuery.Operator;
import io.checkoutgateway.checkout.SessionQuery.Sort;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list request: {@code page[…]}, {@code sort}, {@code filter[…]}, and the page's meta in the answer. */
public final class Listing {
    private static final int SIZE_PRESET = 20;
    private static final int SIZE_MAX = 100;
    private static final int CURSOR_MAX = 512;
    private static final String SORT_PRESET = "created_at desc";
    private static final String METADATA = "metadata";

    /** As many as the contract's filters allow; each is a condition in the statement. */
    private static final int FIELDS_MAX = 20;

    private static final List<String> BOTH_WAYS = List.of("size", "after", "before");
    private static final List<String> FORWARD = List.of("size", "after");

    private final SessionQuery query;
    private final String fingerprint;
    private final boolean backwards;

    private Listing(SessionQuery query, String fingerprint, boolean backwards) {
        this.query = query;
        this.fingerprint = fingerprint;
        this.backwards = backwards;
    }

    /**
     * Reads the query of a list of sessions.
     *
     * @param fieldOf the member of this name in the family's words; empty when it cannot be filtered by
     * @param always conditions that the family puts on every list
     * @throws GatewayException with {@link io.checkoutgateway.failure.Reason#INVALID_REQUEST}
     */
    public static Listing of(
            JsonObject parameters, Function<String, Optional<SessionField>> fieldOf, List<Filter> always) {
        return of(parameters, fieldOf, always, BOTH_WAYS);
    }

    /** Like {@link #of}, for a list whose pages only lead forward. */
    public static Listing forward(
            JsonObject parameters, Function<String, Optional<SessionField>> fieldOf, List<Filter> always) {
        return of(parameters, fieldOf, always, FORWARD);
    }

    private static Listing of(
            JsonObject parameters,
            Function<String, Optional<SessionField>> fieldOf,
            List<Filter> always,
            List<String> pageNames) {
        JsonObject page = page(parameters, pageNames);
        JsonObject filter = members(parameters, "filter");
        if (filter.size() > FIELDS_MAX) {
            throw invalid("filter", "max_items", "must not name more than " + FIELDS_MAX + " fields");
        }
        String order = parameters.getString("sort", SORT_PRESET);
        String fingerprint = Cursors.fingerprint(order, filter);
        List<Filter> filters = new ArrayList<>(always);
        filter.forEach(entry -> filters.addAll(filters(entry.getKey(), entry.getValue(), fieldOf)));
        Sort sort = Sort.valueOf(order.split(" ", -1)[0].toUpperCase(Locale.ROOT));
        boolean descending = order.endsWith(" desc");
        return new Listing(
                new SessionQuery(filters, sort, descending, size(page), cursor(page, fingerprint)),
                fingerprint,
                pageNames.equals(BOTH_WAYS));
    }

    /** The members of {@code page}; fails with the first that is not one of these. */
    static JsonObject page(JsonObject parameters, List<String> names) {
        JsonObject page = members(parameters, "page");
        for (String name : page.fieldNames()) {
            if (!names.contains(name)) {
                throw invalid("page[" + name + "]", "unknown_parameter", "is not a parameter of this operation");
            }
        }
        return page;
    }

    public SessionQuery query() {
        return query;
    }

    /** Where a page of this list lies. */
    public CursorMeta meta(SessionPage page) {
        return new CursorMeta()
                .withPage(new CursorMetaPage()
                        .withSize(query.size())
                        .withNext(encoded(page.next()))
                        .withPrevious(backwards ? encoded(page.previous()) : null));
    }

    private @Nullable String encoded(@Nullable Cursor cursor) {
        return cursor == null ? null : Cursors.encode(cursor, fingerprint);
    }

    private static JsonObject members(JsonObject parameters, String name) {
        Object value = parameters.getValue(name);
        if (value == null) {
            return new JsonObject();
        }
        if (value instanceof JsonObject members) {
            return members;
        }
        throw invalid(name, "type", "must be given as " + name + "[…]");
    }

    private static int size(JsonObject page) {
        String text = text(page, "page", "size");
        if (text == null) {
            return SIZE_PRESET;
        }
        int size = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (size < 1 || size > SIZE_MAX) {
            throw invalid("page[size]", "range", "must be a whole number between 1 and " + SIZE_MAX);
        }
        return size;
    }

    private static @Nullable Cursor cursor(JsonObject page, String fingerprint) {
        String after = text(page, "page", "after");
        String before = text(page, "page", "before");
        if (after != null && before != null) {
            throw invalid("page[before]", "conflict", "cannot be combined with page[after]");
        }
        if (after == null && before == null) {
            return null;
        }
        String name = after == null ? "page[before]" : "page[after]";
        String text = after == null ? String.valueOf(before) : after;
        return Optional.of(text)
                .filter(given -> given.length() <= CURSOR_MAX)
                .flatMap(given -> Cursors.decode(given, fingerprint))
                .map(cursor -> new Cursor(cursor.value(), cursor.id(), after == null))
                .orElseThrow(() -> invalid(
                        name, "cursor", "is not a cursor of this list; cursors belong to one sort and one filter"));
    }

    static @Nullable String text(JsonObject members, String outer, String name) {
        Object value = members.getValue(name);
        if (value instanceof JsonObject) {
            throw invalid(outer + "[" + name + "]", "type", "must be a plain value");
        }
        return (String) value;
    }

    private static List<Filter> filters(String name, Object value, Function<String, Optional<SessionField>> fieldOf) {
        boolean ofMetadata = name.startsWith(METADATA + ".") && name.length() > METADATA.length() + 1;
        SessionField field = (ofMetadata ? fieldOf.apply(METADATA) : fieldOf.apply(name))
                .filter(known -> ofMetadata == (known == SessionField.METADATA))
                .orElseThrow(() -> invalid("filter[" + name + "]", "unknown_field", "is not a field to filter by"));
        String key = ofMetadata ? name.substring(METADATA.length() + 1) : null;
        if (key != null && !Characters.storable(key)) {
            throw invalid("filter[metadata]", Characters.RULE, "has a key that " + Characters.REASON);
        }
        if (value instanceof JsonObject conditions) {
            return conditions.stream()
                    .map(condition -> FilterValues.filter(field, key, name, condition))
                    .toList();
        }
        Operator operator = String.valueOf(value).isEmpty() ? Operator.EXISTS : Operator.EQ;
        return List.of(
                FilterValues.filter(field, key, name, Map.entry(operator.name().toLowerCase(Locale.ROOT), value)));
    }

    static GatewayException invalid(String field, String rule, String reason) {
        return GatewayException.invalid(InvalidParameter.inQuery(field, rule, reason));
    }
}
