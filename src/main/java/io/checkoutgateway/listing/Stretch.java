package io.checkoutgateway.listing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a long list found. Where no index leads to what is wanted, a look goes through a bounded number of
 * rows: it may find less than it was asked for, or nothing, although there is more behind.
 *
 * @param next the number to go on after; {@code null} at the end of the list
 */
public record Stretch<T>(List<T> found, @Nullable Long next) {
    public Stretch {
        found = List.copyOf(found);
    }

    /** The end of a list that has nothing. */
    public static <T> Stretch<T> none() {
        return new Stretch<>(List.of(), null);
    }
}
