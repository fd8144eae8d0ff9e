package io.checkoutgateway.failure;

import java.time.DateTimeException;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What was to be stored says something that the database takes from nobody: storing it again would be refused again,
 * while others can be stored. Whoever stores many may go on without it.
 */
public final class UnstorableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What code throws that meets a value which it did not think of. */
    private static final List<Class<? extends RuntimeException>> MISREADINGS = List.of(
            IllegalArgumentException.class,
            ClassCastException.class,
            NullPointerException.class,
            IndexOutOfBoundsException.class,
            ArithmeticException.class,
            DateTimeException.class,
            NoSuchElementException.class);

    public UnstorableException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Whether a failure is that of the thing to be stored, by the database's word or because our own code cannot read
     * it. Everything else may pass: a deadlock, a failover, a connection that is lost.
     */
    public static boolean explains(Throwable failure) {
        return failure instanceof UnstorableException
                || MISREADINGS.stream().anyMatch(misreading -> misreading.isInstance(failure))
                || GatewayException.is(failure, Reason.INVALID_REQUEST);
    }
}
