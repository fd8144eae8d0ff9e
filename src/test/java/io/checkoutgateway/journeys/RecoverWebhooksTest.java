package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.OutgoingScene.COMPLETED;
import static io.checkoutgateway.journeys.OutgoingScene.OPENED;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.StandardReceiver;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An endpoint that was away is told what it missed. */
class RecoverWebhooksTest {
    @AutoClose
    private static final OutgoingScene SCENE = OutgoingScene.start();

    @AutoClose
    private final StandardReceiver receiver = new StandardReceiver();

    private JsonObject endpoint = SCENE.endpoint(receiver);

    @BeforeEach
    void forgetTheOthers() {
        SCENE.execute("DELETE FROM checkout_gateway.webhook_deliveries");
        SCENE.execute("DELETE FROM checkout_gateway.feed");
    }

    @AfterEach
    void remove() {
        SCENE.delete(endpoint);
    }

    private static JsonObject since(String time) {
        return new JsonObject().put("since", time);
    }

    private static JsonObject sinceEver() {
        return since("2026-01-01T00:00:00Z");
    }

    private void enable(boolean enabled) {
        SCENE.patch(endpoint, new JsonObject().put("enabled", enabled)).expect(200);
    }

    @Test
    void recover_afterDaysDisabled_sendsWhatWasNeverSentAndWhatWasSkipped() {
        String before = SCENE.news(COMPLETED);
        SCENE.deliver();
        receiver.answersWith(500);
        String pending = SCENE.news(COMPLETED);
        SCENE.deliver();
        enable(false);
        SCENE.tidy();
        String missed = SCENE.news(COMPLETED);
        SCENE.news("stranger", COMPLETED);
        SCENE.deliver();
        SCENE.recover(endpoint, sinceEver()).expect(409);
        enable(true);
        receiver.answersWith(200);

        JsonObject recovered = SCENE.recover(endpoint, sinceEver()).expect(200).json();
        SCENE.deliver();

        assertThat(recovered.getMap()).containsEntry("queued", 2).doesNotContainKey("next");
        assertThat(receiver.ids()).containsExactlyInAnyOrder(before, pending, pending, missed);
        assertThat(SCENE.recover(endpoint, sinceEver()).expect(200).json().getInteger("queued"))
                .as("everything is delivered")
                .isZero();
        assertThat(SCENE.rows(
                        "SELECT count(*) FROM checkout_gateway.audit_log WHERE action = 'webhook_endpoint.recovered'"
                                + " AND resource = 'webhook_endpoint:" + endpoint.getString("id") + "'"))
                .containsExactly(List.of("2"));
    }

    @Test
    void recover_sinceATime_leavesWhatIsOlder() {
        SCENE.delete(endpoint);
        List<String> ids = new ArrayList<>();
        IntStream.range(0, 9).forEach(number -> ids.add(SCENE.news(COMPLETED)));
        // A minute apart, with gaps between their positions.
        SCENE.execute("UPDATE checkout_gateway.feed SET created_at = '2026-11-01T00:00:00Z'::timestamptz"
                + " + make_interval(mins => (position - (SELECT min(position) FROM checkout_gateway.feed))::integer)");
        SCENE.execute("DELETE FROM checkout_gateway.feed WHERE created_at = '2026-11-01T00:04:00Z'");
        SCENE.deliver();
        endpoint = SCENE.endpoint(receiver);

        JsonObject recovered = SCENE.recover(endpoint, since("2026-11-01T00:03:30Z"))
                .expect(200)
                .json();
        SCENE.deliver();

        assertThat(recovered.getInteger("queued")).isEqualTo(4);
        assertThat(receiver.ids()).containsExactlyInAnyOrderElementsOf(ids.subList(5, 9));
        SCENE.recover(endpoint, since("2026-11-01T00:08:30Z")).expect(200);
        SCENE.deliver();
        assertThat(receiver.ids()).hasSize(4);
    }

    @Test
    void recover_typesThatTheEndpointDoesNotWant_areNotSent() {
        SCENE.patch(endpoint, new JsonObject().put("event_types", new JsonArray().add(COMPLETED)))
                .expect(200);
        enable(false);
        SCENE.news(OPENED);
        String wanted = SCENE.news(COMPLETED);
        SCENE.deliver();
        enable(true);

        SCENE.recover(endpoint, sinceEver()).expect(200);
        SCENE.deliver();

        assertThat(receiver.ids()).containsExactly(wanted);
    }

    /** The fan-out has not come so far; it must be the one to bring it, and must not stumble over it. */
    @Test
    void recover_newsThatAreNotFannedOutYet_areSentOnce() {
        String fresh = SCENE.news(COMPLETED);

        assertThat(SCENE.recover(endpoint, sinceEver()).expect(200).json().getInteger("queued"))
                .isZero();
        SCENE.deliver();

        assertThat(receiver.ids()).containsExactly(fresh);
    }

    @Test
    void recover_moreThanOneCallLooksAt_goesOnWhereItEnded() {
        enable(false);
        SCENE.execute("INSERT INTO checkout_gateway.feed (namespace, session_id, sequence, type, data)"
                + " SELECT 'test', '01KAMZ2V5Q8XG6T4N9R5' || lpad(n::text, 6, '0'), 1, 'checkout_session.completed',"
                + " '{\"occurred_at\": \"2026-11-22T08:30:58Z\"}' FROM generate_series(1, 2005) n");
        Awaitility.await().until(() -> {
            SCENE.deliver();
            return SCENE.rows("SELECT 1 FROM checkout_gateway.webhook_fan_out"
                                    + " WHERE position = (SELECT max(position) FROM checkout_gateway.feed)")
                            .size()
                    == 1;
        });
        enable(true);
        SCENE.execute("UPDATE checkout_gateway.webhook_endpoints SET not_before = now() + interval '1 hour'");

        JsonObject first = SCENE.recover(endpoint, sinceEver()).expect(200).json();
        JsonObject rest = SCENE.recover(endpoint, sinceEver().put("after", first.getLong("next")))
                .expect(200)
                .json();

        assertThat(first.getInteger("queued")).isEqualTo(2_000);
        assertThat(rest.getMap()).containsEntry("queued", 5).doesNotContainKey("next");
    }

    @Test
    void recover_timeThatIsNoneAndForeignEndpoint_areRefused() {
        SCENE.recover(endpoint, since("2026-02-30T00:00:00Z")).expect(400);
        SCENE.recover(endpoint, since("yesterday")).expect(400);
        SCENE.recover(endpoint, new JsonObject()).expect(400);
        SCENE.gateway()
                .client("stranger")
                .post(OutgoingScene.ENDPOINTS + "/" + endpoint.getString("id") + "/recover", sinceEver())
                .expect(404);
    }
}
