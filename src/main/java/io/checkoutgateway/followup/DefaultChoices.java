package io.checkoutgateway.followup;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the customers' default payment methods are remembered. */
public interface DefaultChoices {
    /** The choice that the link of this app holds now; empty when nothing was ever chosen or there is no such link. */
    Future<Optional<DefaultChoice>> find(String appId, String linkId);

    /**
     * Remembers that Stripe is about to be asked for this choice, since nobody may live to hear the answer.
     *
     * @param present what Stripe holds until then; {@code null} for none
     * @return whether the link still holds the choice; if not, nothing is remembered
     */
    Future<Boolean> asking(DefaultChoice choice, @Nullable String present);

    /** Remembers that Stripe holds this choice, unless the link holds another by now. */
    Future<Void> told(DefaultChoice choice);

    /**
     * Takes over what somebody chose at Stripe, unless the link holds another choice by now.
     *
     * @param paymentMethodId {@code null} for none
     */
    Future<Void> adopt(DefaultChoice instead, @Nullable String paymentMethodId, Instant asOf);

    /** Chooses none, unless the link holds another choice by now, and wishes that Stripe learns of that. */
    Future<Void> withdraw(DefaultChoice choice);
}
