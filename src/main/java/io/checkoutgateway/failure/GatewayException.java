package io.checkoutgateway.failure;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something was not done. The message is written for the caller and holds nothing secret. */
public class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient List<InvalidParameter> invalidParameters;
    private final @Nullable Duration retryAfter;

    public GatewayException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** @param cause for the log only */
    public GatewayException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, List.of(), null, cause);
    }

    protected GatewayException(
            Reason reason,
            String message,
            List<InvalidParameter> invalidParameters,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.invalidParameters = List.copyOf(invalidParameters);
        this.retryAfter = retryAfter;
    }

    /** A request that breaks these rules; there is at least one. */
    public static GatewayException invalid(List<InvalidParameter> parameters) {
        InvalidParameter first = parameters.get(0);
        String more = parameters.size() == 1 ? "" : " (and %d more)".formatted(parameters.size() - 1);
        return new GatewayException(
                Reason.INVALID_REQUEST, first.field() + " " + first.reason() + more, parameters, null, null);
    }

    public static GatewayException invalid(InvalidParameter parameter) {
        return invalid(List.of(parameter));
    }

    /** A thing that cannot exist, since this is no id of one. */
    public static GatewayException notFound(List<InvalidParameter> parameters) {
        InvalidParameter first = parameters.get(0);
        return new GatewayException(Reason.NOT_FOUND, first.field() + " " + first.reason(), parameters, null, null);
    }

    /** A request that names something at Stripe which is not there, or not as it says. */
    public static GatewayException notAtStripe(InvalidParameter parameter) {
        return new GatewayException(
                Reason.STRIPE_REFERENCE, parameter.field() + " " + parameter.reason(), List.of(parameter), null, null);
    }

    /** A refusal that may be lifted after a while. */
    public static GatewayException retryable(Reason reason, String message, Duration retryAfter) {
        return retryable(reason, message, retryAfter, null);
    }

    /**
     * A refusal that may be lifted after a while.
     *
     * @param cause for the log only
     */
    public static GatewayException retryable(
            Reason reason, String message, Duration retryAfter, @Nullable Throwable cause) {
        return new GatewayException(reason, message, List.of(), retryAfter, cause);
    }

    /** Whether any failure is one of ours, for one of these reasons. */
    public static boolean is(Throwable failure, Reason... reasons) {
        return is(failure, Set.of(reasons));
    }

    /** Whether any failure is one of ours, for one of these reasons. */
    public static boolean is(Throwable failure, Set<Reason> reasons) {
        return failure instanceof GatewayException known && reasons.contains(known.reason());
    }

    public Reason reason() {
        return reason;
    }

    /** What was wrong with the input; empty when the input was not the reason. */
    public List<InvalidParameter> invalidParameters() {
        return invalidParameters;
    }

    /** When it is worth trying again; {@code null} when waiting alone does not help. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
