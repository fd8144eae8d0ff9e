package io.checkoutgateway.apps;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where apps are remembered, as those see them who work with them. */
public interface AppStore {
    /**
     * An app's row.
     *
     * @param configured whether its secrets come from the settings
     * @param billingProfile whether customers can be served by it
     * @param apiKey {@code null} for a configured one, and when it cannot be opened
     * @param webhookSecrets those that are taken now and can be opened; empty for a configured one
     * @param keyFingerprint of the key of the settings that was found to be the account's; {@code null} when none was yet
     */
    record Row(
            String id,
            String namespace,
            AppType type,
            @Nullable String accountId,
            boolean livemode,
            boolean configured,
            boolean billingProfile,
            @Nullable Secret apiKey,
            List<Secret> webhookSecrets,
            @Nullable String keyFingerprint,
            long version) {
        public Row {
            webhookSecrets = List.copyOf(webhookSecrets);
        }
    }

    /**
     * The app of the configured account; makes the row when it is missing. It serves its namespace's customers unless
     * another does. Of the key only what people recognise it by is remembered.
     */
    Future<Row> ensureConfigured(String id, String namespace, boolean livemode, StripeKey key);

    /** The app of an account of this mode that was configured for this namespace; changes nothing. */
    Future<Optional<Row>> configured(String namespace, boolean livemode);

    /** No account is configured: those that once were serve nobody. */
    Future<Void> noneConfigured();

    /**
     * The key of the settings is of this account, which is the app's from now on. What waited for such a key, or was not
     * found with the last one, is tried again.
     *
     * @param fingerprint the key's
     * @return false, and nothing is changed, when the app has another account by now
     */
    Future<Boolean> keyConfirmed(Actor actor, String id, String accountId, String fingerprint);

    /** The installed app of this id. */
    Future<Optional<Row>> find(String id);

    /** The app of this id, also one that leaves and has still to clear up. */
    Future<Optional<Row>> findEvenLeaving(String id);

    /** The app that serves the namespace's customers. */
    Future<Optional<Row>> defaultOf(String namespace);

    /** Every installed app; one whose secrets cannot be read now is left out. */
    Future<List<Row>> all();

    /** How many apps of all namespaces are in each state; those that are gone are not counted. */
    Future<Map<String, Long>> countByState();

    /** Stripe does not take the key of this version of the app; an app of another version is left as it is. */
    Future<Void> unauthorized(Actor actor, String id, long version);
}
