package io.checkoutgateway.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.StripeCollection;
import com.stripe.net.StripeResponse;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.EventListParams;
import com.stripe.param.checkout.SessionLineItemListParams;
import com.stripe.service.CustomerService;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.events.Meaning;
import io.checkoutgateway.events.Meaning.Choice;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.followup.FollowUpCalls;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** SetupIntents, line items and customers' defaults at Stripe, off the way of any request. */
public final class StripeFollowUpCalls implements FollowUpCalls {
    private static final String SETUP_INTENT = "GET /v1/setup_intents/{id}";
    private static final String LINE_ITEMS = "GET /v1/checkout/sessions/{id}/line_items";
    private static final String CUSTOMER = "GET /v1/customers/{id}";
    private static final String EVENTS = "GET /v1/events";
    private static final String CUSTOMER_UPDATED = "customer.updated";
    private static final String UPDATE_CUSTOMER = "POST /v1/customers/{id}";

    private static final String INVOICES = "invoice_settings";
    private static final String DEFAULT = "default_payment_method";

    /** Stripe's own most. A session has a hundred line items at most, so that one page is the rule. */
    private static final long PAGE_SIZE = 100;

    private static final EventReader READER = new EventReader(StripeSessions.API_VERSION);

    private final StripeCalls calls;
    private final StripeCalls background;
    private final StripeClients clients;
    private final Clock clock;

    /** Line items are fetched in the background: a backfill wants them by the million. */
    public StripeFollowUpCalls(StripeCalls calls, StripeSettings settings, Clock clock) {
        this.calls = calls;
        this.background = calls.background();
        this.clock = clock;
        this.clients = new StripeClients(settings, calls.transport());
    }

    @Override
    public Future<SetupIntentSeen> setupIntent(StripeApp app, String setupIntentId) {
        return calls.run(app, SETUP_INTENT, timeout -> {
            ReadingTime time = ReadingTime.begin(clock);
            StripeResponse answer = clients.of(app)
                    .v1()
                    .setupIntents()
                    .retrieve(setupIntentId, StripeClients.reading(timeout))
                    .getLastResponse();
            return toSeen(bodyOf(answer), time.of(answer));
        });
    }

    private static SetupIntentSeen toSeen(JsonObject intent, Instant asOf) {
        JsonObject metadata = Members.object(intent, "metadata");
        return new SetupIntentSeen(SetupIntent.of(intent), Members.text(metadata, ReservedMetadata.SESSION_ID), asOf);
    }

    @Override
    public Future<LineItemsSeen> lineItems(StripeApp app, String stripeSessionId) {
        return pages(app, stripeSessionId, new LineItemsSeen(List.of(), Instant.MAX), CALLS_MAX);
    }

    private Future<LineItemsSeen> pages(StripeApp app, String stripeSessionId, LineItemsSeen seen, int pagesLeft) {
        List<JsonObject> found = new ArrayList<>(seen.items());
        SessionLineItemListParams.Builder params =
                SessionLineItemListParams.builder().setLimit(PAGE_SIZE);
        if (!found.isEmpty()) {
            params.setStartingAfter(found.get(found.size() - 1).getString("id"));
        }
        return background
                .run(app, LINE_ITEMS, timeout -> page(app, stripeSessionId, params.build(), timeout))
                .compose(page -> {
                    found.addAll(page.data());
                    Instant asOf = seen.items().isEmpty() ? page.asOf() : seen.asOf();
                    LineItemsSeen soFar = new LineItemsSeen(List.copyOf(found), asOf);
                    return page.more() && pagesLeft > 1
                            ? pages(app, stripeSessionId, soFar, pagesLeft - 1)
                            : Future.succeededFuture(soFar);
                });
    }

    /** @param asOf just before it was read, by Stripe's clock */
    private record Page(List<JsonObject> data, boolean more, Instant asOf) {
        static Page of(StripeResponse answer, Instant asOf) {
            JsonObject page = bodyOf(answer);
            List<JsonObject> data = page.getJsonArray("data").stream()
                    .map(JsonObject.class::cast)
                    .toList();
            return new Page(data, Members.flag(page, "has_more") && !data.isEmpty(), asOf);
        }
    }

    private Page page(StripeApp app, String stripeSessionId, SessionLineItemListParams params, int timeout)
            throws StripeException {
        ReadingTime time = ReadingTime.begin(clock);
        StripeCollection<?> page = clients.of(app)
                .v1()
                .checkout()
                .sessions()
                .lineItems()
                .list(stripeSessionId, params, StripeClients.reading(timeout));
        return Page.of(page.getLastResponse(), time.of(page.getLastResponse()));
    }

    @Override
    public Future<Optional<DefaultSeen>> defaultPaymentMethod(StripeApp app, String stripeCustomerId) {
        return calls.run(app, CUSTOMER, timeout -> {
                    ReadingTime time = ReadingTime.begin(clock);
                    StripeResponse answer = customers(app)
                            .retrieve(stripeCustomerId, StripeClients.reading(timeout))
                            .getLastResponse();
                    return toDefault(bodyOf(answer), time.of(answer));
                })
                .recover(failure -> StripeFailure.saysMissing(failure)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    private static Optional<DefaultSeen> toDefault(JsonObject customer, Instant asOf) {
        if (Members.flag(customer, "deleted")) {
            return Optional.empty();
        }
        JsonObject invoices = Members.object(customer, INVOICES);
        return Optional.of(new DefaultSeen(Members.reference(invoices, DEFAULT), asOf));
    }

    @Override
    public Future<Origin> originOfDefault(
            StripeApp app, String stripeCustomerId, @Nullable String paymentMethodId, Instant since) {
        EventListParams.Builder params = EventListParams.builder()
                .setType(CUSTOMER_UPDATED)
                .setCreated(EventListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(PAGE_SIZE);
        return origin(app, new Choosing(stripeCustomerId, paymentMethodId), params, EVENT_PAGES_MAX)
                .recover(failure -> mayNotRead(failure)
                        ? Future.succeededFuture(new Origin(Author.UNKNOWN, null))
                        : Future.failedFuture(failure));
    }

    /** A restricted key can do without events. */
    private static boolean mayNotRead(Throwable failure) {
        return GatewayException.is(failure, Reason.STRIPE_CREDENTIALS) && !StripeFailure.saysNoAccess(failure);
    }

    /** What is looked for: that this customer has this default from then on. */
    private record Choosing(String stripeCustomerId, @Nullable String paymentMethodId) {
        Optional<Origin> in(JsonObject event) {
            return READER.read(StripeEvent.of(event.toBuffer())) instanceof Meaning.Chosen chosen
                            && chosen.choice().stripeCustomerId().equals(stripeCustomerId)
                            && Objects.equals(chosen.choice().paymentMethodId(), paymentMethodId)
                    ? Optional.of(new Origin(
                            chosen.choice().by() == Choice.By.GATEWAY ? Author.GATEWAY : Author.OTHERS,
                            chosen.choice().at()))
                    : Optional.empty();
        }
    }

    /** The newest come first. */
    private Future<Origin> origin(StripeApp app, Choosing wanted, EventListParams.Builder params, int pagesLeft) {
        return calls.tryFor(app, EVENTS, timeout -> events(app, params.build(), timeout))
                .compose(page -> {
                    Optional<Origin> found = page.data().stream()
                            .map(wanted::in)
                            .flatMap(Optional::stream)
                            .findFirst();
                    if (found.isPresent() || !page.more()) {
                        return Future.succeededFuture(found.orElse(new Origin(Author.NOBODY_SINCE, null)));
                    }
                    String last = page.data().get(page.data().size() - 1).getString("id");
                    return pagesLeft == 1
                            ? Future.succeededFuture(new Origin(Author.UNKNOWN, null))
                            : origin(app, wanted, params.setStartingAfter(last), pagesLeft - 1);
                });
    }

    private Page events(StripeApp app, EventListParams params, int timeout) throws StripeException {
        ReadingTime time = ReadingTime.begin(clock);
        StripeResponse answer = clients.of(app)
                .v1()
                .events()
                .list(params, StripeClients.reading(timeout))
                .getLastResponse();
        return Page.of(answer, time.of(answer));
    }

    @Override
    public Future<Told> setDefaultPaymentMethod(
            StripeApp app, String stripeCustomerId, @Nullable String paymentMethodId, String idempotencyKey) {
        // An empty text is how a form says none.
        String value = paymentMethodId == null ? "" : paymentMethodId;
        CustomerUpdateParams params = CustomerUpdateParams.builder()
                .putExtraParam(INVOICES, Map.of(DEFAULT, value))
                .build();
        return calls.run(
                        app, UPDATE_CUSTOMER, timeout -> update(app, stripeCustomerId, params, timeout, idempotencyKey))
                .recover(StripeFollowUpCalls::orWhatIsGone);
    }

    private Told update(
            StripeApp app, String stripeCustomerId, CustomerUpdateParams params, int timeout, String idempotencyKey)
            throws StripeException {
        boolean answered = customers(app)
                        .update(stripeCustomerId, params, StripeClients.writing(timeout, idempotencyKey))
                        .getId()
                != null;
        if (!answered) {
            throw new IllegalArgumentException("This is not a Customer object with an id");
        }
        return Told.SET;
    }

    /** The same code for both; the parameter that it names tells them apart. */
    private static Future<Told> orWhatIsGone(Throwable failure) {
        if (!StripeFailure.saysMissing(failure)) {
            return Future.failedFuture(failure);
        }
        boolean aboutTheMethod = failure.getCause() instanceof StripeException said
                && said.getStripeError() != null
                && String.valueOf(said.getStripeError().getParam()).contains(DEFAULT);
        return Future.succeededFuture(aboutTheMethod ? Told.PAYMENT_METHOD_GONE : Told.CUSTOMER_GONE);
    }

    private CustomerService customers(StripeApp app) {
        return clients.of(app).v1().customers();
    }

    private static JsonObject bodyOf(StripeResponse response) {
        return new JsonObject(response.body());
    }
}
