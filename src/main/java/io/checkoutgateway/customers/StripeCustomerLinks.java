package io.checkoutgateway.customers;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the ties to Stripe's customers are remembered; one for each customer, app and account. The account is a connected
 * one's {@code acct_…}, or {@code null} for the app's own.
 */
public interface StripeCustomerLinks {
    /** The link of this customer, if there is one. */
    Future<Optional<StripeCustomerLink>> find(String appId, @Nullable String account, String customerId);

    /** The link of this customer; made with these frozen parameters when it is missing. */
    Future<StripeCustomerLink> ensure(
            String id,
            String namespace,
            String appId,
            @Nullable String account,
            String customerId,
            JsonObject parameters);

    /** Completes a link, unless it was completed meanwhile; answers what it holds now. */
    Future<StripeCustomerLink> complete(String id, String stripeCustomerId);

    /**
     * Starts the next attempt with these frozen parameters, unless someone else did since {@code link} was read;
     * answers what it holds now.
     */
    Future<StripeCustomerLink> nextAttempt(StripeCustomerLink link, JsonObject parameters);
}
