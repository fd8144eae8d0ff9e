package io.checkoutgateway.http;

import io.checkoutgateway.api.model.InvalidParameter;
import io.checkoutgateway.api.model.Problem;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.StoredAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one place where a failure becomes a status and a body. (RFC 9457.) */
public final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPE_PREFIX = "urn:checkout-gateway:problem:";

    /** More would only repeat the lesson. */
    private static final int PARAMETERS_MAX = 50;

    /** What a caller learns of a fault of ours: the request id, by which the log has the rest. */
    private static final String INTERNAL_DETAIL = "The gateway could not do this because of a fault of its own";

    private Problems() {}

    /** No default: a new reason does not compile until it has an answer. */
    static int statusOf(Reason reason) {
        return switch (reason) {
            case INVALID_REQUEST, SIGNATURE_INVALID, SIGNATURE_TIMESTAMP -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case ROUTE_NOT_FOUND, NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case BODY_TOO_SLOW -> 408;
            case CONFLICT, IDEMPOTENCY_KEY_IN_USE, SESSION_NOT_OPEN -> 409;
            case GONE -> 410;
            case PRECONDITION_FAILED, STRIPE_REFERENCE -> 412;
            case BODY_TOO_LARGE -> 413;
            case URI_TOO_LONG -> 414;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case IDEMPOTENCY_KEY_REUSED, APP_NOT_AVAILABLE, STRIPE_REFUSED, STRIPE_CUSTOMER_MISSING -> 422;
            case RATE_LIMITED -> 429;
            case HEADERS_TOO_LARGE -> 431;
            case INTERNAL -> 500;
            case STRIPE_CREDENTIALS, STRIPE_FAILED -> 502;
            case STRIPE_BUSY, STRIPE_RATE_LIMITED, STRIPE_UNREACHABLE -> 503;
            case TOO_MANY_STREAMS, DATABASE_UNAVAILABLE, IDENTITY_PROVIDER_UNAVAILABLE, SHUTTING_DOWN -> 503;
            case STRIPE_TIMEOUT -> 504;
        };
    }

    private static String titleOf(Reason reason) {
        return switch (reason) {
            case INVALID_REQUEST -> "The request is not valid";
            case SIGNATURE_INVALID -> "The webhook signature is not valid";
            case SIGNATURE_TIMESTAMP -> "The webhook signature is not of this time";
            case UNAUTHENTICATED -> "A valid credential is needed";
            case IDENTITY_PROVIDER_UNAVAILABLE -> "The identity provider cannot be reached";
            case RATE_LIMITED -> "The rate limit is reached";
            case FORBIDDEN -> "The credential does not allow this";
            case ROUTE_NOT_FOUND -> "Nothing is here";
            case NOT_FOUND -> "Not found";
            case METHOD_NOT_ALLOWED -> "The method is not allowed here";
            case BODY_TOO_SLOW -> "The request did not arrive in time";
            case CONFLICT -> "The request contradicts the present state";
            case IDEMPOTENCY_KEY_IN_USE -> "The first request with this key is still under way";
            case SESSION_NOT_OPEN -> "The session is not open";
            case STRIPE_CUSTOMER_MISSING -> "The customer is gone at Stripe";
            case GONE -> "Deleted";
            case PRECONDITION_FAILED -> "It has changed meanwhile";
            case STRIPE_REFERENCE -> "It is not at Stripe as the request says";
            case BODY_TOO_LARGE -> "The body is too large";
            case URI_TOO_LONG -> "The request line is too long";
            case HEADERS_TOO_LARGE -> "The headers are too large";
            case UNSUPPORTED_MEDIA_TYPE -> "The media type is not supported";
            case IDEMPOTENCY_KEY_REUSED -> "The idempotency key was used for another request";
            case APP_NOT_AVAILABLE -> "This app cannot be installed here";
            case STRIPE_REFUSED -> "Stripe refused the request";
            case INTERNAL -> "Internal error";
            case STRIPE_CREDENTIALS -> "Stripe does not accept the gateway's credentials";
            case STRIPE_FAILED -> "Stripe failed";
            case STRIPE_BUSY -> "Too many calls to Stripe are under way";
            case STRIPE_RATE_LIMITED -> "Stripe's rate limit is reached";
            case STRIPE_UNREACHABLE -> "Stripe cannot be reached";
            case TOO_MANY_STREAMS -> "Too many streams are open";
            case DATABASE_UNAVAILABLE -> "The database cannot be used at the moment";
            case SHUTTING_DOWN -> "The gateway is being stopped";
            case STRIPE_TIMEOUT -> "Stripe did not answer in time";
        };
    }

    /** The answer to a failed request. */
    static Reply reply(Throwable failure, String requestId) {
        GatewayException known = failure instanceof GatewayException given
                ? given
                : new GatewayException(Reason.INTERNAL, INTERNAL_DETAIL, failure);
        Reply reply = new Reply(statusOf(known.reason()), MEDIA_TYPE, Wire.encode(problem(known, requestId)), Map.of());
        Duration retryAfter = known.retryAfter();
        return retryAfter == null ? reply : reply.with("Retry-After", Long.toString(secondsOf(retryAfter)));
    }

    /** The answer to a refused create, to be stored: every repetition gets the id of the request that was refused. */
    public static StoredAnswer stored(GatewayException refusal, String requestId) {
        Reply reply = reply(refusal, requestId);
        return new StoredAnswer(reply.status(), reply.contentType(), reply.body());
    }

    private static Problem problem(GatewayException failure, String requestId) {
        Reason reason = failure.reason();
        return new Problem()
                .withType(TYPE_PREFIX + reason.code())
                .withTitle(titleOf(reason))
                .withStatus(statusOf(reason))
                .withDetail(reason == Reason.INTERNAL ? INTERNAL_DETAIL : String.valueOf(failure.getMessage()))
                .withInstance("urn:request:" + requestId)
                .withCode(reason.code())
                .withRequestId(requestId)
                .withInvalidParameters(parameters(failure));
    }

    private static @Nullable List<InvalidParameter> parameters(GatewayException failure) {
        return failure.invalidParameters().isEmpty()
                ? null
                : failure.invalidParameters().stream()
                        .limit(PARAMETERS_MAX)
                        .map(Problems::parameter)
                        .toList();
    }

    private static InvalidParameter parameter(io.checkoutgateway.failure.InvalidParameter invalid) {
        return new InvalidParameter()
                .withField(invalid.field())
                .withRule(invalid.rule())
                .withReason(invalid.reason())
                .withSource(invalid.source())
                .withPointer(invalid.pointer());
    }

    private static long secondsOf(Duration duration) {
        return Math.max(1, (duration.toMillis() + 999) / 1000);
    }
}
