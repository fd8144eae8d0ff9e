package io.checkoutgateway.failure;

import org.slf4j.spi.LoggingEventBuilder;

/** How failures are written down: in log lines, and where a row remembers why something failed. */
public final class Failures {
    private Failures() {}

    /**
     * Adds why something failed to a log line: the code and the sentence of a failure that was foreseen; the stack trace
     * of every other, whose message alone, or the lack of one, tells nobody what to mend.
     */
    public static LoggingEventBuilder note(LoggingEventBuilder line, Throwable failure) {
        return foreseen(failure) ? reason(line, failure).addKeyValue("detail", told(failure)) : reason(line, failure);
    }

    /** The same without the sentence, for lines about requests: it may quote what the caller sent. */
    public static LoggingEventBuilder reason(LoggingEventBuilder line, Throwable failure) {
        Reason reason = failure instanceof GatewayException known ? known.reason() : Reason.INTERNAL;
        LoggingEventBuilder reasoned = line.addKeyValue("reason", reason.code());
        return foreseen(failure) ? reasoned : reasoned.setCause(failure);
    }

    private static boolean foreseen(Throwable failure) {
        return failure instanceof GatewayException known && known.reason() != Reason.INTERNAL;
    }

    /** Why something failed, in one sentence for whoever may read the row; with the kind of what was not foreseen. */
    public static String sentence(Throwable failure) {
        return failure instanceof GatewayException
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    /** What ails the database is nobody's business but the operator's, and so not in the failure's own sentence. */
    private static String told(Throwable failure) {
        return GatewayException.is(failure, Reason.DATABASE_UNAVAILABLE)
                ? Causes.told(failure)
                : String.valueOf(failure.getMessage());
    }
}
