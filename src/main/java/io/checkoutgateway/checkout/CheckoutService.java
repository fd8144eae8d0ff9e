package io.checkoutgateway.checkout;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.RedirectHostLists;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerBillingService;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.customers.StripeCustomers;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions and answers questions about them.
 *
 * <p>A create is three steps: a short transaction that claims the caller's key and remembers the session, a call to
 * Stripe outside any transaction, and a short transaction that writes down the outcome together with the answer.
 */
public final class CheckoutService {
    /** When Stripe's worker pool is full, a second is as good a guess as any. */
    private static final Duration WHEN_BUSY = Duration.ofSeconds(1);

    /** What may have become of a request that was fine when it first came. */
    private static final Set<Reason> PASSING = Set.of(Reason.INVALID_REQUEST, Reason.NOT_FOUND, Reason.GONE);

    private final CustomerService customers;
    private final Apps apps;
    private final Preliminaries preliminaries;
    private final CreateJournal journal;
    private final SessionStore sessions;
    private final StripeCheckout stripe;
    private final StripeCustomers stripeCustomers;
    private final Clock clock;

    public CheckoutService(
            CustomerService customers,
            Apps apps,
            CustomerBillingService billing,
            RedirectHostLists redirectHosts,
            CreateJournal journal,
            SessionStore sessions,
            StripeCheckout stripe,
            StripeCustomers stripeCustomers,
            Clock clock) {
        this.customers = customers;
        this.apps = apps;
        this.preliminaries = new Preliminaries(customers, apps, redirectHosts, billing);
        this.journal = journal;
        this.sessions = sessions;
        this.stripe = stripe;
        this.stripeCustomers = stripeCustomers;
        this.clock = clock;
    }

    /**
     * Opens a session, or answers what an earlier request with the same key was answered. A refusal of Stripe's is an
     * answer too, and is repeated like one.
     *
     * @param answers writes the answer, which is stored with the outcome
     * @return fails with {@link Reason#NOT_FOUND} or {@link Reason#GONE} for the customer or the app, with
     *     {@link Reason#CONFLICT} or {@link Reason#STRIPE_REFERENCE} for a customer or counterpart that is brought along,
     *     with {@link Reason#INVALID_REQUEST}, {@link Reason#IDEMPOTENCY_KEY_REUSED} or
     *     {@link Reason#IDEMPOTENCY_KEY_IN_USE}, or as Stripe does
     */
    public Future<Answered> create(CreateCheckout command, Answers answers) {
        if (!stripe.hasRoom()) {
            return Future.failedFuture(GatewayException.retryable(
                    Reason.STRIPE_BUSY, "Too many calls to Stripe are under way", WHEN_BUSY));
        }
        return begin(command).compose(begun -> proceed(begun, answers));
    }

    /**
     * A create that was claimed or met again.
     *
     * @param parties who it is between; {@code null} when that is to be read from what was written down before
     */
    private record Begun(Reservation reservation, @Nullable Parties parties) {}

    /** What a first try settled on its way is not settled again by its repetition. */
    private Future<Begun> begin(CreateCheckout command) {
        return command.hasPreliminaries()
                ? recall(command)
                        .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> claim(command)))
                : claim(command);
    }

    private Future<Begun> claim(CreateCheckout command) {
        return preliminaries
                .settle(command, clock.instant())
                .compose(parties -> reserve(command, parties).map(reserved -> new Begun(reserved, parties)))
                .recover(failure -> recall(command, failure));
    }

    /** A repetition is answered as the first request was, also when a time in it has passed or the customer is gone. */
    private Future<Begun> recall(CreateCheckout command, Throwable refusal) {
        boolean ofTheMoment = GatewayException.is(refusal, PASSING);
        return ofTheMoment
                ? recall(command).compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(refusal)))
                : Future.failedFuture(refusal);
    }

    private Future<Reservation> reserve(CreateCheckout command, Parties parties) {
        StripeApp app = parties.app();
        Customer customer = parties.customer();
        Instant now = clock.instant();
        return stripeCustomers
                .known(app, customer)
                .compose(known -> journal.reserve(prepared(command, app, customer, now, known.orElse(null))));
    }

    private Future<Optional<Begun>> recall(CreateCheckout command) {
        return command.idempotencyKey()
                .map(key -> journal.recall(command.namespace(), key)
                        .map(found -> found.map(reservation -> new Begun(reservation, null))))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    /** A counterpart that is known is frozen at once, which spares the attempt a step of its own for it. */
    private NewSession prepared(
            CreateCheckout command, StripeApp app, Customer customer, Instant now, @Nullable String stripeCustomerId) {
        String id = UlidCreator.getMonotonicUlid().toString();
        Instant expiry = CreateRules.expiry(command.options().getExpiresAt(), now);
        JsonObject parameters = stripe.parametersOf(command, id, app, customer, expiry);
        return new NewSession(
                id,
                app.namespace(),
                app.id(),
                app.accountId(),
                app.livemode(),
                customer.id(),
                stripeCustomerId,
                stripeCustomerId == null ? parameters : stripe.bind(parameters, stripeCustomerId, 1),
                Objects.requireNonNullElse(command.options().getMetadata(), Map.of()),
                command.actor(),
                command.idempotencyKey());
    }

    private Future<Answered> proceed(Begun begun, Answers answers) {
        Reservation reservation = begun.reservation();
        SessionOpener opener = new SessionOpener(journal, stripe, stripeCustomers, answers, clock);
        return switch (reservation.outcome()) {
            case NEW ->
                opener.open(reservation.attempt(), Objects.requireNonNull(begun.parties()))
                        .map(Answered::first);
            case TAKEN_OVER ->
                opener.resume(
                                reservation.attempt(),
                                Parties.of(reservation.attempt(), customers, apps),
                                Observation.Source.API)
                        .map(Answered::first);
            case ANSWERED -> Future.succeededFuture(new Answered(reservation.answer(), true));
            case IN_USE ->
                Future.failedFuture(GatewayException.retryable(
                        Reason.IDEMPOTENCY_KEY_IN_USE,
                        "The first request with this Idempotency-Key is still under way",
                        reservation.retryAfter()));
            case REUSED ->
                Future.failedFuture(new GatewayException(
                        Reason.IDEMPOTENCY_KEY_REUSED,
                        "This Idempotency-Key was used before with another request; use a new key for a new request"));
        };
    }

    /** The session, by our id or Stripe's; fails with {@link Reason#NOT_FOUND} when the namespace has none such. */
    public Future<CheckoutSession> get(String namespace, String id) {
        return sessions.find(namespace, id).compose(CheckoutService::found);
    }

    /** Like {@link #get}, by the number that dj-stripe's document calls {@code djstripe_id}. */
    public Future<CheckoutSession> getByDjstripeId(String namespace, int djstripeId) {
        return sessions.findByDjstripeId(namespace, djstripeId).compose(CheckoutService::found);
    }

    private static Future<CheckoutSession> found(Optional<CheckoutSession> session) {
        return session.map(Future::succeededFuture)
                .orElseGet(() ->
                        Future.failedFuture(new GatewayException(Reason.NOT_FOUND, "No checkout session has this id")));
    }

    /** One page of the namespace's sessions. */
    public Future<SessionPage> list(String namespace, SessionQuery query) {
        return sessions.list(namespace, query);
    }

    /** What the session sells, as far as it was fetched; fails as {@link #get} does. */
    public Future<LineItems> lineItems(String namespace, String id) {
        return get(namespace, id).compose(session -> lineItems(List.of(session))
                .map(found -> found.getOrDefault(session.id(), LineItems.NONE)));
    }

    /** What these sessions sell, by their ids; those that sell nothing are missing. */
    public Future<Map<String, LineItems>> lineItems(List<CheckoutSession> these) {
        List<String> selling = these.stream()
                .filter(session -> session.stripe() != null && session.stripe().sells())
                .map(CheckoutSession::id)
                .toList();
        return selling.isEmpty() ? Future.succeededFuture(Map.of()) : sessions.lineItems(selling);
    }

    /**
     * The session's history, oldest first; fails as {@link #get} does.
     *
     * @param after entries with greater sequence numbers are wanted
     * @param most how many at most
     */
    public Future<List<Transition>> transitions(String namespace, String id, long after, int most) {
        return get(namespace, id).compose(session -> sessions.transitions(session.id(), after, most));
    }

    /** Forgets some of the changes that are older than this; tells whether there may be more. Sessions stay. */
    public Future<Boolean> forgetHistory(Duration retention) {
        return sessions.forgetHistory(retention);
    }

    /**
     * Ends an open session; one that is expired already stays as it is. When the customer finished first, the answer
     * says so.
     *
     * @return fails with {@link Reason#SESSION_NOT_OPEN} when it is complete, failed or not opened yet
     */
    public Future<CheckoutSession> expire(Actor actor, String id) {
        return get(actor.namespace(), id).compose(session -> switch (session.status()) {
            case EXPIRED -> Future.succeededFuture(session);
            case OPEN ->
                look(actor, session, Observation.Source.API, "expire", stripe::expire, CheckoutService::expiryOf);
            case CREATING, COMPLETE, FAILED ->
                Future.failedFuture(new GatewayException(
                        Reason.SESSION_NOT_OPEN,
                        "Only an open session can be expired; this one is "
                                + session.status().word()));
        });
    }

    /**
     * Reads the session from Stripe again.
     *
     * @return fails with {@link Reason#SESSION_NOT_OPEN} while Stripe has not opened it
     */
    public Future<CheckoutSession> refresh(Actor actor, String id) {
        return get(actor.namespace(), id)
                .compose(session -> session.stripe() != null
                        ? look(
                                actor,
                                session,
                                Observation.Source.REFRESH,
                                "refresh",
                                stripe::retrieve,
                                CheckoutService::refreshOf)
                        : Future.failedFuture(new GatewayException(
                                Reason.SESSION_NOT_OPEN,
                                "Stripe has not opened this session, there is nothing to read")));
    }

    /** The session is there; who could ask Stripe about it is not. */
    private static <T> Future<T> uninstalled(Throwable failure) {
        return Future.failedFuture(
                GatewayException.is(failure, Reason.NOT_FOUND)
                        ? new GatewayException(Reason.CONFLICT, "The session's app is not installed any more", failure)
                        : failure);
    }

    /** A call to Stripe that answers with what the session is now. */
    private interface Look {
        Future<StripeCheckout.Snapshot> at(StripeApp app, String stripeSessionId);
    }

    /** An expiry is told even when Stripe's event of it was faster: somebody asked for it. */
    private static Optional<String> expiryOf(CheckoutSession before, CheckoutSession after) {
        return after.status() == CheckoutStatus.EXPIRED
                ? Optional.of("checkout_session.expired")
                : refreshOf(before, after);
    }

    private static Optional<String> refreshOf(CheckoutSession before, CheckoutSession after) {
        return after.version() == before.version() ? Optional.empty() : Optional.of("checkout_session.refreshed");
    }

    private Future<CheckoutSession> look(
            Actor actor,
            CheckoutSession session,
            Observation.Source source,
            String reason,
            Look look,
            SessionStore.Deed deed) {
        String stripeSessionId = Objects.requireNonNull(session.stripe()).id();
        return apps.byId(session.appId())
                .recover(CheckoutService::uninstalled)
                .compose(app -> look.at(app.connected(session.accountId()), stripeSessionId))
                .compose(seen -> sessions.observe(
                        actor, session.id(), Observation.reading(session, seen, source, reason), deed));
    }
}
