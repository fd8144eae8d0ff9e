package io.checkoutgateway.apps;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Where apps are remembered, as people see them. */
public interface InstalledAppStore {
    /** A page of a list, and how long the list is. */
    record Page(List<App> apps, long total) {
        public Page {
            apps = List.copyOf(apps);
        }
    }

    /**
     * The namespace's apps, the oldest first. Of configured ones, only the one that the settings name is there.
     */
    Future<Page> list(String namespace, long offset, int most);

    Future<Optional<App>> find(String namespace, String id);

    /**
     * Changes an app; another key makes it ready again.
     *
     * @return empty when there is no such app; fails with
     *     {@link io.checkoutgateway.failure.Reason#PRECONDITION_FAILED}
     */
    Future<Optional<App>> change(Actor actor, String id, AppChange change);

    /** How the app's endpoint for connected accounts stands, as far as the gateway registered one. */
    Future<ConnectWebhookEndpoint> connectEndpoint(String id);

    /** Remembers the secret of an endpoint for connected accounts that somebody made; tells whether there is such an app. */
    Future<Boolean> putConnectSecret(Actor actor, String id, Secret secret);
}
