package io.checkoutgateway.apps;

import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.StripeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The app of the settings, as this process sees it. Its sessions, customers and events are those of one account: a key of
 * another account would find none of them, and take that for the truth.
 *
 * @param row as it was found
 * @param named the account that the settings name; {@code null} for none
 * @param standing what is known of the key
 */
record ConfiguredApp(AppStore.Row row, StripeApp app, @Nullable String named, Standing standing) {
    /** How soon it is worth asking again whose the key is. */
    private static final Duration SOON = Duration.ofSeconds(5);

    enum Standing {
        /** It is of the app's account. */
        CONFIRMED,
        /** Nobody knows the app's account yet, so no harm can come of using the key. */
        FIRST,
        /** The app has an account, and whether the key is of it is not known yet. */
        UNKNOWN,
        /** It is of another account. */
        FOREIGN
    }

    /** As it stands before Stripe is asked: a key that was found to be the account's needs no further look. */
    static ConfiguredApp found(AppStore.Row row, Secret key, StripeSettings settings) {
        String named = settings.accountId();
        String account = row.accountId();
        boolean confirmed = account != null
                && key.fingerprint().equals(row.keyFingerprint())
                && (named == null || named.equals(account));
        Standing standing = confirmed ? Standing.CONFIRMED : account == null ? Standing.FIRST : Standing.UNKNOWN;
        StripeApp app = new StripeApp(
                row.id(),
                row.namespace(),
                account == null ? named : account,
                row.livemode(),
                key,
                settings.webhookSecrets());
        return new ConfiguredApp(row, app, named, standing);
    }

    ConfiguredApp confirmed(String account) {
        StripeApp known =
                new StripeApp(app.id(), app.namespace(), account, app.livemode(), app.apiKey(), app.webhookSecrets());
        return new ConfiguredApp(row, known, named, Standing.CONFIRMED);
    }

    ConfiguredApp foreign() {
        return new ConfiguredApp(row, app, named, Standing.FOREIGN);
    }

    /** Whether it is worth asking Stripe whose the key is. */
    boolean isOpen() {
        return standing == Standing.FIRST || standing == Standing.UNKNOWN;
    }

    /** Whether a key of this account is what the app and the settings mean. */
    boolean isOf(String account) {
        return (row.accountId() == null || row.accountId().equals(account)) && (named == null || named.equals(account));
    }

    /**
     * The account that is taken for the key's where Stripe does not tell: the one of the settings, and the remembered one
     * as long as no other key is known of; empty for none.
     */
    Optional<String> believed() {
        return named == null && row.keyFingerprint() != null
                ? Optional.empty()
                : Optional.ofNullable(named == null ? row.accountId() : named);
    }

    /** Why Stripe must not be called with the key; empty when it may be. */
    Optional<StripeFailure> objection() {
        return switch (standing) {
            case CONFIRMED, FIRST -> Optional.empty();
            case UNKNOWN ->
                Optional.of(new StripeFailure(
                        Reason.STRIPE_UNREACHABLE,
                        StripeFailure.Effect.NONE,
                        "It is not known yet whether STRIPE_API_KEY is a key of the app's Stripe account",
                        null,
                        List.of(),
                        SOON,
                        null));
            case FOREIGN ->
                Optional.of(new StripeFailure(
                        Reason.STRIPE_CREDENTIALS,
                        StripeFailure.Effect.NONE,
                        "STRIPE_API_KEY is a key of another Stripe account than the app's",
                        null,
                        List.of(),
                        null,
                        null));
        };
    }
}
