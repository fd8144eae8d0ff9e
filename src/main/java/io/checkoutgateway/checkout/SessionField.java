package io.checkoutgateway.checkout;

import io.checkoutgateway.listing.Kind;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The members of a session that a list can be filtered by, and how their values compare. */
public enum SessionField {
    ID(Kind.EXACT),
    STATUS(Kind.EXACT),
    PAYMENT_STATUS(Kind.EXACT),
    MODE(Kind.EXACT),
    UI_MODE(Kind.EXACT),
    LIVEMODE(Kind.BOOLEAN),
    APP_ID(Kind.EXACT),
    CUSTOMER_ID(Kind.EXACT),
    STRIPE_SESSION_ID(Kind.EXACT),
    STRIPE_CUSTOMER_ID(Kind.EXACT),
    STRIPE_ACCOUNT_ID(Kind.EXACT),
    SETUP_INTENT_ID(Kind.EXACT),
    SETUP_INTENT_STATUS(Kind.EXACT),
    PAYMENT_METHOD_ID(Kind.EXACT),
    PAYMENT_INTENT_ID(Kind.EXACT),
    SUBSCRIPTION_ID(Kind.EXACT),
    CLIENT_REFERENCE_ID(Kind.STRING),
    CUSTOMER_EMAIL(Kind.STRING),
    CURRENCY(Kind.EXACT),
    LOCALE(Kind.EXACT),
    SUCCESS_URL(Kind.STRING),
    CANCEL_URL(Kind.STRING),
    BILLING_ADDRESS_COLLECTION(Kind.EXACT),
    SUBMIT_TYPE(Kind.EXACT),
    /** Of dj-stripe's document only. */
    DJSTRIPE_ID(Kind.NUMBER),
    CREATED_AT(Kind.TIME),
    UPDATED_AT(Kind.TIME),
    STRIPE_CREATED_AT(Kind.TIME),
    EXPIRES_AT(Kind.TIME),
    COMPLETED_AT(Kind.TIME),
    /** Stripe's sessions have none; dj-stripe's document does, always empty. */
    DESCRIPTION(Kind.STRING),
    /** Of dj-stripe's document only: what the session was made with, as opposed to what the page collected. */
    GIVEN_EMAIL(Kind.STRING),
    METADATA(Kind.STRING);

    private static final Set<SessionField> OF_THE_MIRROR = EnumSet.of(DJSTRIPE_ID, DESCRIPTION, GIVEN_EMAIL);

    private final Kind kind;

    SessionField(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The member's name in the contract, and the column's. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The member of this name; empty when lists of sessions cannot be filtered by it. */
    public static Optional<SessionField> of(String word) {
        for (SessionField field : values()) {
            if (field.word().equals(word) && !OF_THE_MIRROR.contains(field)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }
}
