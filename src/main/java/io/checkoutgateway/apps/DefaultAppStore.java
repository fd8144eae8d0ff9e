package io.checkoutgateway.apps;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Predicate;

/** Where it is remembered which app serves a namespace's customers. */
public interface DefaultAppStore {
    /** The namespace's default app; empty when no app serves its customers. */
    Future<Optional<DefaultApp>> find(String namespace);

    /**
     * Puts this app in the place of the present one. Of two who choose at once, the second sees what the first chose.
     *
     * @param replaceable whether the version of the present choice, or that there is none, allows another
     * @return empty when the namespace has no such app; fails with {@link Reason#PRECONDITION_FAILED}, and with
     *     {@link Reason#CONFLICT} when the app has no billing profile, or Stripe does not take its key
     */
    Future<Optional<DefaultApp>> choose(Actor actor, String appId, Predicate<Optional<Long>> replaceable);
}
