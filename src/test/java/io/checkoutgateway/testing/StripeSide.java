package io.checkoutgateway.testing;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerPaymentMethodListParams;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.sandbox.StripeSandbox;

/** What another service of the same Stripe account does, which the gateway knows nothing of. */
public final class StripeSide {
    private final StripeSandbox sandbox;
    private final StripeClient stripe;

    public StripeSide(StripeSandbox sandbox, StripeClient stripe) {
        this.sandbox = sandbox;
        this.stripe = stripe;
    }

    /** A new customer at Stripe; answers its id. */
    public String customer() throws StripeException {
        return stripe.v1()
                .customers()
                .create(CustomerCreateParams.builder().setName("Made elsewhere").build())
                .getId();
    }

    /** A payment method that this customer left; answers its id. */
    public String paymentMethodOf(String stripeCustomer) throws StripeException {
        String session = stripe.v1()
                .checkout()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setMode(SessionCreateParams.Mode.SETUP)
                        .setCurrency("eur")
                        .setCustomer(stripeCustomer)
                        .setSuccessUrl("https://shop.example/done")
                        .build())
                .getId();
        HostedPage.of(sandbox, session).pay(HostedPage.GOOD_CARD);
        return stripe.v1()
                .customers()
                .paymentMethods()
                .list(stripeCustomer, CustomerPaymentMethodListParams.builder().build())
                .getData()
                .get(0)
                .getId();
    }

    /** What Stripe charges the customer with. */
    public String defaultOf(String stripeCustomer) throws StripeException {
        return String.valueOf(stripe.v1()
                .customers()
                .retrieve(stripeCustomer)
                .getInvoiceSettings()
                .getDefaultPaymentMethod());
    }

    /** Deletes the customer there. */
    public void delete(String stripeCustomer) throws StripeException {
        stripe.v1().customers().delete(stripeCustomer);
    }
}
