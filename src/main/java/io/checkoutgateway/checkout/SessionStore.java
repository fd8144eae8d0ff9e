package io.checkoutgateway.checkout;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where sessions are remembered. Every method is one short transaction; none spans a call to Stripe. */
public interface SessionStore {
    /**
     * Applies what was seen to a session; answers what it is afterwards.
     *
     * @return fails with {@link io.checkoutgateway.failure.Reason#NOT_FOUND} when there is no such session
     */
    Future<CheckoutSession> observe(String sessionId, Observation seen);

    /** What somebody did to a session, in the audit trail's words; empty for nothing worth an entry. */
    interface Deed {
        Optional<String> of(CheckoutSession before, CheckoutSession after);
    }

    /** Like {@link #observe(String, Observation)}, on somebody's behalf, with an entry in the audit trail. */
    Future<CheckoutSession> observe(Actor actor, String sessionId, Observation seen, Deed deed);

    /** The session of this ULID or this {@code cs_…} id; empty for another namespace's. */
    Future<Optional<CheckoutSession>> find(String namespace, String id);

    /** The session of this number; empty for another namespace's. */
    Future<Optional<CheckoutSession>> findByDjstripeId(String namespace, int djstripeId);

    Future<SessionPage> list(String namespace, SessionQuery query);

    /** What these sessions sell, by their ids; those of other namespaces too. */
    Future<Map<String, LineItems>> lineItems(List<String> sessionIds);

    /** Forgets some of the changes that are older than this; tells whether there may be more. Sessions stay. */
    Future<Boolean> forgetHistory(Duration retention);

    /** The session's history after this entry, oldest first. */
    Future<List<Transition>> transitions(String sessionId, long after, int most);
}
