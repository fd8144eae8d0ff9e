package io.checkoutgateway.listing;

import java.util.Locale;

/** How a field is compared. Those that begin with O hold when one of several values does. */
public enum Operator {
    EQ,
    NEQ,
    OEQ,
    CONTAINS,
    OCONTAINS,
    GT,
    GTE,
    LT,
    LTE,
    EXISTS,
    NEXISTS;

    /** The contract's word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
