package io.checkoutgateway.apps;

import io.checkoutgateway.settings.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connected Stripe account.
 *
 * @param id our ULID; part of the webhook's path
 * @param namespace who owns it
 * @param accountId Stripe's {@code acct_…}; {@code null} until Stripe told it
 * @param livemode whether its key moves real money
 * @param apiKey the key that calls are made with
 * @param webhookSecrets the signing secrets accepted now; more than one while they rotate
 */
public record StripeApp(
        String id,
        String namespace,
        @Nullable String accountId,
        boolean livemode,
        Secret apiKey,
        List<Secret> webhookSecrets) {

    public StripeApp {
        webhookSecrets = List.copyOf(webhookSecrets);
    }
}
