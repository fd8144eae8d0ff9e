package io.checkoutgateway.customers;

import io.checkoutgateway.listing.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The members of a customer that a list can be filtered by. */
public enum CustomerField {
    KEY(Kind.STRING),
    NAME(Kind.STRING),
    PRIMARY_EMAIL(Kind.STRING),
    /** Any of the customer's subject keys. */
    USAGE_ATTRIBUTION_SUBJECT_KEY(Kind.STRING),
    /** OpenMeter's customers subscribe to plans; ours have none. */
    PLAN_KEY(Kind.STRING),
    BILLING_PROFILE_ID(Kind.ULID);

    private final Kind kind;

    CustomerField(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The member's name in the contract. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The member of this name; empty when lists of customers cannot be filtered by it. */
    public static Optional<CustomerField> of(String word) {
        return Arrays.stream(values())
                .filter(field -> field.word().equals(word))
                .findFirst();
    }
}
