package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.BillingAppStripeCreateCustomerPortalSessionResult;
import io.checkoutgateway.checkout.PortalSession;
import io.checkoutgateway.checkout.PortalSessions;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.http.Problems;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.StoredAnswer;
import java.util.Objects;

/** The answers to a request for the portal. */
final class PortalAnswers implements PortalSessions.Answers {
    /** What Stripe takes a missing locale for. (Stripe API reference, "Create a portal session", locale.) */
    private static final String AUTOMATIC = "auto";

    private final String requestId;

    /** @param requestId the request that a refusal is put down to */
    PortalAnswers(String requestId) {
        this.requestId = requestId;
    }

    /** All members are promised, so that none is left out for lack of a value. */
    @Override
    public StoredAnswer opened(PortalSession session) {
        BillingAppStripeCreateCustomerPortalSessionResult result =
                new BillingAppStripeCreateCustomerPortalSessionResult()
                        .withId(session.id())
                        .withStripeCustomerId(session.stripeCustomerId())
                        .withConfigurationId(session.configurationId())
                        .withLivemode(session.livemode())
                        .withCreatedAt(Wire.utc(session.createdAt()))
                        .withReturnUrl(Objects.requireNonNullElse(session.returnUrl(), ""))
                        .withLocale(Objects.requireNonNullElse(session.locale(), AUTOMATIC))
                        .withUrl(session.url());
        return new StoredAnswer(201, Wire.JSON, Wire.encode(result));
    }

    @Override
    public StoredAnswer refused(GatewayException refusal) {
        return Problems.stored(refusal, requestId);
    }
}
