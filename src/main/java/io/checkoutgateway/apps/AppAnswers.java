package io.checkoutgateway.apps;

import io.checkoutgateway.idempotency.StoredAnswer;

/** Writes the answer to an install, which is stored with its outcome, whoever brings that about. */
@FunctionalInterface
public interface AppAnswers {
    StoredAnswer installed(App app);
}
