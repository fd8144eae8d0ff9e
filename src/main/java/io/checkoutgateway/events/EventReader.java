package io.checkoutgateway.events;

import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.Payment;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.events.Meaning.Choice;
import io.checkoutgateway.followup.FollowUp;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what events say. A pure function of the event and the API version that the gateway speaks. What another
 * version may say otherwise is read at Stripe instead: sessions, SetupIntents, and what sessions are paid through.
 *
 * <p>Not so customers and payment methods. Of a customer that is deleted and of a method that is detached only the id is
 * used; of a customer that is changed, the id and {@code invoice_settings.default_payment_method} of now and before. No
 * version has said these otherwise since there are payment methods, and of a detached method Stripe tells no longer
 * whose it was. Reading the customer would besides lose what only the event says: what was the default before, when
 * the choice was made, and whether the gateway made it itself. (Stripe, "API changelog".)
 *
 * <p>Source: Stripe API reference, "Types of events", and stripe-java's rule for versions: what comes after the dot is
 * the release train, within which nothing breaks.
 */
public final class EventReader {
    /**
     * The types whose events say something here: what Stripe is asked to deliver, and asked for when it could not. Stripe
     * lists events of twenty types at most. (Stripe API reference, "List all events".)
     */
    public static final List<String> TYPES = List.of(
            "checkout.session.completed",
            "checkout.session.expired",
            "checkout.session.async_payment_succeeded",
            "checkout.session.async_payment_failed",
            "setup_intent.created",
            "setup_intent.requires_action",
            "setup_intent.succeeded",
            "setup_intent.setup_failed",
            "setup_intent.canceled",
            "payment_intent.processing",
            "payment_intent.amount_capturable_updated",
            "payment_intent.succeeded",
            "payment_intent.payment_failed",
            "payment_intent.canceled",
            "customer.subscription.created",
            "customer.subscription.updated",
            "payment_method.detached",
            "customer.updated",
            "customer.deleted");

    /** That a connected account gives the platform no access any more; the last of its events. */
    static final String DEAUTHORIZED = "account.application.deauthorized";

    /** The same for an endpoint that hears of connected accounts. */
    public static final List<String> CONNECT_TYPES =
            Stream.concat(TYPES.stream(), Stream.of(DEAUTHORIZED)).toList();

    private static final String SESSION_EVENTS = "checkout.session.";
    private static final String SETUP_INTENT_EVENTS = "setup_intent.";
    private static final List<String> PAYMENT_EVENTS = List.of("payment_intent.", "customer.subscription.");
    private static final List<String> THIN_EVENTS = List.of("v1.", "v2.");
    private static final String DEFAULT = "default_payment_method";
    private static final String SUCCEEDED = "succeeded";
    private static final String EXPIRED = "checkout.session.expired";

    /**
     * What they tell of is told by their very type, in every API version: a SetupIntent succeeds once, and a session is
     * complete before its payment comes out. (Stripe API reference, "Types of events".)
     */
    private static final Set<String> DATING = Set.of(
            "setup_intent.succeeded",
            "checkout.session.completed",
            "checkout.session.async_payment_succeeded",
            "checkout.session.async_payment_failed");

    private final String train;

    /** @param apiVersion the version that the gateway speaks, such as {@code 2026-07-29.dahlia} */
    public EventReader(String apiVersion) {
        this.train = trainOf(apiVersion);
    }

    /**
     * Reads an event.
     *
     * @throws IllegalArgumentException when an event of a known kind does not carry the object that it should
     */
    public Meaning read(StripeEvent event) {
        if (event.type().startsWith(SESSION_EVENTS)) {
            return speaksOurs(event) ? session(event) : toRead(event, FollowUp.Kind.READ_SESSION);
        }
        if (event.type().startsWith(SETUP_INTENT_EVENTS)) {
            return speaksOurs(event) ? setupIntent(event) : toRead(event, FollowUp.Kind.READ_SETUP_INTENT);
        }
        if (PAYMENT_EVENTS.stream().anyMatch(event.type()::startsWith)) {
            return payment(event);
        }
        return switch (event.type()) {
            case "payment_method.detached" -> new Meaning.PaymentMethodGone(idOf(carried(event)));
            case "customer.deleted" -> new Meaning.CustomerGone(idOf(carried(event)));
            case "customer.updated" -> customer(event);
            case DEAUTHORIZED ->
                event.account() == null
                        ? new Meaning.Ignored("it names no connected account")
                        : new Meaning.AccountGone();
            default ->
                new Meaning.Ignored(
                        isThin(event)
                                ? "a thin event carries no object; the endpoint should ask for snapshots"
                                : "events of this type change no session");
        };
    }

    /** Thin events only tell that something happened. (Stripe, "Event destinations".) */
    private static boolean isThin(StripeEvent event) {
        return THIN_EVENTS.stream().anyMatch(event.type()::startsWith);
    }

    private boolean speaksOurs(StripeEvent event) {
        return event.apiVersion() != null && trainOf(event.apiVersion()).equals(train);
    }

    private static String trainOf(String version) {
        return version.substring(version.indexOf('.') + 1);
    }

    private static Meaning toRead(StripeEvent event, FollowUp.Kind kind) {
        Instant happenedAt = DATING.contains(event.type()) ? event.created() : null;
        return new Meaning.ToRead(kind, idOf(carried(event)), happenedAt);
    }

    private static Meaning session(StripeEvent event) {
        JsonObject object = carried(event);
        StripeSession session = toldBy(event, StripeSession.of(object));
        return new Meaning.Seen(seen(event, session, null), gatewaySessionIdOf(object), null);
    }

    /** A session that says no status is what the event says by its type. */
    private static StripeSession toldBy(StripeEvent event, StripeSession session) {
        if (event.type().equals(EXPIRED)) {
            return session.otherwise(CheckoutStatus.EXPIRED);
        }
        return DATING.contains(event.type())
                ? session.otherwise(CheckoutStatus.COMPLETE)
                : session.seenAt(event.created());
    }

    private static Meaning setupIntent(StripeEvent event) {
        JsonObject object = carried(event);
        SetupIntent intent = SetupIntent.of(object);
        return new Meaning.Seen(seen(event, null, intent), gatewaySessionIdOf(object), choice(event, object, intent));
    }

    private Meaning payment(StripeEvent event) {
        if (!speaksOurs(event)) {
            return new Meaning.PaymentToRead(idOf(carried(event)));
        }
        Payment payment = Payment.of(carried(event));
        return new Meaning.Seen(Observation.told(payment, event.created(), event.id(), event.type()), null, null);
    }

    private static @Nullable Choice choice(StripeEvent event, JsonObject object, SetupIntent intent) {
        String customer = reference(object.getValue("customer"));
        return customer != null && intent.paymentMethodId() != null && SUCCEEDED.equals(intent.status())
                ? Choice.setUp(customer, intent.paymentMethodId(), event.created())
                : null;
    }

    /** Only a change of the default concerns us. */
    private static Meaning customer(StripeEvent event) {
        JsonObject previous = event.previousAttributes();
        JsonObject before = previous != null && previous.getValue("invoice_settings") instanceof JsonObject settings
                ? settings
                : new JsonObject();
        if (!before.containsKey(DEFAULT)) {
            return new Meaning.Ignored("the customer's default payment method did not change");
        }
        JsonObject object = carried(event);
        Object now =
                object.getValue("invoice_settings") instanceof JsonObject settings ? settings.getValue(DEFAULT) : null;
        Choice.By by = event.isEchoOf(FollowUp.DEFAULT_KEY_PREFIX) ? Choice.By.GATEWAY : Choice.By.OTHERS;
        return new Meaning.Chosen(
                new Choice(idOf(object), reference(now), reference(before.getValue(DEFAULT)), event.created(), by));
    }

    private static Observation seen(StripeEvent event, @Nullable StripeSession session, @Nullable SetupIntent intent) {
        return new Observation(session, intent, event.created(), Observation.Source.EVENT, event.id(), event.type());
    }

    private static JsonObject carried(StripeEvent event) {
        JsonObject object = event.object();
        if (object == null) {
            throw new IllegalArgumentException("An event of type " + event.type() + " carries no object");
        }
        return object;
    }

    private static String idOf(JsonObject object) {
        if (object.getValue("id") instanceof String id) {
            return id;
        }
        throw new IllegalArgumentException("The object that the event carries has no id");
    }

    private static @Nullable String reference(@Nullable Object value) {
        if (value instanceof JsonObject expanded) {
            return Members.text(expanded, "id");
        }
        return value instanceof String id ? id : null;
    }

    private static @Nullable String gatewaySessionIdOf(JsonObject object) {
        return object.getValue("metadata") instanceof JsonObject metadata
                        && metadata.getValue(ReservedMetadata.SESSION_ID) instanceof String id
                ? id
                : null;
    }
}
