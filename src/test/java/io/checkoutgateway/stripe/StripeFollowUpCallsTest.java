package io.checkoutgateway.stripe;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.followup.FollowUpCalls;
import io.checkoutgateway.followup.FollowUpCalls.Author;
import io.checkoutgateway.followup.FollowUpCalls.Origin;
import io.checkoutgateway.settings.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a Stripe that has more line items than Stripe allows: one a page, and always one more. */
class StripeFollowUpCallsTest {
    private static final String FIRST_DATE = "Sun, 22 Nov 2026 10:00:01 GMT";

    private final Vertx vertx = Vertx.vertx();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final List<String> accounts = new CopyOnWriteArrayList<>();
    private StripeFollowUpCalls calls;
    private StripeApp app;

    @BeforeEach
    void start() {
        HttpServer endless =
                await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
        Settings settings = Settings.of(Map.of(
                "DATABASE_URL", "postgresql://none@localhost/none",
                "STRIPE_API_KEY", "sk_test_none",
                "STRIPE_BACKGROUND_REQUESTS_PER_SECOND", "1000",
                "STRIPE_API_BASE", "http://127.0.0.1:" + endless.actualPort()));
        calls = new StripeFollowUpCalls(
                new StripeCalls(vertx, settings.stripe(), new SimpleMeterRegistry()),
                settings.stripe(),
                Clock.systemUTC());
        app = new StripeApp(
                "app",
                "test",
                "acct_own",
                false,
                Objects.requireNonNull(settings.stripe().apiKey()),
                List.of());
    }

    private void answer(HttpServerRequest request) {
        queries.add(String.valueOf(request.query()));
        accounts.add(String.valueOf(request.getHeader("Stripe-Account")));
        JsonObject item = new JsonObject()
                .put("id", "li_" + queries.size())
                .put("object", "item")
                .put("type", "of.no.interest")
                .put("created", 1);
        request.response()
                .putHeader("Date", queries.size() == 1 ? FIRST_DATE : "Sun, 22 Nov 2026 10:00:09 GMT")
                .end(new JsonObject()
                        .put("object", "list")
                        .put("data", new JsonArray().add(item))
                        .put("has_more", true)
                        .put("url", request.path())
                        .toBuffer());
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    @Test
    void lineItems_withoutEnd_stopAfterSoManyPages() {
        List<JsonObject> items = await(calls.lineItems(app, "cs_test_endless")).items();

        assertThat(items)
                .extracting(item -> item.getString("id"))
                .containsExactly("li_1", "li_2", "li_3", "li_4", "li_5");
        assertThat(queries).hasSize(FollowUpCalls.CALLS_MAX);
        assertThat(queries.get(0)).isEqualTo("limit=100");
        assertThat(queries.get(4)).contains("starting_after=li_4");
    }

    @Test
    void lineItems_severalPages_areAsOldAsTheFirstByStripesClock() {
        Instant asOf = await(calls.lineItems(app, "cs_test_endless")).asOf();

        assertThat(asOf).isBetween(Instant.parse("2026-11-22T09:59:00Z"), Instant.parse("2026-11-22T10:00:01Z"));
    }

    @Test
    void originOfDefault_moreEventsThanMayBeRead_isUnknown() {
        Origin origin = await(calls.originOfDefault(app, "cus_1", "pm_1", Instant.ofEpochSecond(1_795_334_400L)));

        assertThat(origin.author()).isEqualTo(Author.UNKNOWN);
        assertThat(queries).hasSize(FollowUpCalls.EVENT_PAGES_MAX);
        assertThat(queries.get(0)).contains("type=customer.updated", "created[gte]=1795334400", "limit=100");
        assertThat(queries.get(2)).contains("starting_after=li_2");
    }

    @Test
    void connectedApp_callsForThatAccountOnly() {
        await(calls.lineItems(app, "cs_test_own"));
        assertThat(accounts).containsOnly("null");
        accounts.clear();

        await(calls.lineItems(app.connected("acct_own"), "cs_test_own"));
        assertThat(accounts).containsOnly("null");
        accounts.clear();

        await(calls.lineItems(app.connected("acct_other"), "cs_test_other"));
        assertThat(accounts).containsOnly("acct_other");
    }
}
