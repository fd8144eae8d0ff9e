package io.checkoutgateway.failure;

import java.util.Locale;

/** Why something was not done. Each has one status and one title, given in {@code http.Problems}. */
public enum Reason {
    /** The request breaks a rule of the contract. */
    INVALID_REQUEST,
    /** The request line is longer than the server reads. */
    URI_TOO_LONG,
    /** The headers are larger than the server reads. */
    HEADERS_TOO_LARGE,
    /** The body is larger than the route allows. */
    BODY_TOO_LARGE,
    /** The body did not arrive in time. */
    BODY_TOO_SLOW,
    /** The body is of a media type that the operation does not take. */
    UNSUPPORTED_MEDIA_TYPE,
    /** No credential, or one that is not valid. */
    UNAUTHENTICATED,
    /** Whether the credential is valid cannot be told: its issuer's keys cannot be had. */
    IDENTITY_PROVIDER_UNAVAILABLE,
    /** The caller asks for more than its rate. */
    RATE_LIMITED,
    /** The credential is valid and does not allow this. */
    FORBIDDEN,
    /** Nothing is at this path. */
    ROUTE_NOT_FOUND,
    /** The path exists, the method does not. */
    METHOD_NOT_ALLOWED,
    /** No such thing in the caller's namespace. */
    NOT_FOUND,
    /** The thing was deleted. */
    GONE,
    /** Another thing has the same unique property. */
    CONFLICT,
    /** The thing is no longer the one that the request names. */
    PRECONDITION_FAILED,
    /** What the request names at Stripe is not there, or not as it says. */
    STRIPE_REFERENCE,
    /** The {@code Idempotency-Key} came before, with another request. */
    IDEMPOTENCY_KEY_REUSED,
    /** The request of this {@code Idempotency-Key} is still under way. */
    IDEMPOTENCY_KEY_IN_USE,
    /** Apps of this kind cannot be installed in this gateway. */
    APP_NOT_AVAILABLE,
    /** The session is not in a state that allows this. */
    SESSION_NOT_OPEN,
    /** The webhook's signature proves nothing. */
    SIGNATURE_INVALID,
    /** The webhook's signature is right, its time stamp is too far from now. */
    SIGNATURE_TIMESTAMP,
    /** Stripe read the request and refused it. */
    STRIPE_REFUSED,
    /** The customer's counterpart at Stripe is gone. */
    STRIPE_CUSTOMER_MISSING,
    /** Stripe does not accept the gateway's own key. */
    STRIPE_CREDENTIALS,
    /** Too many calls to Stripe are under way. */
    STRIPE_BUSY,
    /** Stripe asked for fewer calls. */
    STRIPE_RATE_LIMITED,
    /** Stripe could not be reached; nothing was sent. */
    STRIPE_UNREACHABLE,
    /** Stripe did not answer in time; whether it acted is not known. */
    STRIPE_TIMEOUT,
    /** Stripe failed; whether it acted is not known. */
    STRIPE_FAILED,
    /** As many streams as one process serves are open. */
    TOO_MANY_STREAMS,
    /** Postgres cannot be used now. */
    DATABASE_UNAVAILABLE,
    /** The process is being stopped. */
    SHUTTING_DOWN,
    /** A fault of the gateway. */
    INTERNAL;

    /** The stable word for machines, such as {@code idempotency_key_reused}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
