package io.checkoutgateway.store;

/**
 * What was seen cannot be placed yet: the create that it may belong to is under way, for a day at most. Nothing is wrong
 * with it, and nothing was written.
 */
final class CreateUnderWay extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** @param sessionId our ULID of the create */
    CreateUnderWay(String sessionId) {
        super("the create of " + sessionId + " is still under way");
    }
}
