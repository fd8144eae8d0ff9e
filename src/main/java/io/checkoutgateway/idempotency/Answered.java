package io.checkoutgateway.idempotency;

/**
 * The answer to a request that may come several times.
 *
 * @param replayed whether it was first given to an earlier request with the same key
 */
public record Answered(StoredAnswer answer, boolean replayed) {

    public static Answered first(StoredAnswer answer) {
        return new Answered(answer, false);
    }
}
