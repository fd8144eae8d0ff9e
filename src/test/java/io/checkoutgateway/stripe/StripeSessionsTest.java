package io.checkoutgateway.stripe;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.mirror.Window;
import io.checkoutgateway.settings.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a Stripe that lists one session a page; ours is the one of the last page. */
class StripeSessionsTest {
    private static final String OURS = "01K9ZZ0000000000000000000A";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private int pages;
    private boolean narrowKey;
    private Settings settings;
    private StripeCalls calls;
    private StripeSessions sessions;
    private StripeApp app;

    @BeforeEach
    void start() {
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
        settings = Settings.of(Map.of(
                "DATABASE_URL", "postgresql://none@localhost/none",
                "STRIPE_API_KEY", "sk_test_none",
                "STRIPE_API_BASE", "http://127.0.0.1:" + server.actualPort()));
        calls = new StripeCalls(vertx, settings.stripe(), new SimpleMeterRegistry());
        sessions = new StripeSessions(calls, settings.stripe(), Clock.systemUTC());
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
        if (narrowKey && queries.get(queries.size() - 1).contains("payment_intent")) {
            JsonObject error =
                    new JsonObject().put("type", "invalid_request_error").put("message", "Not allowed.");
            request.response()
                    .setStatusCode(403)
                    .end(new JsonObject().put("error", error).toBuffer());
            return;
        }
        int page = asked.incrementAndGet();
        JsonObject metadata = new JsonObject().put("gateway_session_id", page < pages ? "another" : OURS);
        JsonObject session = new JsonObject()
                .put("id", "cs_test_" + page)
                .put("object", "checkout.session")
                .put("mode", "setup")
                .put("status", "open")
                .put("payment_status", "no_payment_required")
                .put("created", 1_795_334_400L - page)
                .put("expires_at", 1_795_420_800L)
                .put("livemode", false)
                .put("metadata", metadata);
        if (!request.path().endsWith("/sessions")) {
            request.response().end(session.toBuffer());
            return;
        }
        request.response()
                .end(new JsonObject()
                        .put("object", "list")
                        .put("data", new JsonArray().add(session))
                        .put("has_more", page < pages)
                        .put("url", request.path())
                        .toBuffer());
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private Future<List<StripeSession>> search() {
        return sessions.findOurs(app, "cus_1", OURS, Instant.ofEpochSecond(1_795_334_000L));
    }

    @Test
    void findOurs_onTheLastPageThatIsLookedAt_isFound() {
        pages = StripeSessions.PAGES_MAX;

        assertThat(await(search())).extracting(StripeSession::id).containsExactly("cs_test_" + pages);
    }

    /** Nothing found is no proof here: who took it for one would open a second session. */
    @Test
    void findOurs_onePageMoreThanIsLookedAt_failsWithoutKnowing() {
        pages = StripeSessions.PAGES_MAX + 1;

        Throwable failure = await(search().transform(done -> Future.succeededFuture(done.cause())));

        assertThat(failure).isInstanceOf(StripeFailure.class).hasMessageContaining("too many sessions");
        assertThat(StripeFailure.effectOf(failure)).isEqualTo(StripeFailure.Effect.UNKNOWN);
        assertThat(asked).hasValue(StripeSessions.PAGES_MAX);
    }

    /** Callers, follow-ups and the mirror have a way each; the key is the same. */
    @Test
    void retrieve_afterAnotherWayLearntWhatTheKeyMayRead_asksForNoMore() {
        narrowKey = true;
        List<String> told = new CopyOnWriteArrayList<>();
        calls.onRefusedKey(told::add);
        assertThat(await(sessions.retrieve(app, "cs_test_1")).session().id()).isEqualTo("cs_test_1");
        queries.clear();

        StripeSessions others = new StripeSessions(calls.background(), settings.stripe(), Clock.systemUTC());
        assertThat(await(others.retrieve(app, "cs_test_1")).session().id()).isNotEmpty();
        StripeHistories histories = new StripeHistories(calls.background(), settings.stripe(), Clock.systemUTC());
        assertThat(await(histories.sessions(app, new Window.Range(null, Instant.now()), null))
                        .objects())
                .hasSize(1);

        assertThat(queries).hasSize(2).noneMatch(query -> query.contains("payment_intent"));
        assertThat(told).isEmpty();
    }
}
