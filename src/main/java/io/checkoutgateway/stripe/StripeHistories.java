package io.checkoutgateway.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.StripeCollection;
import com.stripe.net.StripeResponse;
import com.stripe.param.EventListParams;
import com.stripe.param.checkout.SessionListParams;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.mirror.StripeHistory;
import io.checkoutgateway.mirror.Window.Range;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists at Stripe that are read from end to end. */
public final class StripeHistories implements StripeHistory {
    private static final String ACCOUNT = "GET /v1/account";
    private static final String SESSIONS = "GET /v1/checkout/sessions";
    private static final String EVENTS = "GET /v1/events";

    /** Stripe's own most. */
    private static final long PAGE_SIZE = 100;

    private final StripeCalls calls;
    private final StripeClients clients;
    private final Clock clock;

    public StripeHistories(StripeCalls calls, StripeSettings settings, Clock clock) {
        this.calls = calls;
        this.clients = new StripeClients(settings, calls.transport());
        this.clock = clock;
    }

    @Override
    public Future<Account> account(StripeApp app) {
        return calls.run(
                app,
                ACCOUNT,
                timeout -> toAccount(clients.of(app).v1().accounts().retrieveCurrent(StripeClients.reading(timeout))));
    }

    private static Account toAccount(com.stripe.model.Account account) {
        Long created = account.getCreated();
        return new Account(account.getId(), created == null ? null : Instant.ofEpochSecond(created));
    }

    @Override
    public Future<Listed> sessions(StripeApp app, Range range, @Nullable String after) {
        SessionListParams.Created.Builder created =
                SessionListParams.Created.builder().setLt(range.to().getEpochSecond());
        if (range.from() != null) {
            created.setGte(range.from().getEpochSecond());
        }
        return calls.along().read(app, choice -> {
            SessionListParams.Builder params = SessionListParams.builder()
                    .setCreated(created.build())
                    .addAllExpand(
                            choice.expanded().stream().map("data."::concat).toList())
                    .setLimit(PAGE_SIZE);
            if (after != null) {
                params.setStartingAfter(after);
            }
            return choice.make(
                    calls,
                    app,
                    SESSIONS,
                    timeout -> listed(() -> clients.of(app)
                            .v1()
                            .checkout()
                            .sessions()
                            .list(params.build(), StripeClients.reading(timeout))));
        });
    }

    @Override
    public Future<Listed> events(
            StripeApp app, boolean undelivered, List<String> types, Instant since, @Nullable String after) {
        EventListParams.Builder params = EventListParams.builder()
                .addAllType(types)
                .setCreated(EventListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(PAGE_SIZE);
        if (undelivered) {
            params.setDeliverySuccess(false);
        }
        if (after != null) {
            params.setStartingAfter(after);
        }
        return calls.run(
                app,
                EVENTS,
                timeout -> listed(
                        () -> clients.of(app).v1().events().list(params.build(), StripeClients.reading(timeout))));
    }

    @FunctionalInterface
    private interface ListCall {
        StripeCollection<?> make() throws StripeException;
    }

    /** What Stripe wrote, before stripe-java's model of today could drop something of tomorrow. */
    private Listed listed(ListCall call) throws StripeException {
        ReadingTime time = ReadingTime.begin(clock);
        StripeResponse response = call.make().getLastResponse();
        JsonObject page = new JsonObject(response.body());
        JsonArray data = page.getJsonArray("data");
        return new Listed(
                data.stream().map(JsonObject.class::cast).toList(),
                page.getBoolean("has_more", false),
                time.of(response));
    }
}
