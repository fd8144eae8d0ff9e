package io.checkoutgateway.stripe;

import com.stripe.exception.StripeException;
import com.stripe.net.ApiRequestParams;
import com.stripe.net.ApiResource;
import com.stripe.net.FormEncoder;
import com.stripe.net.StripeResponse;
import com.stripe.param.EventListParams;
import com.stripe.param.checkout.SessionListParams;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.Members;
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
    private static final String SESSIONS_PATH = "/v1/checkout/sessions";
    private static final String SESSIONS = "GET " + SESSIONS_PATH;
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
            String path =
                    SESSIONS_PATH + "?" + FormEncoder.createQueryString(ApiRequestParams.paramsToMap(params.build()));
            // Past stripe-java's model, which refuses a whole page for one member of another kind than it knows.
            return choice.make(
                    calls,
                    app,
                    SESSIONS,
                    timeout -> listed(() -> clients.of(app)
                            .rawRequest(ApiResource.RequestMethod.GET, path, null, StripeClients.readingRaw(timeout))));
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
                timeout -> listed(() -> clients.of(app)
                        .v1()
                        .events()
                        .list(params.build(), StripeClients.reading(timeout))
                        .getLastResponse()));
    }

    @FunctionalInterface
    private interface ListCall {
        StripeResponse make() throws StripeException;
    }

    /** What Stripe wrote, before stripe-java's model of today could drop something of tomorrow. */
    private Listed listed(ListCall call) throws StripeException {
        ReadingTime time = ReadingTime.begin(clock);
        StripeResponse response = call.make();
        JsonObject page = new JsonObject(response.body());
        JsonArray data = page.getJsonArray("data");
        return new Listed(
                data.stream().map(JsonObject.class::cast).toList(), Members.flag(page, "has_more"), time.of(response));
    }
}
