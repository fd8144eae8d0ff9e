package io.checkoutgateway.apps;

import io.checkoutgateway.failure.Failures;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Whose the key of the settings is. Stripe is asked before the key is used, unless it is the key that was last found to
 * be of the app's account; one of another account is not used at all.
 */
public final class ConfiguredAccount {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredAccount.class);

    private final Apps apps;
    private final StripeAccountCalls stripe;

    public ConfiguredAccount(Apps apps, StripeAccountCalls stripe) {
        this.apps = apps;
        this.stripe = stripe;
    }

    /** Asks Stripe, unless it is known. Never fails: what is not known yet can be asked for again. */
    public Future<Void> learn() {
        return apps.open().map(this::learn).orElseGet(Future::succeededFuture);
    }

    private Future<Void> learn(ConfiguredApp known) {
        return stripe.readableAccountOf(known.app())
                .compose(told -> told.map(account -> judge(known, account)).orElseGet(() -> untold(known)))
                .onFailure(failure -> Failures.note(
                                LOG.atWarn().addKeyValue("app", known.app().id()), failure)
                        .log("whose STRIPE_API_KEY is cannot be told yet"))
                .otherwiseEmpty();
    }

    private Future<Void> judge(ConfiguredApp known, String account) {
        if (known.isOf(account)) {
            return apps.confirmed(known, account);
        }
        note(
                Level.ERROR,
                known,
                "STRIPE_API_KEY is a key of another Stripe account than the app's; it is not used",
                "the key's account is %s, the app's %s, STRIPE_ACCOUNT_ID %s"
                        .formatted(account, known.row().accountId(), known.named()));
        return apps.refused(known);
    }

    /** A restricted key may be kept from reading its own account. */
    private Future<Void> untold(ConfiguredApp known) {
        Optional<String> believed = known.believed();
        note(
                Level.WARN,
                known,
                "STRIPE_API_KEY may not read its account, so that nobody can tell whether it is the right one",
                believed.map(account -> "it is taken for one of " + account)
                        .orElse("STRIPE_ACCOUNT_ID says whose it is"));
        return believed.map(account -> judge(known, account)).orElseGet(Future::succeededFuture);
    }

    private static void note(Level level, ConfiguredApp known, String message, String reason) {
        LOG.atLevel(level)
                .addKeyValue("app", known.app().id())
                .addKeyValue("reason", reason)
                .log(message);
    }
}
