package io.checkoutgateway.customers;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which app serves a customer: that of the billing profile it is bound to, else the namespace's default one. */
public final class ServingApps {
    private final Apps apps;

    public ServingApps(Apps apps) {
        this.apps = apps;
    }

    /** The customer's app; fails with {@link Reason#NOT_FOUND} when there is none. */
    public Future<StripeApp> of(Customer customer) {
        return ofProfile(customer.namespace(), customer.billingProfileId())
                .recover(failure -> Future.failedFuture(
                        customer.billingProfileId() != null && isMissing(failure) ? uninstalled() : failure));
    }

    /** Whoever reads this has named a customer and no app. */
    private static GatewayException uninstalled() {
        return new GatewayException(
                Reason.NOT_FOUND, "The app of the customer's billing profile is not installed any more");
    }

    /** The customer's app; empty when there is none. */
    Future<Optional<StripeApp>> ifAny(Customer customer) {
        return of(customer).map(Optional::of).recover(ServingApps::orNone);
    }

    /** The app of this profile, {@code null} meaning the default one; fails with {@link Reason#NOT_FOUND}. */
    Future<StripeApp> ofProfile(String namespace, @Nullable String profileId) {
        return profileId == null ? apps.ofNamespace(namespace) : apps.ofProfile(namespace, profileId);
    }

    private static Future<Optional<StripeApp>> orNone(Throwable failure) {
        return isMissing(failure) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure);
    }

    private static boolean isMissing(Throwable failure) {
        return GatewayException.is(failure, Reason.NOT_FOUND);
    }
}
