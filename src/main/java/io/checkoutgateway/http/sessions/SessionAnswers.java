package io.checkoutgateway.http.sessions;

import io.checkoutgateway.checkout.Answers;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.http.Problems;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.StoredAnswer;

/** The answers to a create, as our own API writes them: the session as it is read, too. */
public final class SessionAnswers implements Answers {
    private static final String SESSIONS = "/api/v1/checkout-sessions/";

    private final String requestId;

    /** @param requestId the request that a refusal is put down to */
    public SessionAnswers(String requestId) {
        this.requestId = requestId;
    }

    @Override
    public StoredAnswer created(CheckoutSession session) {
        return new StoredAnswer(201, Wire.JSON, Wire.encode(SessionResource.of(session)), SESSIONS + session.id());
    }

    @Override
    public StoredAnswer refused(GatewayException refusal) {
        return Problems.stored(refusal, requestId);
    }
}
