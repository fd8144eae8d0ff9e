package io.checkoutgateway.events;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import java.util.Locale;

/** A delivery does not prove to be Stripe's, and says why, so that a wrong secret is told from a wrong clock. */
public final class SignatureRefusedException extends GatewayException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the signature. */
    public enum Flaw {
        /** There is none. */
        MISSING,
        /** It is not written as Stripe writes it. */
        MALFORMED,
        /** No live secret makes it. */
        NO_MATCH,
        /** It is right and was made too long ago. */
        TOO_OLD,
        /** It is right and claims to be made later than now. */
        FROM_THE_FUTURE;

        /** The word that metrics and logs use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Flaw flaw;

    /** @param message for the caller */
    public SignatureRefusedException(Flaw flaw, String message) {
        super(
                flaw == Flaw.TOO_OLD || flaw == Flaw.FROM_THE_FUTURE
                        ? Reason.SIGNATURE_TIMESTAMP
                        : Reason.SIGNATURE_INVALID,
                message);
        this.flaw = flaw;
    }

    public Flaw flaw() {
        return flaw;
    }
}
