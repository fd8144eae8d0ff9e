package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the management port says of the inbox, in numbers. */
class EventMetricsTest {
    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of("GATEWAY_EVENTS_ATTEMPTS", "1"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void deliver(SignedEvent event, int status) {
        gateway.client()
                .anonymous()
                .with("Stripe-Signature", event.signature())
                .post(gateway.webhookUrl().getPath(), event.body())
                .expect(status);
    }

    private static JsonObject opened() {
        return SignedEvent.event(
                "checkout.session.async_payment_failed",
                new JsonObject()
                        .put("object", "checkout.session")
                        .put("id", "cs_test_metrics")
                        .put("mode", "payment")
                        .put("status", "complete")
                        .put("payment_status", "unpaid")
                        .put("livemode", false)
                        .put("created", 1_795_334_400));
    }

    /** The value of this series, counted without a pause; not a number when there is none. */
    private double value(String series) {
        gateway.gateway().countSoon();
        return gateway.metric(series).orElse(Double.NaN);
    }

    private void awaitValue(String series, double expected) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(value(series)).as(series).isEqualTo(expected));
    }

    @Test
    void metrics_eventsOfEveryOutcome_areCountedOnce() {
        SignedEvent applied = SignedEvent.of(opened().encode());
        deliver(applied, 200);
        deliver(applied, 200);
        deliver(
                SignedEvent.of(
                        SignedEvent.event("invoice.paid", new JsonObject()).encode()),
                200);
        deliver(
                SignedEvent.of(SignedEvent.event("checkout.session.completed", new JsonObject())
                        .encode()),
                200);

        awaitValue("gateway_events_settled_total{outcome=\"applied\"}", 1);
        awaitValue("gateway_events_settled_total{outcome=\"ignored\"}", 1);
        awaitValue("gateway_events_settled_total{outcome=\"quarantined\"}", 1);
        awaitValue("gateway_events_quarantined", 1);
        awaitValue("gateway_events_pending", 0);
        awaitValue("gateway_events_oldest_pending_seconds", 0);
        assertThat(value("gateway_events_received_total{duplicate=\"false\"}")).isEqualTo(3);
        assertThat(value("gateway_events_received_total{duplicate=\"true\"}")).isEqualTo(1);
        assertThat(value("gateway_events_wait_seconds_count")).isEqualTo(1);
        assertThat(value("gateway_events_wait_seconds_sum")).isBetween(0.0, 60.0);
        assertThat(value("gateway_events_lag_seconds_count")).isEqualTo(1);
    }

    @Test
    void lag_eventOfAnotherVersion_isUpToTheReadingItCalledForAndOnceOnly() {
        Fault held = gateway.sandbox().faults().once("GET", "/v1/checkout/sessions/*", Effect.holdBefore());
        JsonObject event = opened().put("api_version", "2020-08-27")
                .put("created", Instant.now().minusSeconds(3_600).getEpochSecond());
        deliver(SignedEvent.of(event.encode()), 200);
        awaitValue("gateway_events_settled_total{outcome=\"applied\"}", 1);
        TestGateway.await(held.struck());
        assertThat(value("gateway_events_lag_seconds_count")).isZero();

        held.release();

        awaitValue("gateway_events_wait_seconds_count", 1);
        assertThat(value("gateway_events_lag_seconds_count")).isEqualTo(1);
        assertThat(value("gateway_events_lag_seconds_sum")).isBetween(3_600.0, 3_700.0);
        assertThat(value("gateway_events_wait_seconds_sum")).isBetween(0.0, 60.0);

        gateway.client()
                .post("/api/v1/admin/events/%s/replay".formatted(event.getString("id")))
                .expect(200);

        awaitValue("gateway_follow_ups_settled_total{kind=\"read_session\",result=\"done\"}", 2);
        assertThat(value("gateway_events_lag_seconds_count")).isEqualTo(1);
    }

    /** The row's lock is held: the worker's round does not end. */
    @Test
    void metrics_workerHangs_depthAndAgeGoOnBeingRead() throws SQLException {
        deliver(SignedEvent.of(opened().encode()), 200);
        awaitValue("gateway_events_settled_total{outcome=\"applied\"}", 1);

        try (Connection holder = gateway.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE checkout_gateway.checkout_sessions IN ACCESS EXCLUSIVE MODE");
            deliver(SignedEvent.of(opened().encode()), 200);
            deliver(SignedEvent.of(opened().encode()), 200);

            awaitValue("gateway_events_pending", 2);
            Awaitility.await().untilAsserted(() -> assertThat(value("gateway_events_oldest_pending_seconds"))
                    .isPositive());
            holder.rollback();
        }
        awaitValue("gateway_events_pending", 0);
    }

    @Test
    void metrics_followUpHangs_whatWaitsGoesOnBeingCounted() {
        Fault held = gateway.sandbox().faults().once("GET", "/v1/checkout/sessions/*", Effect.holdBefore());
        deliver(SignedEvent.of(opened().put("api_version", "2020-08-27").encode()), 200);
        TestGateway.await(held.struck());

        awaitValue("gateway_follow_ups_pending", 1);
        gateway.database()
                .execute(
                        "INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state, next_attempt_at)"
                                + " SELECT id, 'read_session', 'cs_' || n, 'given_up', now() FROM apps, generate_series(1, 3) n");

        awaitValue("gateway_follow_ups_given_up", 3);
        held.release();
        awaitValue("gateway_follow_ups_pending", 0);
    }

    @Test
    void refusedDeliveries_ofAnApp_areCountedAndListedWithoutWhatTheySaid() {
        SignedEvent forged = SignedEvent.of(opened().encode(), "whsec_of_someone_else", Instant.now());
        deliver(forged, 400);
        deliver(forged, 400);
        deliver(SignedEvent.of("no event"), 400);
        String app = gateway.webhookUrl().getPath().split("/")[4];

        awaitValue("gateway_events_refused_total{app=\"%s\",reason=\"signature_no_match\"}".formatted(app), 2);
        gateway.gateway().countSoon();
        Awaitility.await().untilAsserted(() -> assertThat(
                        gateway
                                .client()
                                .get("/api/v1/admin/refused-deliveries")
                                .expect(200)
                                .json()
                                .getJsonArray("data")
                                .stream()
                                .map(JsonObject.class::cast)
                                .map(entry -> "%s %s %d %s"
                                        .formatted(
                                                entry.getString("app_id"),
                                                entry.getString("reason"),
                                                entry.getLong("count"),
                                                entry.getString("last_address"))))
                .containsExactlyInAnyOrder(app + " signature_no_match 2 127.0.0.1", app + " not_an_event 1 127.0.0.1"));
        assertThat(gateway.client("stranger")
                        .get("/api/v1/admin/refused-deliveries")
                        .expect(200)
                        .json()
                        .getJsonArray("data"))
                .isEmpty();
        assertThat(gateway.database().rows("SELECT 1 FROM checkout_gateway.stripe_events"))
                .isEmpty();
    }
}
