package io.checkoutgateway.http.sessions;

import io.checkoutgateway.api.model.CheckoutSessionFailure;
import io.checkoutgateway.api.model.CheckoutSessionSetupError;
import io.checkoutgateway.api.model.CheckoutSessionSetupIntent;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session in the contract's words. */
final class SessionResource {
    private static final String ETAG = "ETag";

    private SessionResource() {}

    /** The answer to a read: the session, or that the caller has it already. */
    static Reply read(Call call, CheckoutSession session) {
        String etag = etagOf(session);
        return matches(call.header("If-None-Match"), etag) ? Reply.notModified(etag) : reply(session);
    }

    /** The answer to a read of what Stripe said last, all of it: the caller may see the rest of it in the session. */
    static Reply readStripeObject(Call call, CheckoutSession session) {
        StripeSession stripe = session.stripe();
        if (stripe == null) {
            throw new GatewayException(Reason.NOT_FOUND, "Stripe has not opened this session");
        }
        String etag = etagOf(session);
        return matches(call.header("If-None-Match"), etag)
                ? Reply.notModified(etag)
                : new Reply(200, Wire.JSON, stripe.object().toBuffer(), Map.of(ETAG, etag));
    }

    /** The answer with the session, whatever the caller has. */
    static Reply reply(CheckoutSession session) {
        return Reply.json(200, of(session)).with(ETAG, etagOf(session));
    }

    private static String etagOf(CheckoutSession session) {
        return "\"" + session.version() + "\"";
    }

    /** A list of tags, weak ones too, or a star. (RFC 9110, section 13.1.2.) */
    private static boolean matches(@Nullable String header, String etag) {
        return header != null
                && Arrays.stream(header.split(",", -1))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(tag -> tag.equals(etag) || tag.equals("*"));
    }

    static io.checkoutgateway.api.model.CheckoutSession of(CheckoutSession session) {
        io.checkoutgateway.api.model.CheckoutSession resource = new io.checkoutgateway.api.model.CheckoutSession()
                .withId(session.id())
                .withAppId(session.appId())
                .withCustomerId(session.customerId())
                .withStripeCustomerId(session.stripeCustomerId())
                .withStripeAccountId(session.accountId())
                .withLivemode(session.livemode())
                .withMode("setup")
                .withStatus(session.status().word())
                .withSetupIntent(setupIntent(session.setupIntent()))
                .withPaymentMethodId(session.paymentMethodId())
                .withPaymentMethodTypes(List.of())
                .withMetadata(session.metadata())
                .withFailure(failure(session.failure()))
                .withCreatedAt(Wire.utc(session.createdAt()))
                .withUpdatedAt(Wire.utc(session.updatedAt()))
                .withCompletedAt(Wire.utc(session.completedAt()))
                .withVersion(session.version());
        StripeSession stripe = session.stripe();
        return stripe == null ? resource : withStripe(resource, stripe);
    }

    private static io.checkoutgateway.api.model.CheckoutSession withStripe(
            io.checkoutgateway.api.model.CheckoutSession resource, StripeSession stripe) {
        return resource.withStripeSessionId(stripe.id())
                .withMode(stripe.mode())
                .withUiMode(stripe.uiMode())
                .withPaymentStatus(stripe.paymentStatus())
                .withUrl(stripe.url())
                .withClientSecret(stripe.clientSecret())
                .withCurrency(stripe.currency())
                .withAmountSubtotal(stripe.amountSubtotal())
                .withAmountTotal(stripe.amountTotal())
                .withPaymentIntentId(stripe.paymentIntent())
                .withSubscriptionId(stripe.subscription())
                .withClientReferenceId(stripe.clientReferenceId())
                .withCustomerEmail(stripe.customerEmail())
                .withSuccessUrl(stripe.successUrl())
                .withCancelUrl(stripe.cancelUrl())
                .withReturnUrl(stripe.returnUrl())
                .withLocale(stripe.locale())
                .withBillingAddressCollection(stripe.billingAddressCollection())
                .withSubmitType(stripe.submitType())
                .withPaymentMethodTypes(stripe.paymentMethodTypes())
                .withStripeCreatedAt(Wire.utc(stripe.created()))
                .withExpiresAt(Wire.utc(stripe.expiresAt()));
    }

    private static @Nullable CheckoutSessionSetupIntent setupIntent(@Nullable SetupIntent intent) {
        if (intent == null) {
            return null;
        }
        return new CheckoutSessionSetupIntent()
                .withId(intent.id())
                .withStatus(intent.status())
                .withPaymentMethodId(intent.paymentMethodId())
                .withLastError(setupError(intent.lastError()));
    }

    /** Why an attempt failed; shared with the history. */
    static @Nullable CheckoutSessionSetupError setupError(SetupIntent.@Nullable SetupError error) {
        return error == null
                ? null
                : new CheckoutSessionSetupError()
                        .withCode(error.code())
                        .withDeclineCode(error.declineCode())
                        .withMessage(error.message());
    }

    private static @Nullable CheckoutSessionFailure failure(CheckoutSession.@Nullable Failure failure) {
        return failure == null
                ? null
                : new CheckoutSessionFailure().withCode(failure.code()).withDetail(failure.detail());
    }
}
