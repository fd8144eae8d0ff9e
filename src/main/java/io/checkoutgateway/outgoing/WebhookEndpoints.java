package io.checkoutgateway.outgoing;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** What callers do with their endpoints. */
public final class WebhookEndpoints {
    /** More services than one team runs; each is looked at with every round, and costs a delivery for each event. */
    public static final int ENDPOINTS_MAX = 50;

    /** A day, in which the receivers' operators put the new secret where the old one was. */
    public static final Duration OVERLAP = Duration.ofHours(24);

    /** Each live secret adds a signature of 47 characters to a header; receivers try them in turn. */
    static final int SECRETS_MAX = 5;

    /** A test under way takes as long as the endpoint may take to answer. */
    private static final Duration TEST_PAUSE = Duration.ofSeconds(5);

    private static final String TEST_TYPE = "webhook_endpoint.test";

    private final WebhookEndpointStore store;
    private final Destinations destinations;
    private final WebhookSender sender;
    private final SecureRandom random;
    private final Clock clock;
    private final Set<String> underTest = ConcurrentHashMap.newKeySet();

    public WebhookEndpoints(
            WebhookEndpointStore store,
            Destinations destinations,
            WebhookSender sender,
            SecureRandom random,
            Clock clock) {
        this.store = store;
        this.destinations = destinations;
        this.sender = sender;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Registers an endpoint, or answers what an earlier request with the same key was answered.
     *
     * @param answer writes the answer, which holds the secret and is sealed where it is stored
     * @return fails with {@link Reason#INVALID_REQUEST} when the URL leads where no message may be sent, and with
     *     {@link Reason#CONFLICT} when the namespace has {@value #ENDPOINTS_MAX}
     */
    public Future<Answered> create(
            Actor actor,
            NewWebhookEndpoint endpoint,
            Optional<IdempotencyKey> key,
            BiFunction<WebhookEndpoint, Secret, StoredAnswer> answer) {
        Secret secret = SigningSecrets.draw(random);
        String id = UlidCreator.getMonotonicUlid().toString();
        Future<Void> allowed = destinations.check(endpoint.url());
        // A name may lead elsewhere by now, or nowhere: a repetition is answered as the first request was.
        return allowed.transform(checked -> store.add(
                id, actor, endpoint, secret, ENDPOINTS_MAX, key, allowed, added -> answer.apply(added, secret)));
    }

    /** The namespace's endpoints after this place, oldest first. */
    public Future<List<WebhookEndpoint>> list(String namespace, long after, int most) {
        return store.list(namespace, after, most);
    }

    /** The endpoint; fails with {@link Reason#NOT_FOUND} when there is none in the namespace. */
    public Future<WebhookEndpoint> get(String namespace, String id) {
        return store.find(namespace, id).map(WebhookEndpoints::present);
    }

    /**
     * Changes an endpoint.
     *
     * @return fails with {@link Reason#NOT_FOUND}, {@link Reason#PRECONDITION_FAILED}, or {@link Reason#INVALID_REQUEST}
     *     when the new URL leads where no message may be sent
     */
    public Future<WebhookEndpoint> change(Actor actor, String id, EndpointChange change) {
        EndpointUrl url = change.url();
        return get(actor.namespace(), id)
                .compose(known -> url == null ? Future.succeededFuture() : destinations.check(url))
                .compose(checked -> store.change(actor, id, change))
                .map(WebhookEndpoints::present);
    }

    /** Removes an endpoint; fails with {@link Reason#NOT_FOUND}. */
    public Future<Void> remove(Actor actor, String id) {
        return store.remove(actor, id)
                .compose(
                        removed -> removed ? Future.succeededFuture() : Future.failedFuture(WebhookEndpoint.missing()));
    }

    /**
     * Replaces the secret, or answers what an earlier request with the same key was answered; the old ones sign along for a
     * while.
     *
     * @param overlap for how long at most; nothing when one of them has leaked
     * @param answer writes the answer, which holds the new secret and is sealed where it is stored
     * @return fails with {@link Reason#NOT_FOUND}, and with {@link Reason#CONFLICT} when too many old ones are live
     */
    public Future<Answered> rotateSecret(
            Actor actor,
            String id,
            Duration overlap,
            Optional<IdempotencyKey> key,
            BiFunction<WebhookEndpoint, Secret, StoredAnswer> answer) {
        Secret secret = SigningSecrets.draw(random);
        return store.addSecret(
                actor, id, secret, overlap, SECRETS_MAX, key, endpoint -> answer.apply(endpoint, secret));
    }

    /**
     * What came of a test.
     *
     * @param messageId what was sent as {@code webhook-id}
     */
    public record Test(String messageId, Attempt attempt) {}

    /**
     * Sends a test message now, also to a disabled endpoint. When it arrives the endpoint does not count as failing any
     * more; nothing else changes.
     *
     * @return fails with {@link Reason#NOT_FOUND}, and with {@link Reason#CONFLICT} while another test is under way: this
     *     is a way to make the gateway call others, and not to make it call them often
     */
    public Future<Test> test(Actor actor, String id) {
        return get(actor.namespace(), id).compose(endpoint -> {
            if (!underTest.add(id)) {
                return Future.failedFuture(GatewayException.retryable(
                        Reason.CONFLICT, "A test of this endpoint is under way", TEST_PAUSE));
            }
            return sendTest(actor, endpoint).onComplete(done -> underTest.remove(id));
        });
    }

    private Future<Test> sendTest(Actor actor, WebhookEndpoint endpoint) {
        Message message = new Message(
                "msg_" + UlidCreator.getMonotonicUlid(),
                TEST_TYPE,
                new JsonObject().put("endpoint_id", endpoint.id()),
                clock.instant());
        return store.noteTest(actor, endpoint.id())
                .compose(noted -> store.secretsOf(actor.namespace(), endpoint.id()))
                .map(WebhookEndpoints::present)
                .compose(secrets -> sender.send(endpoint.url(), message, secrets, 1))
                .compose(attempt -> noteArrival(actor, endpoint, attempt).map(new Test(message.id(), attempt)));
    }

    private Future<Void> noteArrival(Actor actor, WebhookEndpoint endpoint, Attempt attempt) {
        return attempt.delivered()
                ? store.noteArrival(actor.namespace(), endpoint.id(), endpoint.version())
                : Future.succeededFuture();
    }

    private static <T> T present(Optional<T> found) {
        return found.orElseThrow(WebhookEndpoint::missing);
    }
}
