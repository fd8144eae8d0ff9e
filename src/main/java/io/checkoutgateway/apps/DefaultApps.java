package io.checkoutgateway.apps;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which app serves a namespace's customers who name no other, and who decides on it. */
public final class DefaultApps {
    private final DefaultAppStore store;
    private final InstalledApps installed;
    private final Apps apps;

    public DefaultApps(DefaultAppStore store, InstalledApps installed, Apps apps) {
        this.store = store;
        this.installed = installed;
        this.apps = apps;
    }

    /** The namespace's choice; fails with {@link Reason#NOT_FOUND} when no app serves its customers. */
    public Future<DefaultApp> get(String namespace) {
        return store.find(namespace)
                .map(found -> found.orElseThrow(
                        () -> new GatewayException(Reason.NOT_FOUND, "No app serves the customers of this namespace")));
    }

    /**
     * Lets this app serve them from now on. Customers who are bound to an app stay with it.
     *
     * @param replaceable whether the version of the present choice, or that there is none, allows another
     * @return fails with {@link Reason#NOT_FOUND} for an app that is not in the namespace or not installed any more,
     *     {@link Reason#PRECONDITION_FAILED}, or {@link Reason#CONFLICT} for one that could serve nobody
     */
    public Future<DefaultApp> choose(Actor actor, String appId, Predicate<Optional<Long>> replaceable) {
        return installed
                .get(actor.namespace(), appId)
                .recover(failure -> absent(failure, unknown()))
                .compose(app -> apps.in(actor.namespace(), appId).recover(failure -> absent(failure, unusable())))
                .compose(usable -> store.choose(actor, appId, replaceable))
                .map(chosen -> chosen.orElseThrow(DefaultApps::unknown));
    }

    private static <T> Future<T> absent(Throwable failure, GatewayException told) {
        return Future.failedFuture(GatewayException.is(failure, Reason.NOT_FOUND) ? told : failure);
    }

    private static GatewayException unknown() {
        return GatewayException.notFound(
                List.of(InvalidParameter.inBody("app_id", "unknown", "names no installed app")));
    }

    private static GatewayException unusable() {
        return new GatewayException(
                Reason.CONFLICT, "The app cannot be used: its key is lost, or this gateway has no apps of its type");
    }
}
