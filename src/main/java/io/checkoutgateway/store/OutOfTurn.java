package io.checkoutgateway.store;

/** Somebody else brings news of the same session at this moment. Nothing is wrong, and nothing was written. */
final class OutOfTurn extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient Turn turn;

    OutOfTurn(Turn turn) {
        super("another transaction brings news of " + turn.followed());
        this.turn = turn;
    }

    Turn turn() {
        return turn;
    }
}
