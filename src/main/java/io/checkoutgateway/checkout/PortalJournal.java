package io.checkoutgateway.checkout;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import java.util.Optional;

/** Where requests for the portal are written down before and after Stripe is asked. */
public interface PortalJournal {
    /**
     * A request that was claimed.
     *
     * @param id our ULID; Stripe's idempotency key is derived from it, so that whoever repeats the request makes the
     *     same call
     * @param answer what an earlier request with the same key was answered; empty while there is none
     */
    record Claim(String id, Optional<StoredAnswer> answer) {
        String stripeKey() {
            return "portal-" + id;
        }
    }

    /**
     * Claims the key, or finds what was claimed before.
     *
     * @param id for a claim that is new
     * @return fails with {@code IDEMPOTENCY_KEY_REUSED} when the key came with another request
     */
    Future<Claim> claim(String namespace, Optional<IdempotencyKey> key, String id);

    /** Writes down what was opened, and the answer; answers what an equal request was answered that was faster. */
    Future<Answered> opened(Actor actor, Claim claim, PortalSession opened, StoredAnswer answer);

    /** Writes down that Stripe said no, which is an answer like any other. */
    Future<Answered> refused(Claim claim, StoredAnswer answer);

    /** Lets the key be used anew, with another call to Stripe. */
    Future<Void> free(Claim claim);
}
