package io.checkoutgateway.http;

import io.checkoutgateway.access.Caller;
import io.checkoutgateway.access.Callers;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.limits.RateLimits;
import io.checkoutgateway.limits.Standing;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** Lets callers in: who they are, whether they come too often, whether they may do this. */
final class CallerGate {
    static final String WWW_AUTHENTICATE = "WWW-Authenticate";
    private static final String BEARER = "Bearer ";
    private static final String CHALLENGE = "Bearer realm=\"checkout-gateway\"";
    private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");
    private static final CharSequence STATE = HttpHeaders.createOptimized("RateLimit");

    private final Callers callers;
    private final RateLimits limits;

    CallerGate(Callers callers, RateLimits limits) {
        this.callers = callers;
        this.limits = limits;
    }

    /**
     * Lets a caller in.
     *
     * @return fails with {@link Reason#UNAUTHENTICATED}, {@link Reason#RATE_LIMITED} or {@link Reason#FORBIDDEN}
     */
    Future<Caller> admit(RoutingContext context, Scope needed) {
        return callers.authenticate(credential(context)).compose(caller -> {
            RequestGate.name(context, caller);
            return limits.request(caller.namespace(), caller.name()).map(standing -> {
                show(context, standing);
                checkScope(context, caller, needed);
                return caller;
            });
        });
    }

    /** Lets a call through that is limited by the customer that it is for, besides its caller. */
    Future<Void> admitFor(RoutingContext context, Call call, String customerId) {
        return limits.create(call.namespace(), customerId).map(standing -> {
            show(context, standing);
            return null;
        });
    }

    private static String credential(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
    }

    /** Without a credential there is nothing to say of it. (RFC 6750, section 3.1.) */
    static String challenge(RoutingContext context) {
        return credential(context).isEmpty() ? CHALLENGE : CHALLENGE + ", error=\"invalid_token\"";
    }

    static void checkScope(RoutingContext context, Caller caller, Scope needed) {
        if (!caller.may(needed)) {
            context.response()
                    .putHeader(
                            WWW_AUTHENTICATE,
                            CHALLENGE + ", error=\"insufficient_scope\", scope=\"%s\"".formatted(needed.word()));
            throw new GatewayException(
                    Reason.FORBIDDEN, "This needs the scope %s, which the credential lacks".formatted(needed.word()));
        }
    }

    /** Every answer tells where its caller stands. (draft-ietf-httpapi-ratelimit-headers, section 3.) */
    private static void show(RoutingContext context, Optional<Standing> counted) {
        if (counted.isEmpty()) {
            return;
        }
        Standing standing = counted.get();
        MultiMap headers = context.response().headers();
        append(headers, POLICY, policy(standing));
        append(headers, STATE, state(standing));
        if (!standing.granted()) {
            throw standing.refusal();
        }
    }

    /** Adds to a list that is one field. (RFC 9651, section 3.1.) */
    private static void append(MultiMap headers, CharSequence name, String member) {
        String before = headers.get(name);
        headers.set(name, before == null ? member : before + ", " + member);
    }

    private static String policy(Standing standing) {
        return "\"" + standing.rate().name() + "\";q=" + standing.rate().burst() + ";w="
                + seconds(standing.rate().window());
    }

    private static String state(Standing standing) {
        Duration until = standing.granted() ? standing.untilFull() : standing.untilNext();
        return "\"" + standing.rate().name() + "\";r=" + standing.remaining() + ";t=" + seconds(until);
    }

    /** Structured fields know whole seconds here; a moment is rounded up, since one that comes too early is refused. */
    private static long seconds(Duration duration) {
        return Math.max(1, (duration.toMillis() + 999) / 1000);
    }
}
