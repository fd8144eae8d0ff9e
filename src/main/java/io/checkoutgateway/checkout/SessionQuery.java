package io.checkoutgateway.checkout;

import io.checkoutgateway.listing.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions are wanted, in which order.
 *
 * @param filters all of them must hold
 * @param size how many a page holds at most
 * @param cursor where the page begins; {@code null} for the first
 */
public record SessionQuery(List<Filter> filters, Sort sort, boolean descending, int size, @Nullable Cursor cursor) {

    /** What a list can be sorted by; ties are broken by the id, so that pages neither skip nor repeat. */
    public enum Sort {
        CREATED_AT,
        UPDATED_AT,
        EXPIRES_AT,
        ID
    }

    /**
     * One condition.
     *
     * @param field the member of the resource, such as {@code status}, or {@code metadata}
     * @param key the metadata key; {@code null} for other members
     * @param values one value; several for the operators that mean "one of"; none for the existence operators
     */
    public record Filter(SessionField field, @Nullable String key, Operator operator, List<String> values) {}

    /**
     * A place between two sessions.
     *
     * @param value the sorted member there, as text; {@code null} where it has none
     * @param id the session's id there
     * @param backwards whether the page ends there instead of beginning
     */
    public record Cursor(@Nullable String value, String id, boolean backwards) {}
}
