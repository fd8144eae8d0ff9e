package io.checkoutgateway.http.sessions;

import io.checkoutgateway.access.Scope;
import io.checkoutgateway.api.model.CheckoutSessionPayer;
import io.checkoutgateway.api.model.CreateCheckoutSessionRequest;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.CreateCheckout;
import io.checkoutgateway.checkout.Payer;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.billing.CustomerResource;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/checkout-sessions} */
public final class CreateCheckoutSession implements Operation {
    public static final String ID = "create-checkout-session";

    private final CheckoutService checkout;
    private final CustomerService customers;

    public CreateCheckoutSession(CheckoutService checkout, CustomerService customers) {
        this.checkout = checkout;
        this.customers = customers;
    }

    @Override
    public String id() {
        return ID;
    }

    /** A customer that is made along has no sessions yet. */
    @Override
    public Future<Optional<String>> limitedPer(Call call) {
        CheckoutSessionPayer payer =
                call.body(CreateCheckoutSessionRequest.class).getCustomer();
        return payer.getKey() == null
                ? Future.succeededFuture(Optional.ofNullable(payer.getId()))
                : customers.findByKey(call.namespace(), payer.getKey()).map(found -> found.map(Customer::id));
    }

    @Override
    public Future<Reply> handle(Call call) {
        CreateCheckoutSessionRequest request = call.body(CreateCheckoutSessionRequest.class);
        if (request.getCustomer().getCreate() != null || request.getStripeCustomerId() != null) {
            call.require(Scope.CUSTOMERS_WRITE);
        }
        CreateCheckout command = new CreateCheckout(
                call.actor(),
                payer(request.getCustomer()),
                request.getAppId(),
                request.getStripeAccount(),
                request.getStripeCustomerId(),
                request.getStripeOptions(),
                call.idempotencyKey());
        return checkout.create(command, new SessionAnswers(call.requestId()))
                .recover(failure -> Future.failedFuture(named(command.account(), failure)))
                .map(Reply::stored);
    }

    /** An account to which the app has no access was named by the caller; the gateway's key is in order. */
    private static Throwable named(@Nullable String account, Throwable failure) {
        if (account == null || !(failure instanceof StripeFailure stripe) || !stripe.saysNoAccess()) {
            return failure;
        }
        String said = "Stripe gives the app no access to this account";
        return new StripeFailure(
                Reason.STRIPE_REFUSED,
                stripe.effect(),
                said,
                stripe.stripeCode(),
                List.of(InvalidParameter.inBody("stripe_account", "stripe", said)),
                null,
                failure);
    }

    /** The contract lets exactly one member through. */
    private static Payer payer(CheckoutSessionPayer payer) {
        if (payer.getId() != null) {
            return new Payer.ById(payer.getId());
        }
        return payer.getKey() != null
                ? new Payer.ByKey(payer.getKey())
                : new Payer.New(CustomerResource.of(payer.getCreate()));
    }
}
