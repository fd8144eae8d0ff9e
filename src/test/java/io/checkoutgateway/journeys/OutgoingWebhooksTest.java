package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.OutgoingScene.COMPLETED;
import static io.checkoutgateway.journeys.OutgoingScene.ENDPOINTS;
import static io.checkoutgateway.journeys.OutgoingScene.OPENED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.StandardReceiver.Received;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** News on their way to those who want them. */
class OutgoingWebhooksTest {
    @AutoClose
    private static final OutgoingScene SCENE = OutgoingScene.start();

    @AutoClose
    private final StandardReceiver receiver = new StandardReceiver();

    private final JsonObject endpoint = SCENE.endpoint(receiver);

    @AfterEach
    void remove() {
        SCENE.delete(endpoint);
    }

    private String secret() {
        return endpoint.getString("secret");
    }

    @Test
    void deliver_news_arrivesSignedAndIsNoted() {
        String id = SCENE.news(COMPLETED);

        SCENE.deliver();

        assertThat(receiver.received()).hasSize(1);
        Received received = receiver.received().get(0);
        assertThat(received.id()).isEqualTo(id);
        assertThat(received.verifies(secret())).isTrue();
        assertThat(received.verifies(secret(), received.body().replace("complete", "expired")))
                .isFalse();
        assertThat(received.json().getString("type")).isEqualTo(COMPLETED);
        assertThat(received.json().getString("timestamp")).isEqualTo("2026-11-22T08:30:58Z");
        assertThat(received.json().getJsonObject("data").getString("status")).isEqualTo("complete");
        JsonObject delivery = SCENE.delivery(endpoint);
        assertThat(delivery.getString("webhook_id")).isEqualTo(id);
        assertThat(delivery.getString("state")).isEqualTo("delivered");
        assertThat(delivery.getInteger("last_status")).isEqualTo(200);
        SCENE.deliver();
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void message_ofADelivery_isWhatWasSent() {
        SCENE.news(COMPLETED);
        SCENE.deliver();
        String path = ENDPOINTS + "/" + endpoint.getString("id") + "/deliveries/";

        JsonObject message = SCENE.client()
                .get(path + SCENE.delivery(endpoint).getLong("id") + "/message")
                .expect(200)
                .json();

        assertThat(message).isEqualTo(receiver.received().get(0).json());
        SCENE.client().get(path + "999999/message").expect(404);
    }

    @Test
    void deliver_typesNotAskedForAndOtherNamespaces_areNotTold() {
        SCENE.patch(endpoint, new JsonObject().put("event_types", new JsonArray().add(COMPLETED)))
                .expect(200);
        SCENE.news(OPENED);
        SCENE.news("stranger", COMPLETED);
        String wanted = SCENE.news(COMPLETED);

        SCENE.deliver();

        assertThat(receiver.ids()).containsExactly(wanted);
    }

    @Test
    void deliver_newsFromBeforeTheEndpoint_areNotTold() {
        SCENE.news(COMPLETED);
        try (StandardReceiver late = new StandardReceiver()) {
            JsonObject newcomer = SCENE.endpoint(late);
            SCENE.deliver();

            assertThat(receiver.received()).hasSize(1);
            assertThat(late.received()).isEmpty();
            SCENE.delete(newcomer).expect(204);
        }
    }

    @Test
    void deliver_failure_isTriedAgainLaterWithTheSameId() {
        receiver.answersWith(500);
        String id = SCENE.news(COMPLETED);

        Instant before = SCENE.now();
        SCENE.deliver();
        Instant after = SCENE.now();

        JsonObject failed = SCENE.delivery(endpoint);
        assertThat(failed.getString("state")).isEqualTo("pending");
        assertThat(failed.getInteger("last_status")).isEqualTo(500);
        assertThat(Instant.parse(failed.getString("next_attempt_at")))
                .isBetween(before.plusSeconds(4), after.plusSeconds(6));
        assertThat(SCENE.read(endpoint).getString("failing_since")).isNotNull();
        SCENE.execute("UPDATE checkout_gateway.webhook_deliveries SET next_attempt_at = now() + interval '5 minutes'");
        SCENE.deliver();
        assertThat(receiver.ids()).as("before it is time").containsExactly(id);

        receiver.answersWith(204);
        SCENE.deliverLater();

        assertThat(receiver.ids()).containsExactly(id, id);
        assertThat(receiver.received().get(1).verifies(secret())).isTrue();
        assertThat(receiver.received().get(1).body())
                .isEqualTo(receiver.received().get(0).body());
        assertThat(SCENE.delivery(endpoint).getInteger("attempts")).isEqualTo(2);
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("delivered");
        assertThat(SCENE.read(endpoint).getString("failing_since")).isNull();
    }

    @Test
    void deliver_retryAfter_putsOffEverythingForTheEndpoint() {
        receiver.answers(request -> request.response()
                .setStatusCode(429)
                .putHeader("Retry-After", "3600")
                .end());
        SCENE.news(COMPLETED);
        Instant before = SCENE.now();
        SCENE.deliver();
        Instant after = SCENE.now();
        SCENE.news(COMPLETED);
        SCENE.deliver();

        assertThat(receiver.received()).hasSize(1);
        assertThat(Instant.parse(SCENE.deliveries(endpoint, "").get(1).getString("next_attempt_at")))
                .isBetween(before.plusSeconds(3_600), after.plusSeconds(3_600));
    }

    @Test
    void deliver_tenthFailure_isTheLast() {
        receiver.answersWith(302);
        SCENE.news(COMPLETED);
        for (int attempt = 1; attempt <= 12; attempt++) {
            SCENE.deliverLater();
        }

        assertThat(receiver.received()).hasSize(10);
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("failed");
        assertThat(SCENE.deliveries(endpoint, "?filter[state]=failed")).hasSize(1);
        assertThat(SCENE.deliveries(endpoint, "?filter[state]=pending")).isEmpty();
    }

    @Test
    void redeliver_failedDelivery_isSentAgainWithTheSameId() {
        receiver.answersWith(302);
        String id = SCENE.news(COMPLETED);
        SCENE.deliver();
        SCENE.execute("UPDATE checkout_gateway.webhook_deliveries SET attempts = 9");
        SCENE.deliverLater();
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("failed");

        receiver.answersWith(200);
        JsonObject again =
                SCENE.redeliver(endpoint, SCENE.delivery(endpoint)).expect(200).json();
        SCENE.deliver();

        assertThat(again.getString("state")).isEqualTo("pending");
        assertThat(receiver.ids()).containsOnly(id).hasSize(3);
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("delivered");
        assertThat(SCENE.delivery(endpoint).getInteger("attempts")).isEqualTo(1);
    }

    @Test
    void deliver_410_disablesTheEndpointAtOnce() {
        receiver.answersWith(410);
        SCENE.news(COMPLETED);
        SCENE.deliver();
        SCENE.news(COMPLETED);
        SCENE.deliver();

        assertThat(receiver.received()).hasSize(1);
        assertThat(SCENE.read(endpoint).getBoolean("enabled")).isFalse();
        assertThat(SCENE.read(endpoint).getString("disabled_reason")).isEqualTo("gone");
        assertThat(SCENE.rows("SELECT actor FROM checkout_gateway.audit_log WHERE action = 'webhook_endpoint.disabled'"
                        + " AND resource = 'webhook_endpoint:" + endpoint.getString("id") + "'"))
                .containsExactly(List.of("gateway"));
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("failed");
    }

    @Test
    void deliver_failureForDays_disablesTheEndpointAndWhatWaitedCanBeRedelivered() {
        receiver.answersWith(500);
        String first = SCENE.news(COMPLETED);
        SCENE.deliver();
        failingFor("4 days 23 hours");
        SCENE.deliverLater();
        assertThat(SCENE.read(endpoint).getBoolean("enabled")).isTrue();

        failingFor("5 days 1 hour");
        SCENE.deliverLater();
        SCENE.tidy();

        JsonObject disabled = SCENE.read(endpoint);
        assertThat(disabled.getString("disabled_reason")).isEqualTo("failing");
        assertThat(disabled.getInteger("version")).isEqualTo(2);
        JsonObject skipped = SCENE.delivery(endpoint);
        assertThat(skipped.getString("state")).isEqualTo("skipped");
        SCENE.redeliver(endpoint, skipped).expect(409);

        receiver.answersWith(200);
        JsonObject enabled = SCENE.patch(endpoint, new JsonObject().put("enabled", true))
                .expect(200)
                .json();
        assertThat(enabled.getString("failing_since")).isNull();
        SCENE.redeliver(endpoint, skipped).expect(200);
        SCENE.deliver();
        assertThat(receiver.ids()).containsOnly(first);
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("delivered");
    }

    /** Nothing was sent in between: a quiet endpoint is not told more often. */
    @Test
    void deliver_failuresFarApart_areNotOneFailing() {
        receiver.answersWith(500);
        SCENE.news(COMPLETED);
        SCENE.deliver();
        failingFor("6 days");
        lastFailedBefore("37 hours");
        SCENE.deliverLater();

        JsonObject again = SCENE.read(endpoint);
        assertThat(again.getBoolean("enabled")).isTrue();
        assertThat(Instant.parse(again.getString("failing_since")))
                .isAfter(Instant.now().minusSeconds(600));

        failingFor("6 days");
        lastFailedBefore("35 hours");
        SCENE.deliverLater();
        assertThat(SCENE.read(endpoint).getString("disabled_reason")).isEqualTo("failing");
    }

    private void lastFailedBefore(String interval) {
        SCENE.execute(
                "UPDATE checkout_gateway.webhook_endpoints SET last_failed_at = now() - interval '%s' WHERE id = '%s'"
                        .formatted(interval, endpoint.getString("id")));
    }

    static Stream<Arguments> verdicts() {
        return Stream.of(
                argumentSet("gone", 410, "0"),
                argumentSet("a failure", 500, "0"),
                argumentSet("a wish for silence", 503, "3600"));
    }

    /** The owner has moved the endpoint while a message was under way to where it was. */
    @ParameterizedTest
    @MethodSource("verdicts")
    void deliver_failureOfTheUrlBefore_isNotHeldAgainstTheNew(int status, String retryAfter) {
        try (StandardReceiver moved = new StandardReceiver()) {
            receiver.answers(request -> {
                SCENE.patch(endpoint, new JsonObject().put("url", moved.url())).expect(200);
                request.response()
                        .setStatusCode(status)
                        .putHeader("Retry-After", retryAfter)
                        .end();
            });
            String id = SCENE.news(COMPLETED);

            SCENE.deliver();
            SCENE.deliver();

            Awaitility.await().untilAsserted(() -> assertThat(moved.ids()).containsExactly(id));
            Awaitility.await()
                    .until(() -> SCENE.delivery(endpoint).getString("state").equals("delivered"));
            assertThat(receiver.ids()).containsExactly(id);
            assertThat(SCENE.read(endpoint).getBoolean("enabled")).isTrue();
            assertThat(SCENE.read(endpoint).getString("failing_since")).isNull();
            assertThat(SCENE.delivery(endpoint).getInteger("attempts")).isEqualTo(1);
        }
    }

    @Test
    void deliver_goneFromBeforeItWasEnabledAgain_doesNotDisableIt() {
        receiver.answers(request -> {
            SCENE.patch(endpoint, new JsonObject().put("enabled", false)).expect(200);
            SCENE.patch(endpoint, new JsonObject().put("enabled", true)).expect(200);
            receiver.answersWith(200);
            request.response().setStatusCode(410).end();
        });
        String id = SCENE.news(COMPLETED);

        SCENE.deliver();
        SCENE.deliver();

        Awaitility.await().untilAsserted(() -> assertThat(receiver.ids()).containsExactly(id, id));
        assertThat(SCENE.read(endpoint).getBoolean("enabled")).isTrue();
    }

    @Test
    void test_messageThatArrives_endsTheFailing() {
        receiver.answersWith(500);
        SCENE.news(COMPLETED);
        SCENE.deliver();
        String path = ENDPOINTS + "/" + endpoint.getString("id") + "/test";

        SCENE.client().post(path).expect(200);
        assertThat(SCENE.read(endpoint).getString("failing_since")).isNotNull();

        receiver.answersWith(200);
        SCENE.client().post(path).expect(200);
        assertThat(SCENE.read(endpoint).getString("failing_since")).isNull();
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("pending");
    }

    private void failingFor(String interval) {
        SCENE.execute(
                "UPDATE checkout_gateway.webhook_endpoints SET failing_since = now() - interval '%s' WHERE id = '%s'"
                        .formatted(interval, endpoint.getString("id")));
    }

    @Test
    void rotateSecret_bothSecretsVerifyForADay_thenOnlyTheNew() {
        JsonObject rotated = SCENE.client()
                .post(ENDPOINTS + "/" + endpoint.getString("id") + "/rotate-secret")
                .expect(200)
                .json();
        String newest = rotated.getString("secret");
        SCENE.news(COMPLETED);
        SCENE.deliver();

        assertThat(newest).isNotEqualTo(secret());
        Received both = receiver.received().get(0);
        assertThat(both.verifies(secret())).isTrue();
        assertThat(both.verifies(newest)).isTrue();

        SCENE.execute("UPDATE checkout_gateway.webhook_secrets SET expires_at = now() WHERE expires_at IS NOT NULL");
        SCENE.news(COMPLETED);
        SCENE.deliver();

        Received one = receiver.received().get(1);
        assertThat(one.verifies(secret())).isFalse();
        assertThat(one.verifies(newest)).isTrue();
    }

    @Test
    void rotateSecret_withoutOverlap_endsEveryOlderSecretAtOnce() {
        String path = ENDPOINTS + "/" + endpoint.getString("id") + "/rotate-secret";
        String second = SCENE.client().post(path).expect(200).json().getString("secret");
        IntStream.range(0, 3).forEach(more -> SCENE.client().post(path).expect(200));

        String newest = SCENE.client()
                .post(path, new JsonObject().put("overlap_seconds", 0))
                .expect(200)
                .json()
                .getString("secret");
        SCENE.news(COMPLETED);
        SCENE.deliver();

        Received received = receiver.received().get(0);
        assertThat(received.verifies(newest)).isTrue();
        assertThat(received.verifies(second)).as("it had hours left").isFalse();
        assertThat(received.verifies(secret())).isFalse();
    }

    @Test
    void rotateSecret_shorterOverlap_isHeld() {
        SCENE.client()
                .post(
                        ENDPOINTS + "/" + endpoint.getString("id") + "/rotate-secret",
                        new JsonObject().put("overlap_seconds", 60))
                .expect(200);

        assertThat(SCENE.rows("SELECT extract(epoch FROM expires_at - now()) BETWEEN 30 AND 60"
                        + " FROM checkout_gateway.webhook_secrets WHERE expires_at IS NOT NULL"))
                .containsExactly(List.of("t"));
    }

    /** Another process took the delivery over, as happens when this one dies before it can note the answer. */
    @Test
    void deliver_answerThatNobodyCouldNote_isSentAgainWithTheSameId() {
        receiver.answers(request -> {
            SCENE.execute("UPDATE checkout_gateway.webhook_deliveries SET claim = claim + 1 WHERE state = 'pending'");
            request.response().end();
        });
        String id = SCENE.news(COMPLETED);
        SCENE.deliver();
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("pending");
        SCENE.deliver();
        assertThat(receiver.ids()).as("while the lease lasts").containsExactly(id);

        receiver.answersWith(200);
        SCENE.deliverLater();

        assertThat(receiver.ids()).containsExactly(id, id);
        assertThat(SCENE.delivery(endpoint).getString("state")).isEqualTo("delivered");
    }

    @Test
    void test_endpoint_tellsWhatCameBack_andChangesNothing() {
        String path = ENDPOINTS + "/" + endpoint.getString("id") + "/test";
        JsonObject good = SCENE.client().post(path).expect(200).json();

        assertThat(good.getBoolean("delivered")).isTrue();
        Received received = receiver.received().get(0);
        assertThat(received.id()).isEqualTo(good.getString("webhook_id"));
        assertThat(received.verifies(secret())).isTrue();
        assertThat(received.json().getString("type")).isEqualTo("webhook_endpoint.test");

        receiver.answersWith(404);
        JsonObject bad = SCENE.client().post(path).expect(200).json();
        assertThat(bad.getBoolean("delivered")).isFalse();
        assertThat(bad.getInteger("status")).isEqualTo(404);
        assertThat(SCENE.read(endpoint).getString("failing_since")).isNull();
        assertThat(SCENE.deliveries(endpoint, "")).isEmpty();
    }

    @Test
    void tidy_oldDeliveriesAndThoseOfRemovedEndpoints_areForgotten() {
        SCENE.news(COMPLETED);
        SCENE.deliver();
        SCENE.news(COMPLETED);
        SCENE.deliver();
        SCENE.execute("UPDATE checkout_gateway.webhook_deliveries SET settled_at = now() - interval '31 days'"
                + " WHERE position = (SELECT min(position) FROM checkout_gateway.webhook_deliveries WHERE endpoint_id = '%s')"
                        .formatted(endpoint.getString("id")));
        SCENE.tidy();
        assertThat(SCENE.deliveries(endpoint, "")).hasSize(1);

        SCENE.delete(endpoint).expect(204);
        SCENE.tidy();
        assertThat(SCENE.rows("SELECT 1 FROM checkout_gateway.webhook_deliveries WHERE endpoint_id = '%s'"
                        .formatted(endpoint.getString("id"))))
                .isEmpty();
        assertThat(SCENE.rows("SELECT 1 FROM checkout_gateway.webhook_endpoints WHERE id = '%s'"
                        .formatted(endpoint.getString("id"))))
                .isEmpty();
    }

    @Test
    void metrics_afterDeliveries_tellAttemptsAndBacklog() {
        SCENE.tidy();
        double delivered = valueOf("gateway_outgoing_latency_seconds_count");
        double waited = valueOf("gateway_outgoing_latency_seconds_sum");
        SCENE.news(COMPLETED);
        SCENE.execute("UPDATE checkout_gateway.feed SET created_at = now() - interval '90 seconds'"
                + " WHERE position = (SELECT max(position) FROM checkout_gateway.feed)");
        SCENE.deliver();
        assertThat(valueOf("gateway_outgoing_latency_seconds_count")).isEqualTo(delivered + 1);
        assertThat(valueOf("gateway_outgoing_latency_seconds_sum") - waited).isBetween(90.0, 150.0);

        receiver.answersWith(500);
        SCENE.news(COMPLETED);
        SCENE.deliver();
        SCENE.execute("UPDATE checkout_gateway.webhook_deliveries SET published_at = now() - interval '2 hours'"
                + " WHERE state = 'pending'");
        SCENE.tidy();

        assertThat(valueOf("gateway_outgoing_oldest_pending_seconds")).isBetween(7_200.0, 7_260.0);
        assertThat(SCENE.gateway().metrics())
                .contains("gateway_outgoing_attempt_seconds_count{outcome=\"status\"}")
                .contains("gateway_outgoing_pending 1.0")
                .contains("gateway_outgoing_endpoints_failing 1.0")
                .contains("gateway_outgoing_endpoints_disabled");
    }

    @Test
    void metrics_moreWaitsThanIsCounted_tellThatItIsFarTooMuch() {
        String id = endpoint.getString("id");
        SCENE.execute("INSERT INTO checkout_gateway.webhook_deliveries"
                + " (endpoint_id, position, message_id, session_id, type, data, published_at, next_attempt_at)"
                + " SELECT '" + id + "', 1000000 + n, 'msg_' || n, 's' || n, '" + COMPLETED + "', '{}',"
                + " now() - interval '1 day', now() + interval '1 hour' FROM generate_series(1, 10050) n");
        TestGateway.await(SCENE.gateway().gateway().tidyDeliveriesNow());

        assertThat(valueOf("gateway_outgoing_pending")).isEqualTo(10_000);
        assertThat(valueOf("gateway_outgoing_oldest_pending_seconds")).isBetween(86_400.0, 86_460.0);
        SCENE.execute("DELETE FROM checkout_gateway.webhook_deliveries WHERE endpoint_id = '" + id + "'");
    }

    private static double valueOf(String metric) {
        return SCENE.gateway().metric(metric).orElse(0);
    }
}
