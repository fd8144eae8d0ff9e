package io.checkoutgateway.apps;

import io.checkoutgateway.settings.Secret;
import java.net.URI;
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
 * @param connectedAccount whom calls are made for; {@code null} for the account that the key belongs to
 * @param apiBase the API that its key belongs to; {@code null} for the one of the settings
 * @param keysAccountId the account that the key belongs to, whomever calls are made for; {@code null} until Stripe told it
 */
public record StripeApp(
        String id,
        String namespace,
        @Nullable String accountId,
        boolean livemode,
        Secret apiKey,
        List<Secret> webhookSecrets,
        @Nullable String connectedAccount,
        @Nullable URI apiBase,
        @Nullable String keysAccountId) {

    public StripeApp {
        webhookSecrets = List.copyOf(webhookSecrets);
    }

    /** The same by another id. */
    StripeApp as(String otherId) {
        return new StripeApp(
                otherId,
                namespace,
                accountId,
                livemode,
                apiKey,
                webhookSecrets,
                connectedAccount,
                apiBase,
                keysAccountId);
    }

    /** An app whose calls are made for the account that its key belongs to, at the API of the settings. */
    public StripeApp(
            String id,
            String namespace,
            @Nullable String accountId,
            boolean livemode,
            Secret apiKey,
            List<Secret> webhookSecrets) {
        this(id, namespace, accountId, livemode, apiKey, webhookSecrets, null);
    }

    /** The same at another API. */
    public StripeApp(
            String id,
            String namespace,
            @Nullable String accountId,
            boolean livemode,
            Secret apiKey,
            List<Secret> webhookSecrets,
            @Nullable URI apiBase) {
        this(id, namespace, accountId, livemode, apiKey, webhookSecrets, null, apiBase, accountId);
    }

    /**
     * The same app, with calls made for this connected account. (Stripe, "Making API calls for connected accounts".)
     *
     * @param account {@code acct_…}; {@code null} and the app's own mean the app as it is
     */
    public StripeApp connected(@Nullable String account) {
        return account == null || account.equals(accountId)
                ? this
                : new StripeApp(
                        id, namespace, account, livemode, apiKey, webhookSecrets, account, apiBase, keysAccountId);
    }

    /**
     * Whose rate its calls count against: Stripe grants one to an account, and another to its test mode, however many
     * apps there are of it. While the account is not known, those with the same key are of one. (Stripe, "Rate limits".)
     */
    public String rateKey() {
        String payer = keysAccountId == null ? apiKey.fingerprint() : keysAccountId;
        return payer + (livemode ? "/live" : "/test");
    }
}
