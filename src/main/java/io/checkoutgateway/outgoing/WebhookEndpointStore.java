package io.checkoutgateway.outgoing;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where endpoints and their secrets are remembered. */
public interface WebhookEndpointStore {
    /**
     * Adds an endpoint that is told of everything from now on, unless an earlier request with the same key did.
     *
     * @param most how many the namespace may have
     * @param allowed whether there may be such an endpoint; what an earlier request was answered holds either way
     * @param answer writes the answer, which may hold the secret: it is stored sealed
     * @return fails with {@link io.checkoutgateway.failure.Reason#CONFLICT} when the namespace has that many, and as
     *     {@code allowed} does
     */
    Future<Answered> add(
            String id,
            Actor actor,
            NewWebhookEndpoint endpoint,
            Secret secret,
            int most,
            Optional<IdempotencyKey> key,
            Future<Void> allowed,
            Function<WebhookEndpoint, StoredAnswer> answer);

    /** The namespace's endpoints after this place, oldest first. */
    Future<List<WebhookEndpoint>> list(String namespace, long after, int most);

    Future<Optional<WebhookEndpoint>> find(String namespace, String id);

    /** The secrets that sign now, the newest first; empty when there is no such endpoint. */
    Future<Optional<SigningSecrets>> secretsOf(String namespace, String id);

    /**
     * Changes an endpoint.
     *
     * @return empty when there is none; fails with {@link io.checkoutgateway.failure.Reason#PRECONDITION_FAILED} when its
     *     version is another
     */
    Future<Optional<WebhookEndpoint>> change(Actor actor, String id, EndpointChange change);

    /** Removes an endpoint with its secrets and, in time, its deliveries; tells whether there was one. */
    Future<Boolean> remove(Actor actor, String id);

    /** Notes that somebody has a test message sent; tells whether there is such an endpoint. */
    Future<Boolean> noteTest(Actor actor, String id);

    /** A message has arrived at this version of the endpoint: it does not fail any more, and is not left alone. */
    Future<Void> noteArrival(String namespace, String id, long version);

    /**
     * Adds a secret, unless an earlier request with the same key did, whose answer holds even when the endpoint has been
     * removed since; those before it sign along for a while.
     *
     * @param overlap for how long at most; those that were to end sooner do
     * @param most how many may be live
     * @param answer writes the answer, which may hold the secret: it is stored sealed
     * @return fails with {@link io.checkoutgateway.failure.Reason#NOT_FOUND} when there is no such endpoint, and with
     *     {@link io.checkoutgateway.failure.Reason#CONFLICT} when that many are live
     */
    Future<Answered> addSecret(
            Actor actor,
            String id,
            Secret secret,
            Duration overlap,
            int most,
            Optional<IdempotencyKey> key,
            Function<WebhookEndpoint, StoredAnswer> answer);
}
