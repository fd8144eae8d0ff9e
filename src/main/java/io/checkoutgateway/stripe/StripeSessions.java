package io.checkoutgateway.stripe;

import com.stripe.Stripe;
import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionExpireParams;
import com.stripe.param.checkout.SessionListParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.CreateCheckout;
import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.checkout.Payment;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Checkout Sessions at Stripe. */
public final class StripeSessions implements StripeCheckout {
    private static final String SETUP_INTENT = "setup_intent";
    private static final String CREATE = "POST /v1/checkout/sessions";
    private static final String RETRIEVE = "GET /v1/checkout/sessions/{id}";
    private static final String LIST = "GET /v1/checkout/sessions";
    private static final String EXPIRE = "POST /v1/checkout/sessions/{id}/expire";

    /** Stripe's own most. */
    private static final long PAGE_SIZE = 100;

    /** A customer who opened a thousand sessions in a day is a script; looking further would starve others. */
    static final int PAGES_MAX = 10;

    /** The version of Stripe's API that every call asks for, and that events should be written in. */
    public static final String API_VERSION = Stripe.API_VERSION;

    private final StripeCalls calls;
    private final StripeClients clients;
    private final Clock clock;

    public StripeSessions(StripeCalls calls, StripeSettings settings, Clock clock) {
        this.calls = calls;
        this.clients = new StripeClients(settings, calls.transport());
        this.clock = clock;
    }

    @Override
    public boolean hasRoom() {
        return calls.hasRoom();
    }

    @Override
    public JsonObject parametersOf(
            CreateCheckout command, String sessionId, StripeApp app, Customer customer, Instant expiresAt) {
        return SessionParameters.of(command.options(), sessionId, app, customer, expiresAt);
    }

    @Override
    public JsonObject bind(JsonObject parameters, String stripeCustomerId, int attempt) {
        return SessionParameters.bind(parameters, stripeCustomerId, attempt);
    }

    @Override
    public Future<StripeSession> create(StripeApp app, JsonObject parameters, String idempotencyKey) {
        SessionCreateParams params = SessionCreateParams.builder()
                .putAllExtraParam(StripeClients.plain(parameters))
                .build();
        return calls.run(
                app,
                CREATE,
                timeout -> toSession(sessions(app).create(params, StripeClients.writing(timeout, idempotencyKey))));
    }

    @Override
    public Future<Snapshot> retrieve(StripeApp app, String stripeSessionId) {
        return calls.along().read(app, choice -> {
            SessionRetrieveParams params = SessionRetrieveParams.builder()
                    .addAllExpand(choice.expanded())
                    .build();
            return choice.make(calls, app, RETRIEVE, timeout -> {
                ReadingTime time = ReadingTime.begin(clock);
                return toSnapshot(
                        sessions(app).retrieve(stripeSessionId, params, StripeClients.reading(timeout)), time);
            });
        });
    }

    @Override
    public Future<Snapshot> expire(StripeApp app, String stripeSessionId) {
        SessionExpireParams params =
                SessionExpireParams.builder().addExpand(SETUP_INTENT).build();
        // The key repeats the answer to a call whose answer was lost; expiring twice is the same either way.
        String key = "expire-" + stripeSessionId;
        return calls.run(app, EXPIRE, timeout -> {
                    ReadingTime time = ReadingTime.begin(clock);
                    return toSnapshot(
                            sessions(app).expire(stripeSessionId, params, StripeClients.writing(timeout, key)), time);
                })
                .recover(failure -> orWhatItIs(app, stripeSessionId, failure));
    }

    /** Stripe refuses to expire what is not open: the customer was faster, or someone else. */
    private Future<Snapshot> orWhatItIs(StripeApp app, String stripeSessionId, Throwable failure) {
        return retrieve(app, stripeSessionId)
                .compose(now ->
                        now.session().status().terminal() ? Future.succeededFuture(now) : Future.failedFuture(failure));
    }

    @Override
    public Future<List<StripeSession>> findOurs(
            StripeApp app, String stripeCustomerId, String sessionId, Instant since) {
        SessionListParams first = SessionListParams.builder()
                .setCustomer(stripeCustomerId)
                .setCreated(SessionListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(PAGE_SIZE)
                .build();
        return pages(app, first, new ArrayList<>(), PAGES_MAX).map(found -> found.stream()
                .filter(session -> !session.sells())
                .filter(session -> sessionId.equals(session.metadata().get(ReservedMetadata.SESSION_ID)))
                .toList());
    }

    private Future<List<StripeSession>> pages(
            StripeApp app, SessionListParams params, List<StripeSession> found, int pagesLeft) {
        return calls.run(
                        app,
                        LIST,
                        timeout -> bodyOf(sessions(app)
                                .list(params, StripeClients.reading(timeout))
                                .getLastResponse()))
                .compose(page -> {
                    JsonArray data = page.getJsonArray("data");
                    data.forEach(entry ->
                            found.add(StripeSession.of((JsonObject) entry).seenAt(clock.instant())));
                    if (!Members.flag(page, "has_more")) {
                        return Future.succeededFuture(found);
                    }
                    return pagesLeft > 1 && !data.isEmpty()
                            ? pages(app, after(params, found.get(found.size() - 1)), found, pagesLeft - 1)
                            : Future.failedFuture(StripeFailures.notAllSeen());
                });
    }

    private static SessionListParams after(SessionListParams params, StripeSession last) {
        return SessionListParams.builder()
                .setCustomer(params.getCustomer())
                .setCreated((SessionListParams.Created) params.getCreated())
                .setLimit(params.getLimit())
                .setStartingAfter(last.id())
                .build();
    }

    private com.stripe.service.checkout.SessionService sessions(StripeApp app) {
        return clients.of(app).v1().checkout().sessions();
    }

    private static StripeSession toSession(Session session) throws StripeException {
        return StripeSession.of(bodyOf(session.getLastResponse()));
    }

    private static Snapshot toSnapshot(Session session, ReadingTime time) {
        JsonObject body = bodyOf(session.getLastResponse());
        Instant asOf = time.of(session.getLastResponse());
        return new Snapshot(
                StripeSession.of(body).seenAt(asOf),
                body.getValue(SETUP_INTENT) instanceof JsonObject intent ? SetupIntent.of(intent) : null,
                Payment.in(body).orElse(null),
                asOf);
    }

    /** What Stripe wrote, before stripe-java's model of today could drop something of tomorrow. */
    private static JsonObject bodyOf(com.stripe.net.StripeResponse response) {
        return new JsonObject(response.body());
    }
}
