package io.checkoutgateway.http.djstripe;

import io.checkoutgateway.api.model.DjStripeCheckoutSession;
import io.checkoutgateway.api.model.StripeSessionBillingAddressCollection;
import io.checkoutgateway.api.model.StripeSessionMode;
import io.checkoutgateway.api.model.StripeSubmitTypeStatus;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.LineItems;
import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.checkout.SessionField;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Wire;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session as dj-stripe 2.7's clients expect it. The original server broke its own document in places; this one keeps
 * it: enums are always filled, maps are maps, times are ISO 8601, and where the document allows no null there is an
 * empty text.
 */
final class DjStripeDocument {
    /** The document's names for what lists can be filtered by. */
    private static final Map<String, SessionField> FIELDS = Map.ofEntries(
            Map.entry("djstripe_id", SessionField.DJSTRIPE_ID),
            Map.entry("billing_address_collection", SessionField.BILLING_ADDRESS_COLLECTION),
            Map.entry("mode", SessionField.MODE),
            Map.entry("submit_type", SessionField.SUBMIT_TYPE),
            Map.entry("djstripe_created", SessionField.CREATED_AT),
            Map.entry("djstripe_updated", SessionField.UPDATED_AT),
            Map.entry("id", SessionField.STRIPE_SESSION_ID),
            Map.entry("livemode", SessionField.LIVEMODE),
            Map.entry("created", SessionField.STRIPE_CREATED_AT),
            Map.entry("description", SessionField.DESCRIPTION),
            Map.entry("cancel_url", SessionField.CANCEL_URL),
            Map.entry("client_reference_id", SessionField.CLIENT_REFERENCE_ID),
            Map.entry("customer_email", SessionField.GIVEN_EMAIL),
            Map.entry("locale", SessionField.LOCALE),
            Map.entry("success_url", SessionField.SUCCESS_URL),
            Map.entry("djstripe_owner_account", SessionField.STRIPE_ACCOUNT_ID),
            Map.entry("customer", SessionField.STRIPE_CUSTOMER_ID),
            Map.entry("payment_intent", SessionField.PAYMENT_INTENT_ID),
            Map.entry("subscription", SessionField.SUBSCRIPTION_ID));

    private DjStripeDocument() {}

    static Optional<SessionField> field(String name) {
        return Optional.ofNullable(FIELDS.get(name));
    }

    /** @param lineItems {@code null} for a session that sells nothing */
    static DjStripeCheckoutSession of(CheckoutSession session, @Nullable LineItems lineItems) {
        StripeSession stripe = session.stripe();
        if (stripe == null) {
            throw new GatewayException(Reason.NOT_FOUND, "Stripe has not opened this session");
        }
        return new DjStripeCheckoutSession()
                .withDjstripeId(session.djstripeId())
                .withBillingAddressCollection(billingAddressCollection(stripe.billingAddressCollection()))
                .withMode(StripeSessionMode.fromValue(stripe.mode()))
                .withSubmitType(submitType(stripe.submitType()))
                .withDjstripeCreated(Wire.utc(session.createdAt()))
                .withDjstripeUpdated(Wire.utc(session.updatedAt()))
                .withId(stripe.id())
                .withLivemode(stripe.livemode())
                .withCreated(Wire.utc(stripe.created()))
                .withMetadata(new LinkedHashMap<>(stripe.metadata()))
                .withDescription("")
                .withCancelUrl(orEmpty(stripe.cancelUrl()))
                .withClientReferenceId(orEmpty(stripe.clientReferenceId()))
                .withCustomerEmail(orEmpty(Members.text(stripe.object(), "customer_email")))
                .withDisplayItems(displayItems(lineItems))
                .withLocale(orEmpty(stripe.locale()))
                .withPaymentMethodTypes(paymentMethodTypes(stripe))
                .withSuccessUrl(orEmpty(stripe.successUrl()))
                .withDjstripeOwnerAccount(session.accountId())
                .withCustomer(stripe.customer())
                .withPaymentIntent(stripe.paymentIntent())
                .withSubscription(stripe.subscription());
    }

    /** Stripe's null means {@code auto}; a value of tomorrow is not in the document, and is shown as {@code auto}. */
    private static StripeSessionBillingAddressCollection billingAddressCollection(@Nullable String value) {
        return "required".equals(value)
                ? StripeSessionBillingAddressCollection.REQUIRED
                : StripeSessionBillingAddressCollection.AUTO;
    }

    private static StripeSubmitTypeStatus submitType(@Nullable String value) {
        for (StripeSubmitTypeStatus status : StripeSubmitTypeStatus.values()) {
            if (status.value().equals(value)) {
                return status;
            }
        }
        return StripeSubmitTypeStatus.AUTO;
    }

    /** Each type with its options, which are empty for most. */
    private static Map<String, Object> paymentMethodTypes(StripeSession stripe) {
        JsonObject options = Members.object(stripe.object(), "payment_method_options");
        Map<String, Object> types = new LinkedHashMap<>();
        stripe.paymentMethodTypes().forEach(type -> types.put(type, optionsOf(type, options)));
        return types;
    }

    /** By their ids, since the document promises a map; null where nothing is known of any. */
    private static @Nullable Map<String, Object> displayItems(@Nullable LineItems lineItems) {
        if (lineItems == null || lineItems.items().isEmpty()) {
            return null;
        }
        Map<String, Object> items = new LinkedHashMap<>();
        lineItems.items().forEach(item -> items.put(item.getString("id"), item.getMap()));
        return items;
    }

    private static Map<String, Object> optionsOf(String type, JsonObject options) {
        return Members.object(options, type).getMap();
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
