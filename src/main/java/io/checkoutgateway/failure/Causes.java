package io.checkoutgateway.failure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A failure in one line, for the operator. */
public final class Causes {
    /** Deeper than any failure is wrapped; a chain that bites its tail ends here. */
    private static final int DEPTH_MAX = 20;

    private Causes() {}

    /** The failure's message and, behind it, what its causes say that was not said before. */
    public static String told(Throwable failure) {
        StringBuilder told = new StringBuilder();
        Throwable next = failure;
        for (int depth = 0; next != null && depth < DEPTH_MAX; depth++) {
            String said = said(next);
            if (told.indexOf(said) < 0) {
                told.append(told.isEmpty() ? "" : ": ").append(said);
            }
            next = next.getCause();
        }
        return told.toString();
    }

    /** Some failures are all in their name, such as a TimeoutException. */
    private static String said(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return Objects.requireNonNullElse(message, failure.getClass().getSimpleName());
    }
}
