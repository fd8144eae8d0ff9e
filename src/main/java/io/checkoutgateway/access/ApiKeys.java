package io.checkoutgateway.access;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.cache.CoalescedLookups;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Issues API keys, recognises them and ends them. */
public final class ApiKeys implements Credentials {
    /** More than the services and people of one team; each live key is one more that can leak. */
    public static final int LIVE_MAX = 1_000;

    private static final String SET_UP = "set-up";

    /** For keys that nobody asked for over HTTP: nothing is answered. */
    private static final StoredAnswer NO_ANSWER = new StoredAnswer(204, "application/json", Buffer.buffer());

    private final ApiKeyStore store;
    private final CoalescedLookups<String, Optional<LiveKeys.Row>> lookups;
    private final KeyUses uses;
    private final SecureRandom random;
    private final Clock clock;

    public ApiKeys(ApiKeyStore store, KeyUses uses, SecureRandom random, Clock clock) {
        this.store = store;
        this.lookups = new CoalescedLookups<>(store::find);
        this.uses = uses;
        this.random = random;
        this.clock = clock;
    }

    /** {@inheritDoc} Noise is told by its checksum, without the store. */
    @Override
    public Future<Optional<Caller>> recognise(String text) {
        return ApiKey.parse(text)
                .map(key -> lookups.find(key.id()).map(row -> row.filter(found -> key.sameSecret(found.hash()))
                        .map(found -> callerOf(key, found))))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Caller callerOf(ApiKey key, LiveKeys.Row row) {
        uses.note(key.id());
        return new Caller(row.namespace(), "api_key:" + key.id(), row.scopes());
    }

    /**
     * A request for a key, answered.
     *
     * @param text the key; empty when the answer is that of an earlier request, since the text is stored nowhere
     */
    public record Created(Answered answered, Optional<Secret> text) {}

    /**
     * Makes a key in the actor's namespace, or answers what an earlier request with the same idempotency key was
     * answered, without the key.
     *
     * @param held what the maker may do: nobody gives away more
     * @param answer writes the answer, which is stored with the idempotency key and must not hold the key's text
     * @return fails with {@link Reason#FORBIDDEN} when the maker lacks a scope, with {@link Reason#INVALID_REQUEST} when
     *     the key would have expired already, and with {@link Reason#CONFLICT} when {@value #LIVE_MAX} are live
     */
    public Future<Created> create(
            Actor actor,
            Set<Scope> held,
            NewApiKey wanted,
            Optional<IdempotencyKey> idempotencyKey,
            Function<IssuedKey, StoredAnswer> answer) {
        checkHeld(held, wanted.scopes());
        ApiKey.Issued issued = ApiKey.issue(random);
        return store.add(actor, issued.key(), wanted.usableAt(clock.instant()), LIVE_MAX, idempotencyKey, answer)
                .map(answered ->
                        new Created(answered, answered.replayed() ? Optional.empty() : Optional.of(issued.text())));
    }

    private static void checkHeld(Set<Scope> held, Set<Scope> given) {
        String lacking = given.stream()
                .filter(scope -> held.stream().noneMatch(own -> own.allows(scope)))
                .map(Scope::word)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!lacking.isEmpty()) {
            throw new GatewayException(
                    Reason.FORBIDDEN, "A key allows no more than its maker may do, who lacks " + lacking);
        }
    }

    /** Makes a key for an operator; the key's text cannot be had again. Fails with {@link Reason#CONFLICT}. */
    public Future<Secret> issue(Actor actor, NewApiKey wanted) {
        ApiKey.Issued issued = ApiKey.issue(random);
        return store.add(actor, issued.key(), wanted, LIVE_MAX, Optional.empty(), added -> NO_ANSWER)
                .map(added -> issued.text());
    }

    /** Makes a key on the gateway's own account, for a demo or a test that begins with nothing. */
    public Future<Secret> issue(String namespace, String name, Set<Scope> scopes, @Nullable Instant expiresAt) {
        return issue(Actor.gateway(namespace, SET_UP), new NewApiKey(name, scopes, expiresAt));
    }

    /** The namespace's keys after this place, oldest first, dead ones included. */
    public Future<List<IssuedKey>> list(String namespace, long after, int most) {
        return store.list(namespace, after, most);
    }

    /** The key, dead or alive; fails with {@link Reason#NOT_FOUND} when there is none in the namespace. */
    public Future<IssuedKey> get(String namespace, String id) {
        return store.describe(namespace, id).map(ApiKeys::present);
    }

    /** Ends a key for good, if it was not already; fails with {@link Reason#NOT_FOUND}. */
    public Future<IssuedKey> revoke(Actor actor, String id) {
        return store.revoke(actor, id).map(ApiKeys::present);
    }

    private static IssuedKey present(Optional<IssuedKey> found) {
        return found.orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "There is no API key with this id"));
    }
}
