package io.checkoutgateway.stripe;

import com.stripe.param.billingportal.SessionCreateParams;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.checkout.OpenPortal;
import io.checkoutgateway.checkout.PortalSession;
import io.checkoutgateway.checkout.StripePortal;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The customer portal at Stripe. (Stripe API reference, "Create a portal session".) */
public final class StripePortalSessions implements StripePortal {
    private static final String OPEN = "POST /v1/billing_portal/sessions";

    /** What Stripe calls {@code configuration_id}. */
    private static final String CONFIGURATION = "configuration";

    private final StripeCalls calls;
    private final StripeClients clients;

    public StripePortalSessions(StripeCalls calls, StripeSettings settings) {
        this.calls = calls;
        this.clients = new StripeClients(settings, calls.transport());
    }

    @Override
    public Future<PortalSession> open(StripeApp app, String stripeCustomerId, OpenPortal wish, String idempotencyKey) {
        SessionCreateParams.Builder params = SessionCreateParams.builder().putExtraParam("customer", stripeCustomerId);
        putIfGiven(params, CONFIGURATION, wish.configurationId());
        putIfGiven(params, "locale", wish.locale());
        putIfGiven(params, "return_url", wish.returnUrl());
        return calls.run(
                        app,
                        OPEN,
                        timeout -> toSession(new JsonObject(clients.of(app)
                                .v1()
                                .billingPortal()
                                .sessions()
                                .create(params.build(), StripeClients.writing(timeout, idempotencyKey))
                                .getLastResponse()
                                .body())))
                .recover(failure -> Future.failedFuture(inCallersWords(failure)));
    }

    private static void putIfGiven(SessionCreateParams.Builder params, String name, @Nullable String value) {
        if (value != null) {
            params.putExtraParam(name, value);
        }
    }

    /** Throws on an answer that is no portal session: what is missing cannot be told the caller. */
    private static PortalSession toSession(JsonObject session) {
        return new PortalSession(
                required(session, "id"),
                required(session, "customer"),
                required(session, CONFIGURATION),
                Members.flag(session, "livemode"),
                Instant.ofEpochSecond(session.getLong("created")),
                Members.text(session, "locale"),
                Members.text(session, "return_url"),
                required(session, "url"));
    }

    private static String required(JsonObject session, String name) {
        if (session.getValue(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("This is not a portal session with " + name);
    }

    private static Throwable inCallersWords(Throwable failure) {
        return failure instanceof StripeFailure refused
                        && !refused.invalidParameters().isEmpty()
                ? new StripeFailure(
                        refused.reason(),
                        refused.effect(),
                        String.valueOf(refused.getMessage()),
                        refused.stripeCode(),
                        refused.invalidParameters().stream()
                                .map(StripePortalSessions::inCallersWords)
                                .toList(),
                        refused.retryAfter(),
                        refused)
                : failure;
    }

    private static InvalidParameter inCallersWords(InvalidParameter parameter) {
        return parameter.field().equals("stripe_options." + CONFIGURATION)
                ? InvalidParameter.inBody("stripe_options.configuration_id", parameter.rule(), parameter.reason())
                : parameter;
    }
}
