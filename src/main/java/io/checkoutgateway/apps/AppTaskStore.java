package io.checkoutgateway.apps;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where installs and removals are remembered while Stripe is called: each has an owner at every moment, who is the one
 * with the newest lease, or nobody once that has ended.
 */
public interface AppTaskStore {
    /**
     * An app to be installed.
     *
     * @param key of the account; given or made up
     * @param webhookId ours, for the endpoint to be registered; {@code null} when none is
     * @param webhook what Stripe is asked to create for it
     */
    record Install(
            String id,
            Actor actor,
            NewApp app,
            StripeKey key,
            String accountId,
            @Nullable String webhookId,
            JsonObject webhook) {}

    /**
     * A further webhook of an installed app.
     *
     * @param id ours
     * @param connect whether it hears of connected accounts instead of the app's own
     * @param parameters what Stripe is asked to create for it
     * @param onlyFirst whether it is not wanted where an endpoint for connected accounts is registered already
     * @param retireOthersAfter how long those of its kind before it stay once it is there
     * @param insteadOf the one whose place it takes, which must not have been replaced yet; {@code null} for none
     */
    record NewWebhook(
            String id,
            boolean connect,
            boolean onlyFirst,
            JsonObject parameters,
            Duration retireOthersAfter,
            @Nullable String insteadOf) {}

    /**
     * What a request to install, or for a further webhook, meets.
     *
     * @param task the work to be done; empty when there is none for this process
     * @param answer the answer to an earlier request with the same key, or of what was there before
     * @param retryAfter when it is worth asking again, if somebody else is at it
     */
    record Begun(Optional<AppTask> task, Optional<StoredAnswer> answer, Duration retryAfter) {}

    /**
     * What an earlier request with this key met, if there was one.
     *
     * @return fails with {@link io.checkoutgateway.failure.Reason#IDEMPOTENCY_KEY_REUSED} when it was another request
     */
    Future<Optional<Begun>> repeated(String namespace, IdempotencyKey key, Duration lease);

    /**
     * The app that this account had in the namespace and that was uninstalled last: its sessions, links and connected
     * accounts are still there, and go on when it is installed again.
     */
    Future<Optional<String>> former(String namespace, AppType type, String accountId, boolean livemode);

    /**
     * Writes the install down before Stripe is asked for anything. One of a {@link #former} app brings that back: all
     * events of the time since it was uninstalled are asked for.
     *
     * @param most how many apps a namespace may have
     * @return fails with {@link io.checkoutgateway.failure.Reason#CONFLICT} when the account is installed already or there
     *     are too many
     */
    Future<Begun> begin(Install install, Optional<IdempotencyKey> key, Duration lease, int most);

    /**
     * What an earlier request for a further webhook met with this key, if there was one: its answer, or none while it is
     * under way.
     *
     * @return fails with {@link io.checkoutgateway.failure.Reason#IDEMPOTENCY_KEY_REUSED} when it was another request
     */
    Future<Optional<Begun>> repeatedRegistration(String namespace, IdempotencyKey key);

    /**
     * Writes a further webhook of an installed app down before Stripe is asked for it.
     *
     * @param key names the webhook until there is an answer; one that is wanted only as the first needs none
     * @param most how many of its kind an app may have
     * @param answers say of the endpoint that is there that there is one
     * @return empty when there is no such app; fails with {@link io.checkoutgateway.failure.Reason#CONFLICT} while another
     *     is being registered, or when there are too many, and with
     *     {@link io.checkoutgateway.failure.Reason#IDEMPOTENCY_KEY_REUSED} when the key came with another request
     */
    Future<Optional<Begun>> beginRegistration(
            Actor actor,
            Optional<IdempotencyKey> key,
            String appId,
            NewWebhook webhook,
            Duration lease,
            int most,
            AppAnswers answers);

    /**
     * Ends what the app has to hear of connected accounts with, also what is still being registered.
     *
     * @return what is left to do; empty when the app has nothing of the kind, or there is no such app
     */
    Future<Optional<AppTask>> retireConnectEndpoints(Actor actor, String appId, Duration lease);

    /**
     * Uninstalls an app: from now on it serves nobody.
     *
     * @return what is left to do; empty when there is no such app
     */
    Future<Optional<AppTask>> beginRemoval(Actor actor, String appId, Duration lease);

    /** Takes the task that is due for the longest time. */
    Future<Optional<AppTask>> claim(Duration lease);

    /**
     * The app is installed, with this endpoint if it has one.
     *
     * @param webhookId {@code null} when the app has none
     * @return the answer to the request, now stored with its key; empty when the task is another's by now
     */
    Future<Optional<StoredAnswer>> installed(
            AppTask task,
            @Nullable String webhookId,
            StripeAccountCalls.@Nullable Registered registered,
            AppAnswers answers);

    /**
     * An installed app has this further endpoint; those of its kind before it retire.
     *
     * @return the answer to the request, now stored with its key if it has one; empty when the task is another's by now
     */
    Future<Optional<StoredAnswer>> registered(
            AppTask task, AppTask.Webhook webhook, StripeAccountCalls.Registered registered, AppAnswers answers);

    /** The webhook's endpoint is not at Stripe, and its secret is worth nothing any more; its key may be used anew. */
    Future<Void> removed(AppTask task, String webhookId);

    /** Nothing is to be done for an installed app until its next webhook retires. */
    Future<Void> done(AppTask task);

    /**
     * Forgets the secrets of an app that left; tells whether it could, which it cannot while creates need its key.
     *
     * @param createsBegin for how long after the app left a create that found it may still be reserved
     */
    Future<Boolean> gone(AppTask task, Duration createsBegin);

    /** Forgets an install of which nothing is at Stripe; its request may be repeated. */
    Future<Void> undone(AppTask task);

    /** An install is not to be: what may be at Stripe is to be removed. Its request may be repeated. */
    Future<Void> abandon(AppTask task);

    /** It could not be done now, and is due again after the pause. */
    Future<Void> failed(AppTask task, Duration pause);
}
