package io.checkoutgateway.stripe;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a Stripe that gives no access to any account. */
class RefusedAccountTest {
    private record Told(String app, String account, Instant asOf) {}

    private final Vertx vertx = Vertx.vertx();
    private final List<Instant> arrivals = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private void refuse(HttpServerRequest request) {
        arrivals.add(Instant.now());
        JsonObject error = new JsonObject()
                .put("type", "invalid_request_error")
                .put("code", "account_invalid")
                .put("message", "No access.");
        request.response()
                .setStatusCode(403)
                .end(new JsonObject().put("error", error).toBuffer());
    }

    @Test
    void refusedAccount_isToldWithTheTimeBeforeTheCall() {
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(this::refuse).listen(0, "127.0.0.1"));
        Settings settings = Settings.of(Map.of(
                "DATABASE_URL", "postgresql://none@localhost/none",
                "STRIPE_API_KEY", "sk_test_none",
                "STRIPE_API_BASE", "http://127.0.0.1:" + server.actualPort()));
        StripeCalls calls = new StripeCalls(vertx, settings.stripe(), new SimpleMeterRegistry());
        List<Told> told = new CopyOnWriteArrayList<>();
        calls.onRefusedAccount((app, account, asOf) -> told.add(new Told(app, account, asOf)));
        StripeApp app = new StripeApp(
                "app",
                "test",
                "acct_own",
                false,
                Objects.requireNonNull(settings.stripe().apiKey()),
                List.of());

        Throwable failure = await(new StripeFollowUpCalls(calls, settings.stripe(), Clock.systemUTC())
                .lineItems(app.connected("acct_other"), "cs_test_1")
                .transform(done -> Future.succeededFuture(done.cause())));

        assertThat(StripeFailure.saysNoAccess(failure)).isTrue();
        assertThat(told).singleElement().satisfies(call -> {
            assertThat(call.app()).isEqualTo("app");
            assertThat(call.account()).isEqualTo("acct_other");
            assertThat(call.asOf()).isBeforeOrEqualTo(arrivals.get(0));
        });
    }
}
