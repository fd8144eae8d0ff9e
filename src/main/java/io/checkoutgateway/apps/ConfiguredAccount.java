package io.checkoutgateway.apps;

import io.checkoutgateway.failure.Failures;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which account the key of the settings belongs to, where they do not say so. */
public final class ConfiguredAccount {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredAccount.class);

    private final Apps apps;
    private final StripeAccountCalls stripe;

    public ConfiguredAccount(Apps apps, StripeAccountCalls stripe) {
        this.apps = apps;
        this.stripe = stripe;
    }

    /** Asks Stripe, unless it is known. Best effort, and never fails: the gateway works without knowing it. */
    public Future<Void> learn() {
        return apps.configured()
                .filter(app -> app.accountId() == null)
                .map(this::learn)
                .orElseGet(Future::succeededFuture);
    }

    private Future<Void> learn(StripeApp app) {
        return stripe.accountOf(app)
                .compose(account -> apps.rememberAccount(app, account))
                .onFailure(failure -> Failures.note(LOG.atWarn().addKeyValue("app", app.id()), failure)
                        .log("the Stripe account of the key is not known yet"))
                .otherwiseEmpty();
    }
}
