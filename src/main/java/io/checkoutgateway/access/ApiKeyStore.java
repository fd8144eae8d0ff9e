package io.checkoutgateway.access;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Where API keys are remembered, by hash only. */
public interface ApiKeyStore extends LiveKeys {
    /**
     * Remembers a new key of the actor's namespace, once for all requests with this idempotency key.
     *
     * @param most how many live keys a namespace may have
     * @param answer writes the answer that is stored with the idempotency key
     * @return fails with {@link io.checkoutgateway.failure.Reason#CONFLICT} when there are as many
     */
    Future<Answered> add(
            Actor actor,
            ApiKey key,
            NewApiKey wanted,
            int most,
            Optional<IdempotencyKey> idempotencyKey,
            Function<IssuedKey, StoredAnswer> answer);

    /** The namespace's keys after this place, oldest first, dead ones included. */
    Future<List<IssuedKey>> list(String namespace, long after, int most);

    /** The key of this id, dead or alive; empty when the namespace has none. */
    Future<Optional<IssuedKey>> describe(String namespace, String id);

    /** Ends a key for good; the key as it is now, empty when the actor's namespace has none of this id. */
    Future<Optional<IssuedKey>> revoke(Actor actor, String id);

    /** Notes that these keys were used just now, except where that was noted a moment ago. */
    Future<Void> used(Set<String> ids, Duration moment);
}
