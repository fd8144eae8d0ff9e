package io.checkoutgateway.apps;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.HostPattern;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where each app lets its customers be sent: what the operator has set, or else what the app's owner has. */
public final class RedirectHostLists {
    private final RedirectHostStore store;
    private final RedirectHosts configured;

    /** @param configured the settings' list for the app that the settings make; an empty one leaves it to the owner */
    public RedirectHostLists(RedirectHostStore store, List<HostPattern> configured) {
        this.store = store;
        this.configured = new RedirectHosts(configured);
    }

    /** Where this app lets its customers be sent. */
    public Future<RedirectHosts> of(StripeApp app) {
        return get(app.namespace(), app.id()).map(RedirectHostList::hosts);
    }

    /** The app's list; fails with {@link Reason#NOT_FOUND} when the namespace has no such app. */
    public Future<RedirectHostList> get(String namespace, String appId) {
        return store.find(namespace, appId).map(this::present);
    }

    /**
     * Replaces the app's list.
     *
     * @param hosts hosts, or {@code *.} and what they end in; an empty list allows every public host again
     * @param versions the versions that may be replaced; {@code null} when any may
     * @return fails with {@link Reason#INVALID_REQUEST}, {@link Reason#NOT_FOUND}, {@link Reason#PRECONDITION_FAILED}, or
     *     {@link Reason#CONFLICT} when the operator has set the list
     */
    public Future<RedirectHostList> replace(
            Actor actor, String appId, List<String> hosts, @Nullable Set<Long> versions) {
        RedirectHosts wanted = new RedirectHosts(patterns(hosts));
        return get(actor.namespace(), appId)
                .compose(known -> known.fixed()
                        ? Future.failedFuture(new GatewayException(
                                Reason.CONFLICT, "The operator has set this list with GATEWAY_REDIRECT_HOSTS"))
                        : store.replace(actor, appId, wanted, versions))
                .map(this::present);
    }

    private static List<HostPattern> patterns(List<String> hosts) {
        Set<HostPattern> patterns = new LinkedHashSet<>();
        List<InvalidParameter> broken = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            InvalidParameter mistake = InvalidParameter.inBody(
                    "hosts." + i,
                    "host",
                    "must be a host like shop.example.com or *.example.com, international ones as xn--…");
            HostPattern.of(hosts.get(i)).ifPresentOrElse(patterns::add, () -> broken.add(mistake));
        }
        if (!broken.isEmpty()) {
            throw GatewayException.invalid(broken);
        }
        return List.copyOf(patterns);
    }

    private RedirectHostList present(Optional<RedirectHostStore.Row> found) {
        RedirectHostStore.Row row =
                found.orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No app has this id"));
        boolean fixed = row.configured() && !configured.isEmpty();
        return new RedirectHostList(row.appId(), fixed ? configured : row.hosts(), fixed, row.version());
    }
}
