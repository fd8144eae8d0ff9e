package io.checkoutgateway.failure;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call to Stripe that brought no answer to work with, and what is known of its effect. */
public final class StripeFailure extends GatewayException {
    private static final long serialVersionUID = 1L;

    /** What the failed call may have changed at Stripe. */
    public enum Effect {
        /** Stripe never acted: the call was not sent, or was turned away before it was read. */
        NONE,
        /** Stripe acted and said no, for good: the same call will be refused again. */
        REFUSED,
        /** Stripe may have acted: the answer was lost, came too late, or was a fault. */
        UNKNOWN
    }

    /** Stripe's code for an account that the key has no access to, or none any more. (API reference, "Error codes".) */
    private static final String ACCOUNT_INVALID = "account_invalid";

    /** Stripe's code for what it does not have, or not in this account. (API reference, "Error codes".) */
    public static final String RESOURCE_MISSING = "resource_missing";

    private final Effect effect;
    private final @Nullable String stripeCode;

    public StripeFailure(
            Reason reason,
            Effect effect,
            String message,
            @Nullable String stripeCode,
            List<InvalidParameter> invalidParameters,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(reason, message, invalidParameters, retryAfter, cause);
        this.effect = effect;
        this.stripeCode = stripeCode;
    }

    public Effect effect() {
        return effect;
    }

    /** Stripe's own error code, such as {@code resource_missing}; {@code null} when it gave none. */
    public @Nullable String stripeCode() {
        return stripeCode;
    }

    /** Whether Stripe said that it does not have this very thing: "No such checkout.session: 'cs_…'". */
    public boolean saysMissing(String id) {
        return RESOURCE_MISSING.equals(stripeCode)
                && String.valueOf(getMessage()).contains(id);
    }

    /** The same of any failure: only Stripe says so. */
    public static boolean saysMissing(Throwable failure, String id) {
        return failure instanceof StripeFailure stripe && stripe.saysMissing(id);
    }

    /** Whether Stripe said that the key has no access to the account in whose name it was asked, or none any more. */
    public boolean saysNoAccess() {
        return ACCOUNT_INVALID.equals(stripeCode);
    }

    /** The same of any failure: only Stripe says so. */
    public static boolean saysNoAccess(Throwable failure) {
        return failure instanceof StripeFailure stripe && stripe.saysNoAccess();
    }

    /** Whether any failure is Stripe's word that it has no such thing. */
    public static boolean saysMissing(Throwable failure) {
        return failure instanceof StripeFailure stripe && RESOURCE_MISSING.equals(stripe.stripeCode());
    }

    /** What is known of the effect of any failure: only calls to Stripe can have one. */
    public static Effect effectOf(Throwable failure) {
        return failure instanceof StripeFailure stripe ? stripe.effect() : Effect.UNKNOWN;
    }
}
