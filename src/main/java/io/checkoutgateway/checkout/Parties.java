package io.checkoutgateway.checkout;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerService;
import io.vertx.core.Future;

/**
 * Who a create is between.
 *
 * @param app with the account that the session is opened in
 */
record Parties(StripeApp app, Customer customer) {
    /** Those that the attempt was begun with, whoever would be chosen now. */
    static Future<Parties> of(CreateAttempt attempt, CustomerService customers, Apps apps) {
        return customers.get(attempt.namespace(), attempt.customerId()).compose(customer -> apps.evenLeaving(
                        attempt.appId())
                .map(app -> new Parties(app.connected(attempt.accountId()), customer)));
    }
}
