package io.checkoutgateway.http;

import io.checkoutgateway.api.model.PageMeta;
import io.checkoutgateway.api.model.PaginatedMeta;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list that is counted, as OpenMeter's are.
 *
 * @param number from 1
 * @param size how many at most
 */
public record NumberedPage(int number, int size) {
    private static final List<String> NAMES = List.of("size", "number");
    private static final int SIZE_PRESET = 20;

    /**
     * OpenMeter has no limit; the clients made from its contract ask for 100. Each item may be as large as a body, 64 KiB
     * with the presets.
     */
    private static final int SIZE_MAX = 1000;

    private static final int NUMBER_MAX = 999_999_999;

    /**
     * Reads {@code page[size]} and {@code page[number]}.
     *
     * @throws io.checkoutgateway.failure.GatewayException when they are not valid
     */
    public static NumberedPage of(JsonObject query) {
        JsonObject page = Listing.page(query, NAMES);
        return new NumberedPage(number(page, "number", 1, NUMBER_MAX), number(page, "size", SIZE_PRESET, SIZE_MAX));
    }

    private static int number(JsonObject page, String name, int preset, int most) {
        @Nullable String text = Listing.text(page, "page", name);
        if (text == null) {
            return preset;
        }
        int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > most) {
            throw Listing.invalid("page[" + name + "]", "range", "must be a whole number between 1 and " + most);
        }
        return number;
    }

    /** How many items come before it. */
    public long offset() {
        return (number - 1L) * size;
    }

    /** The items of this page, of all. */
    public <T> List<T> of(List<T> all) {
        return all.stream().skip(offset()).limit(size).toList();
    }

    /** Where this page lies. */
    public PaginatedMeta meta(long total) {
        return new PaginatedMeta()
                .withPage(new PageMeta().withNumber(number).withSize(size).withTotal(total));
    }
}
