package io.checkoutgateway.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.sandbox.events.DeliveryMode;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The process dies in a connected account's turn. Its successor fetches all that the account's deliveries did not bring. */
class KilledCatchUpTest {
    private static final int SESSIONS = 3;
    private static final String EVENTS = "/v1/events";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static CrashSite site;

    @BeforeAll
    static void start() {
        site = new CrashSite();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    /** Kills the process at a moment of the turn, which its start begins. */
    private interface Death {
        void duringTurn() throws SQLException;
    }

    static Stream<Arguments> moments() {
        return Stream.of(
                argumentSet("Stripe was asked, no answer", death(KilledCatchUpTest::whileAsking)),
                argumentSet("the page was read, writing it down", death(KilledCatchUpTest::whileWriting)));
    }

    private static Death death(Death death) {
        return death;
    }

    private static void whileAsking() {
        Fault fault = site.sandbox().faults().once("GET", EVENTS, Effect.holdBefore());
        site.restart();
        TestGateway.await(fault.struck());
        site.gateway().kill();
        fault.release();
    }

    private static void whileWriting() throws SQLException {
        Fault fault = site.sandbox().faults().once("GET", EVENTS, Effect.holdBefore());
        site.restart();
        TestGateway.await(fault.struck());
        try (Connection lock = site.locked("checkout_gateway.stripe_events")) {
            fault.release();
            site.awaitBlockedStatement();
            site.gateway().kill();
            lock.rollback();
        }
    }

    @ParameterizedTest
    @MethodSource("moments")
    void kill_inAConnectedAccountsTurn_itsSuccessorFetchesAll(Death death) throws SQLException {
        String account = "acct_1KilledCatchUp%04d".formatted(COUNT.incrementAndGet());
        site.sandbox().connect(account);
        List<String> sessions =
                Stream.generate(() -> open(account)).limit(SESSIONS).toList();
        site.sandbox().deliveries().mode(new DeliveryMode(false, 0, 1, Duration.ZERO));
        sessions.forEach(session -> HostedPage.of(site.sandbox(), session).pay(HostedPage.GOOD_CARD));
        site.sandbox().deliveries().mode(DeliveryMode.kind());

        turnIsDue(account);
        death.duringTurn();
        turnIsDue(account);
        site.restart();

        Awaitility.await().untilAsserted(() -> assertThat(sessions)
                .extracting(KilledCatchUpTest::statusOf)
                .containsOnly("complete"));
        site.endPauses();
        site.truth().agree();
    }

    private static String open(String account) {
        JsonObject body = new JsonObject()
                .put("customer", new JsonObject().put("id", site.customer()))
                .put("stripe_account", account)
                .put(
                        "stripe_options",
                        new JsonObject()
                                .put("success_url", "https://shop.example/done")
                                .put("currency", "EUR"));
        return site.client()
                .post("/api/v1/checkout-sessions", body)
                .expect(201)
                .json()
                .getString("stripe_session_id");
    }

    private static String statusOf(String session) {
        return site.client()
                .get("/api/v1/checkout-sessions/" + session)
                .expect(200)
                .json()
                .getString("status");
    }

    /** As if the account's pause, and every lease of a turn, were over. */
    private static void turnIsDue(String account) {
        site.database()
                .execute("UPDATE checkout_gateway.connected_accounts SET due_at = now() WHERE account = '" + account
                        + "'");
        site.database().execute("UPDATE checkout_gateway.catch_ups SET lease_until = now()");
    }
}
