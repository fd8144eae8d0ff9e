package io.checkoutgateway.followup;

/** A follow-up has to wait for something else than itself; however often, it is not given up for that. */
final class NotYetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param reason for people: what it waits for; nothing secret */
    NotYetException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
