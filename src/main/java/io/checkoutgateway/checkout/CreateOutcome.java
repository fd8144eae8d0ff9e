package io.checkoutgateway.checkout;

/**
 * The answer to a create.
 *
 * @param replayed whether it was first given to an earlier request with the same key
 */
public record CreateOutcome(StoredAnswer answer, boolean replayed) {

    static CreateOutcome first(StoredAnswer answer) {
        return new CreateOutcome(answer, false);
    }
}
