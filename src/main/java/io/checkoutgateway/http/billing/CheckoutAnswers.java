package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.BillingAppStripeCreateCheckoutSessionResult;
import io.checkoutgateway.checkout.Answers;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Problems;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.StoredAnswer;
import java.util.Map;

/** The answers to a create, as the billing API writes them. */
public final class CheckoutAnswers implements Answers {
    private static final String SESSIONS = "/api/v1/checkout-sessions/";

    private final String requestId;

    /** @param requestId the request that a refusal is put down to */
    public CheckoutAnswers(String requestId) {
        this.requestId = requestId;
    }

    @Override
    public StoredAnswer created(CheckoutSession session) {
        return new StoredAnswer(201, Wire.JSON, Wire.encode(result(session)), SESSIONS + session.id());
    }

    @Override
    public StoredAnswer refused(GatewayException refusal) {
        return Problems.stored(refusal, requestId);
    }

    private static BillingAppStripeCreateCheckoutSessionResult result(CheckoutSession session) {
        StripeSession stripe = session.stripe();
        if (stripe == null) {
            throw new GatewayException(Reason.INTERNAL, "A session was answered before Stripe opened it");
        }
        Map<String, String> metadata = session.metadata();
        return new BillingAppStripeCreateCheckoutSessionResult()
                .withCustomerId(session.customerId())
                .withStripeCustomerId(stripe.customer())
                .withSessionId(stripe.id())
                .withSetupIntentId(stripe.setupIntent())
                .withClientSecret(stripe.clientSecret())
                .withClientReferenceId(stripe.clientReferenceId())
                .withCustomerEmail(stripe.customerEmail())
                .withCurrency(stripe.currency())
                .withCreatedAt(Wire.utc(stripe.created()))
                .withExpiresAt(Wire.utc(stripe.expiresAt()))
                .withMetadata(metadata.isEmpty() ? null : metadata)
                .withStatus(stripe.status().word())
                .withUrl(stripe.url())
                .withMode(BillingAppStripeCreateCheckoutSessionResult.Mode.SETUP)
                .withCancelUrl(stripe.cancelUrl())
                .withSuccessUrl(stripe.successUrl())
                .withReturnUrl(stripe.returnUrl());
    }
}
