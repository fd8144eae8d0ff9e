package io.checkoutgateway.apps;

import io.checkoutgateway.idempotency.StoredAnswer;

/** Writes the answers to installs and rotations, which are stored with their outcome, whoever brings that about. */
public interface AppAnswers {
    StoredAnswer installed(App app);

    /** The answer does not hold the secret. */
    StoredAnswer rotated(App app);

    /** Of a rotation; the answer does not hold the secret. */
    StoredAnswer connectEndpoint(ConnectWebhookEndpoint endpoint);
}
