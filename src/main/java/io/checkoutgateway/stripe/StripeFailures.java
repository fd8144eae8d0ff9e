package io.checkoutgateway.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeError;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.failure.StripeFailure.Effect;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns what stripe-java throws into what the gateway knows: the reason, the effect at Stripe, and whether the same
 * call is worth repeating. (Stripe, "Errors" and "Advanced error handling".)
 */
final class StripeFailures {
    /** A failed try; {@link #repeat} tells whether the same call under the same key may end better. */
    static final class JudgedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final StripeFailure failure;
        private final boolean repeat;

        JudgedException(StripeFailure failure, boolean repeat) {
            super(failure);
            this.failure = failure;
            this.repeat = repeat;
        }

        StripeFailure failure() {
            return failure;
        }

        boolean repeat() {
            return repeat;
        }

        /**
         * The same judgement after an earlier try that may have acted: that this one did not cannot tell that nothing
         * happened.
         */
        JudgedException after(boolean earlierTry) {
            return earlierTry && failure.effect() == Effect.NONE
                    ? new JudgedException(
                            new StripeFailure(
                                    failure.reason(),
                                    Effect.UNKNOWN,
                                    String.valueOf(failure.getMessage()),
                                    failure.stripeCode(),
                                    failure.invalidParameters(),
                                    failure.retryAfter(),
                                    failure),
                            repeat)
                    : this;
        }
    }

    /** The error types of a call that was read and refused. (Stripe API reference, "Errors".) */
    private static final Set<String> REFUSALS = Set.of("invalid_request_error", "card_error");

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(5);

    private StripeFailures() {}

    static JudgedException judge(Throwable thrown, StripeTransport.Advice advice) {
        if (thrown instanceof StripeFailure known) {
            return new JudgedException(known, false);
        }
        if (thrown instanceof ApiConnectionException) {
            return ofConnection(thrown);
        }
        if (thrown instanceof StripeException answered && answered.getStatusCode() != null) {
            return advised(ofAnswer(answered, answered.getStatusCode()), advice);
        }
        return notUnderstood(thrown);
    }

    /** Stripe knows best; and an answer that it only repeats will be the same for as long as the key lives. */
    private static JudgedException advised(JudgedException judged, StripeTransport.Advice advice) {
        boolean final500 = advice.replayed() && judged.failure().reason() == Reason.STRIPE_FAILED;
        boolean repeat = !final500 && advice.shouldRetry().orElse(judged.repeat());
        return new JudgedException(judged.failure(), repeat);
    }

    private static JudgedException notUnderstood(Throwable thrown) {
        return new JudgedException(
                unknown(Reason.STRIPE_FAILED, "Stripe's answer could not be understood", null, thrown), false);
    }

    /**
     * The deadline passed.
     *
     * @param sent whether a try may have reached Stripe
     */
    static StripeFailure late(boolean sent) {
        return sent
                ? unknown(
                        Reason.STRIPE_TIMEOUT,
                        "Stripe did not answer in time; it may have acted all the same",
                        null,
                        null)
                : none(Reason.STRIPE_BUSY, "Too many calls to Stripe are waiting", SOON, null);
    }

    /** The pool is full. */
    static StripeFailure busy() {
        return none(Reason.STRIPE_BUSY, "Too many calls to Stripe are under way", SOON, null);
    }

    /** The process is being stopped, and nobody waits for the call. */
    static StripeFailure stopping() {
        return none(Reason.SHUTTING_DOWN, "The gateway is being stopped", SOON, null);
    }

    /** The account's rate would be exceeded for longer than is worth waiting. */
    static StripeFailure rateLimited(Duration retryAfter) {
        return none(Reason.STRIPE_RATE_LIMITED, "The Stripe account's request rate is used up", retryAfter, null);
    }

    /** The search ended before Stripe's list did: what was not found may be there all the same. */
    static StripeFailure notAllSeen() {
        return unknown(
                Reason.STRIPE_FAILED,
                "The customer has too many sessions at Stripe to tell whether this one is among them",
                null,
                null);
    }

    private static JudgedException ofConnection(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof HttpConnectTimeoutException
                    || cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException) {
                return new JudgedException(
                        none(Reason.STRIPE_UNREACHABLE, "Stripe cannot be reached", LATER, thrown), true);
            }
        }
        return new JudgedException(
                unknown(
                        Reason.STRIPE_TIMEOUT,
                        "The connection to Stripe was lost before it answered; it may have acted all the same",
                        null,
                        thrown),
                true);
    }

    private static JudgedException ofAnswer(StripeException answered, int status) {
        String code = answered.getCode();
        return switch (status) {
            case 401, 403 ->
                new JudgedException(
                        new StripeFailure(
                                Reason.STRIPE_CREDENTIALS,
                                Effect.NONE,
                                // Stripe's own sentence holds parts of the key.
                                "Stripe does not accept the gateway's key for this call",
                                code,
                                List.of(),
                                null,
                                answered),
                        false);
            case 409 ->
                new JudgedException(
                        unknown(
                                Reason.STRIPE_TIMEOUT,
                                "Stripe is still busy with an earlier try of this call",
                                code,
                                answered),
                        true);
            case 429 ->
                new JudgedException(
                        none(Reason.STRIPE_RATE_LIMITED, "Stripe asks for fewer requests", SOON, answered), true);
            default ->
                status >= 500 || status == 424
                        ? new JudgedException(
                                unknown(Reason.STRIPE_FAILED, "Stripe failed while it answered", code, answered),
                                status != 424)
                        : isRefusal(answered, status)
                                ? new JudgedException(refused(answered), false)
                                : notUnderstood(answered);
        };
    }

    /**
     * Whether Stripe itself read this very call and said no. A garbled 200 is no refusal, nor is a proxy's 404; an
     * {@code idempotency_error} says that the key did something else before.
     */
    private static boolean isRefusal(StripeException answered, int status) {
        StripeError error = answered.getStripeError();
        return status >= 400 && error != null && error.getType() != null && REFUSALS.contains(error.getType());
    }

    private static StripeFailure refused(StripeException answered) {
        StripeError error = answered.getStripeError();
        String param = error == null ? null : error.getParam();
        String said = error == null || error.getMessage() == null ? "Stripe refused the call" : error.getMessage();
        boolean customerGone = StripeFailure.RESOURCE_MISSING.equals(answered.getCode()) && "customer".equals(param);
        return new StripeFailure(
                customerGone ? Reason.STRIPE_CUSTOMER_MISSING : Reason.STRIPE_REFUSED,
                Effect.REFUSED,
                customerGone ? "The customer's counterpart at Stripe was deleted" : "Stripe refused: " + said,
                answered.getCode(),
                param == null || customerGone ? List.of() : List.of(named(param, said)),
                null,
                answered);
    }

    /** Stripe's {@code custom_text[submit][message]} is the caller's {@code custom_text.submit.message}. */
    private static InvalidParameter named(String param, String said) {
        String dotted = param.replace("]", "").replace('[', '.');
        return InvalidParameter.inBody("stripe_options." + dotted, "stripe", said);
    }

    private static StripeFailure none(Reason reason, String message, Duration retryAfter, @Nullable Throwable cause) {
        return new StripeFailure(reason, Effect.NONE, message, null, List.of(), retryAfter, cause);
    }

    private static StripeFailure unknown(
            Reason reason, String message, @Nullable String code, @Nullable Throwable cause) {
        return new StripeFailure(reason, Effect.UNKNOWN, message, code, List.of(), LATER, cause);
    }
}
