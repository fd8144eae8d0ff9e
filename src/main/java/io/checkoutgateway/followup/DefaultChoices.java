package io.checkoutgateway.followup;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the customers' default payment methods are remembered. */
public interface DefaultChoices {
    /** The choice that the link of this app holds now; empty when nothing was ever chosen or there is no such link. */
    Future<Optional<DefaultChoice>> find(String appId, String linkId);

    /** Remembers that Stripe holds this choice. */
    Future<Void> told(DefaultChoice choice);

    /**
     * Takes over what somebody chose at Stripe, unless the link holds another choice by now.
     *
     * @param paymentMethodId {@code null} for none
     */
    Future<Void> adopt(DefaultChoice instead, @Nullable String paymentMethodId, Instant asOf);

    /** Chooses none, unless the link holds another choice by now. */
    Future<Void> withdraw(DefaultChoice choice);
}
