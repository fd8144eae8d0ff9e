package io.checkoutgateway.listing;

/** How values of a field are written and compared. */
public enum Kind {
    /** Compared whole. */
    EXACT,
    /** One of our ids, compared whole. */
    ULID,
    /** Compared whole, in part, or by order. */
    STRING,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** A whole number. */
    NUMBER,
    /** RFC 3339. */
    TIME
}
