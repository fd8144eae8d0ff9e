package io.checkoutgateway.apps;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Failures;
import io.vertx.core.Future;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes whose keys Stripe does not take any more. A call that was refused may have been made with a key that was
 * replaced meanwhile, so the key that is stored now is shown to Stripe before it is judged.
 */
public final class AppAuthorizations {
    private static final Logger LOG = LoggerFactory.getLogger(AppAuthorizations.class);

    /** Stands for the request in the audit trail: the refused call may belong to many. */
    private static final String REQUEST = "authorizations";

    private final AppStore store;
    private final Apps apps;
    private final StripeAccountCalls stripe;
    private final Set<String> underCheck = ConcurrentHashMap.newKeySet();

    public AppAuthorizations(AppStore store, Apps apps, StripeAccountCalls stripe) {
        this.store = store;
        this.apps = apps;
        this.stripe = stripe;
    }

    /** A call for this app was refused because of its key. Comes from any thread, and often for the same app. */
    public void refused(String appId) {
        if (underCheck.add(appId)) {
            store.find(appId)
                    .compose(found -> found.map(this::judge).orElseGet(Future::succeededFuture))
                    .onFailure(failure -> Failures.note(LOG.atWarn().addKeyValue("app", appId), failure)
                            .log("whether Stripe takes an app's key is not known"))
                    .onComplete(judged -> underCheck.remove(appId));
        }
    }

    private Future<Void> judge(AppStore.Row row) {
        return apps.ready(row)
                .map(app ->
                        stripe.accepts(app).compose(accepted -> accepted ? Future.<Void>succeededFuture() : note(row)))
                .orElseGet(Future::succeededFuture);
    }

    private Future<Void> note(AppStore.Row row) {
        LOG.atWarn().addKeyValue("app", row.id()).log("Stripe does not take an app's key");
        return store.unauthorized(Actor.gateway(row.namespace(), REQUEST), row.id(), row.version());
    }
}
