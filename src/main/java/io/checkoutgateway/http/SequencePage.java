package io.checkoutgateway.http;

import io.checkoutgateway.api.model.CursorMeta;
import io.checkoutgateway.api.model.CursorMetaPage;
import io.checkoutgateway.listing.Stretch;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A page of a list that is ordered by a number of its own, and that only grows at its end.
 *
 * @param after entries with greater numbers are wanted
 * @param size how many at most
 */
public record SequencePage(long after, int size) {
    private static final List<String> NAMES = List.of("size", "after");
    private static final int SIZE_PRESET = 20;
    private static final int SIZE_MAX = 100;

    /**
     * Reads {@code page[size]} and {@code page[after]}.
     *
     * @throws io.checkoutgateway.failure.GatewayException when they are not valid
     */
    public static SequencePage of(JsonObject query) {
        JsonObject page = Listing.page(query, NAMES);
        return new SequencePage(number(page, "after", 0, Long.MAX_VALUE, "is not a cursor of this list"), (int)
                number(page, "size", 1, SIZE_MAX, "must be a whole number between 1 and " + SIZE_MAX));
    }

    private static long number(JsonObject page, String name, long least, long most, String reason) {
        Object value = page.getValue(name);
        if (value == null) {
            return name.equals("size") ? SIZE_PRESET : 0;
        }
        long number = value instanceof String text && text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw Listing.invalid("page[" + name + "]", name.equals("size") ? "range" : "cursor", reason);
        }
        return number;
    }

    /** How many entries to ask for: one more than it holds tells whether there is another page. */
    public int wanted() {
        return size + 1;
    }

    /**
     * The answer that shows this page.
     *
     * @param found the entries that were asked for, at most {@link #wanted()}
     * @param numberOf what the list is ordered by; the last entry's is the cursor
     * @param resource an entry in the contract's words
     * @param body puts entries and place together, in the contract's type
     */
    public <T, R> Reply reply(
            List<T> found,
            ToLongFunction<T> numberOf,
            Function<T, R> resource,
            BiFunction<List<R>, CursorMeta, Object> body) {
        List<R> data = shown(found).stream().map(resource).toList();
        return Reply.json(200, body.apply(data, meta(found, numberOf)));
    }

    /**
     * The same for a list that is looked through a stretch at a time: the page may be short, or empty, and still be
     * followed by another.
     */
    public <T, R> Reply reply(Stretch<T> found, Function<T, R> resource, BiFunction<List<R>, CursorMeta, Object> body) {
        CursorMetaPage meta = new CursorMetaPage().withSize(size);
        CursorMeta place =
                new CursorMeta().withPage(found.next() == null ? meta : meta.withNext(Long.toString(found.next())));
        return Reply.json(200, body.apply(found.found().stream().map(resource).toList(), place));
    }

    /** The entries of this page, of one more than it holds. */
    public <T> List<T> shown(List<T> found) {
        return found.size() > size ? found.subList(0, size) : found;
    }

    /** Where this page lies; the cursor is the last entry's number. */
    public <T> CursorMeta meta(List<T> found, ToLongFunction<T> numberOf) {
        CursorMetaPage meta = new CursorMetaPage().withSize(size);
        return new CursorMeta()
                .withPage(
                        found.size() > size
                                ? meta.withNext(Long.toString(numberOf.applyAsLong(found.get(size - 1))))
                                : meta);
    }
}
