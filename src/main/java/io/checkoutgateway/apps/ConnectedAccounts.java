package io.checkoutgateway.apps;

import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which connected accounts an app knows of, and which of them disconnected it. */
public final class ConnectedAccounts {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedAccounts.class);

    private final ConnectedAccountStore store;
    private final InstalledAppStore apps;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    public ConnectedAccounts(ConnectedAccountStore store, InstalledAppStore apps) {
        this.store = store;
        this.apps = apps;
    }

    /**
     * The app's connected accounts after this place.
     *
     * @return fails with {@link Reason#NOT_FOUND} when the namespace has no such app
     */
    public Future<List<ConnectedAccount>> list(String namespace, String appId, long after, int most) {
        return apps.find(namespace, appId)
                .map(found -> found.orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No app has this id")))
                .compose(app -> store.list(appId, after, most));
    }

    /**
     * Stripe answered that the app's key has no access to this account. Comes from any thread, and often for the same
     * account; one that nobody here knows is left unknown.
     *
     * @param asOf just before Stripe was asked
     */
    public void refused(String appId, String account, Instant asOf) {
        String both = appId + '/' + account;
        if (underWay.add(both)) {
            store.refused(appId, account, asOf)
                    .onSuccess(changed -> note(appId, account, changed))
                    .onFailure(failure -> Failures.note(
                                    LOG.atWarn().addKeyValue("app", appId).addKeyValue("account", account), failure)
                            .log("a disconnected account could not be noted"))
                    .onComplete(noted -> underWay.remove(both));
        }
    }

    private static void note(String appId, String account, boolean changed) {
        if (changed) {
            LOG.atWarn()
                    .addKeyValue("app", appId)
                    .addKeyValue("account", account)
                    .log("a connected account is disconnected: Stripe gives no access to it");
        }
    }
}
