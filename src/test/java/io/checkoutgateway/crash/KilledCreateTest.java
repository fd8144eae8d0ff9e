package io.checkoutgateway.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.crash.CrashSite.Request;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process dies at each step of a create. Its successor finishes the work by itself, and the caller who repeats the
 * request gets the one session.
 */
class KilledCreateTest {
    private static final String CUSTOMERS = "/v1/customers";
    private static final String SESSIONS = "/v1/checkout/sessions";

    private static CrashSite site;

    @BeforeAll
    static void start() {
        site = new CrashSite();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    /** Brings a create to the moment at which the process dies, calls the death, and clears the way afterwards. */
    private interface Moment {
        void of(Request request, Runnable death) throws SQLException;
    }

    static Stream<Arguments> moments() {
        return Stream.of(
                argumentSet("claiming the key", moment(whileLocked("idempotency_keys"))),
                argumentSet("Stripe has not made the customer", moment(whileHeld(CUSTOMERS, Effect.holdBefore()))),
                argumentSet("Stripe made the customer, no answer", moment(whileHeld(CUSTOMERS, Effect.holdAfter()))),
                argumentSet(
                        "Stripe made the customer, writing it down",
                        moment(whileHeldThenLocked(CUSTOMERS, "stripe_customer_links"))),
                argumentSet("Stripe has not made the session", moment(whileHeld(SESSIONS, Effect.holdBefore()))),
                argumentSet("Stripe made the session, no answer", moment(whileHeld(SESSIONS, Effect.holdAfter()))),
                argumentSet(
                        "Stripe made the session, writing it down",
                        moment(whileHeldThenLocked(SESSIONS, "checkout_session_transitions"))),
                argumentSet("everything written down, answering", moment(KilledCreateTest::whenOpen)));
    }

    private static Moment moment(Moment moment) {
        return moment;
    }

    @ParameterizedTest
    @MethodSource("moments")
    void create_processKilled_successorFinishesIt(Moment moment) throws SQLException {
        Request request = site.request();

        moment.of(request, site.gateway()::kill);
        site.restart();

        site.ledgers().agree();
        Answer answer = site.repeatUntilDone(request);
        String session = answer.json().getString("session_id");
        assertThat(site.sandbox().ledger().sessions())
                .as("sessions of the customer at Stripe")
                .filteredOn(made -> request.customer().equals(made.metadata().get("om_customer_id")))
                .singleElement()
                .satisfies(made -> assertThat(made.id()).isEqualTo(session))
                .satisfies(made -> assertThat(made.status()).isEqualTo("open"));
        Answer again = site.send(request).join().expect(201);
        assertThat(again.body()).isEqualTo(answer.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        site.ledgers().agree();
    }

    private static Moment whileHeld(String path, Effect hold) {
        return (request, death) -> {
            Fault fault = site.sandbox().faults().once("POST", path, hold);
            forget(site.send(request));
            TestGateway.await(fault.struck());
            death.run();
            // Stripe goes on with what it was asked, although nobody waits any more.
            fault.release();
        };
    }

    private static Moment whileLocked(String table) {
        return (request, death) -> {
            try (Connection lock = site.locked(table)) {
                forget(site.send(request));
                site.awaitBlockedStatement();
                death.run();
                lock.rollback();
            }
        };
    }

    /** The table is locked while Stripe works, so that only what follows Stripe's answer meets the lock. */
    private static Moment whileHeldThenLocked(String path, String table) {
        return (request, death) -> {
            Fault fault = site.sandbox().faults().once("POST", path, Effect.holdBefore());
            forget(site.send(request));
            TestGateway.await(fault.struck());
            try (Connection lock = site.locked(table)) {
                fault.release();
                site.awaitBlockedStatement();
                death.run();
                lock.rollback();
            }
        };
    }

    private static void whenOpen(Request request, Runnable death) {
        String open = "SELECT id FROM checkout_gateway.checkout_sessions WHERE status = 'open' AND customer_id = '%s'"
                .formatted(request.customer());
        forget(site.send(request));
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> !site.database().rows(open).isEmpty());
        death.run();
    }

    /** The caller's connection dies with the process. */
    private static void forget(CompletableFuture<Answer> answer) {
        answer.exceptionally(broken -> null);
    }
}
