package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Finds out when an account's sessions can have begun, and splits the time since. */
final class Plan {
    /** Before the first Checkout Session that anyone could make; where a key may not read its account's beginning. */
    private static final Instant SESSIONS_BEGAN = Instant.parse("2019-01-01T00:00:00Z");

    private final StripeHistory history;

    Plan(StripeHistory history) {
        this.history = history;
    }

    /**
     * The windows of a run, newest first.
     *
     * @return fails with {@link Reason#CONFLICT} when the key is another account's than that of the sessions here
     */
    Future<List<Window.Range>> ranges(StripeApp app, Window window) {
        return history.account(app)
                .recover(failure ->
                        GatewayException.is(failure, Reason.STRIPE_CREDENTIALS) && !StripeFailure.saysNoAccess(failure)
                                ? Future.succeededFuture(new StripeHistory.Account("", null))
                                : Future.failedFuture(failure))
                .map(account -> {
                    check(app, account);
                    Instant began = Objects.requireNonNullElse(account.created(), SESSIONS_BEGAN);
                    Instant from = Objects.requireNonNullElse(window.range().from(), began);
                    return Windows.split(from, window.range().to());
                });
    }

    private static void check(StripeApp app, StripeHistory.Account account) {
        String known = app.accountId();
        if (known != null && !account.id().isEmpty() && !account.id().equals(known)) {
            throw new GatewayException(
                    Reason.CONFLICT,
                    "The key belongs to the account %s, the sessions here to %s".formatted(account.id(), known));
        }
    }
}
