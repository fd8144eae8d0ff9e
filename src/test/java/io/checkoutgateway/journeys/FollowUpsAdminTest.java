package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is to be done at Stripe can be seen, begun again and dropped, by those whose it is. */
class FollowUpsAdminTest {
    private static final String FOLLOW_UPS = "/api/v1/admin/follow-ups";

    private static TestGateway gateway;
    private static String app;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
        app = TestGateway.await(gateway.gateway().app()).id();
    }

    @AfterEach
    void forget() {
        gateway.database().execute("DELETE FROM checkout_gateway.follow_ups");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** One that nobody is at and that is not due by itself. */
    private static String add(String kind, String subject, String state) {
        gateway.database()
                .execute("INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state, attempts,"
                        + " next_attempt_at, outcome) VALUES ('%s', '%s', '%s', '%s', 3, now() + interval '1 hour', 'no luck')"
                                .formatted(app, kind, subject, state));
        return gateway.database()
                .rows("SELECT id FROM checkout_gateway.follow_ups WHERE subject = '" + subject + "' AND kind = '" + kind
                        + "'")
                .get(0)
                .get(0);
    }

    private static JsonArray listed(String query) {
        return gateway.client().get(FOLLOW_UPS + query).expect(200).json().getJsonArray("data");
    }

    private static List<String> subjects(String query) {
        return listed(query).stream()
                .map(each -> ((JsonObject) each).getString("subject"))
                .toList();
    }

    private static void isGone(String id) {
        Awaitility.await()
                .untilAsserted(() -> gateway.client().get(FOLLOW_UPS + "/" + id).expect(404));
    }

    private static List<List<String>> audited(String action) {
        return gateway.database()
                .rows("SELECT resource FROM checkout_gateway.audit_log WHERE action = '" + action + "' ORDER BY id");
    }

    @Test
    void listFollowUps_givenUp_saysWhatWentWrong() {
        String id = add("read_session", "cs_1", "given_up");

        JsonObject shown = listed("?filter[state]=given_up").getJsonObject(0);

        assertThat(shown.getLong("id")).hasToString(id);
        assertThat(shown.getString("outcome")).isEqualTo("no luck");
        assertThat(shown.getInteger("attempts")).isEqualTo(3);
        assertThat(shown.containsKey("next_attempt_at")).isFalse();
        assertThat(shown.getBoolean("background")).isFalse();
        assertThat(shown.containsKey("happened_at")).isFalse();
        assertThat(shown.containsKey("waiting_since")).isFalse();
        assertThat(gateway.client().get(FOLLOW_UPS + "/" + id).expect(200).json())
                .isEqualTo(shown);
    }

    @Test
    void getFollowUp_inTheBackgroundWithEventsThatWait_saysSoAndSinceWhen() {
        String id = add("read_session", "cs_1", "given_up");
        gateway.database()
                .execute("UPDATE checkout_gateway.follow_ups SET background = true, set_up_at = '2026-11-22T09:00:00Z',"
                        + " events_created = '{2026-11-22T09:00:01Z,2026-11-22T09:00:02Z}',"
                        + " events_received = '{2026-11-22T09:00:03Z,2026-11-22T09:00:04Z}' WHERE id = " + id);

        JsonObject shown =
                gateway.client().get(FOLLOW_UPS + "/" + id).expect(200).json();

        assertThat(shown.getBoolean("background")).isTrue();
        assertThat(shown.getInstant("happened_at")).isEqualTo("2026-11-22T09:00:00Z");
        assertThat(shown.getInstant("waiting_since")).isEqualTo("2026-11-22T09:00:03Z");
    }

    @Test
    void listFollowUps_filters_mustAllHold() {
        add("read_session", "cs_1", "given_up");
        add("fetch_line_items", "cs_1", "pending");
        add("read_setup_intent", "seti_1", "pending");

        assertThat(listed("")).hasSize(3);
        assertThat(listed("?filter[subject]=cs_1")).hasSize(2);
        assertThat(listed("?filter[subject]=cs_1&filter[kind]=read_session")).hasSize(1);
        assertThat(subjects("?filter[state]=pending")).containsExactly("cs_1", "seti_1");
        assertThat(listed("?filter[app_id]=" + app)).hasSize(3);
        assertThat(listed("?filter[app_id]=01KAMZ2V5Q8XG6T4N9R3W7B1CD")).isEmpty();
        gateway.client().get(FOLLOW_UPS + "?filter[kind]=sing").expect(400);
    }

    @Test
    void listFollowUps_inPages_showsEachOnce() {
        add("read_session", "cs_1", "given_up");
        add("read_session", "cs_2", "given_up");
        add("read_session", "cs_3", "given_up");

        JsonObject first =
                gateway.client().get(FOLLOW_UPS + "?page[size]=2").expect(200).json();
        String next = first.getJsonObject("meta").getJsonObject("page").getString("next");

        assertThat(first.getJsonArray("data")).hasSize(2);
        assertThat(subjects("?page[size]=2&page[after]=" + next)).containsExactly("cs_3");
    }

    @Test
    void retryFollowUp_givenUp_isDoneAndGone() {
        String id = add("read_session", "cs_test_none", "given_up");

        JsonObject retried = gateway.client()
                .post(FOLLOW_UPS + "/" + id + "/retry")
                .expect(200)
                .json();

        assertThat(retried.getString("state")).isEqualTo("pending");
        assertThat(retried.getInteger("attempts")).isZero();
        isGone(id);
        assertThat(audited("follow_up.retried")).contains(List.of("follow_up:" + id));
    }

    @Test
    void retryFollowUps_allThatMatch_areDoneAndToldOnce() {
        add("read_session", "cs_test_none1", "given_up");
        add("read_session", "cs_test_none2", "given_up");
        String other = add("fetch_line_items", "cs_test_none3", "given_up");
        JsonObject wanted = new JsonObject().put("state", "given_up").put("kind", "read_session");

        JsonObject counted = gateway.client()
                .post(FOLLOW_UPS + "/retry", wanted.copy().put("dry_run", true))
                .expect(200)
                .json();
        assertThat(listed("?filter[state]=given_up")).hasSize(3);
        JsonObject retried =
                gateway.client().post(FOLLOW_UPS + "/retry", wanted).expect(200).json();

        assertThat(counted).isEqualTo(new JsonObject().put("count", 2).put("dry_run", true));
        assertThat(retried).isEqualTo(new JsonObject().put("count", 2).put("dry_run", false));
        Awaitility.await().untilAsserted(() -> assertThat(listed("")).hasSize(1));
        assertThat(listed("").getJsonObject(0).getLong("id")).hasToString(other);
        assertThat(audited("follow_ups.retried"))
                .containsExactly(List.of("follow_ups:state=given_up,kind=read_session"));
    }

    @Test
    void dropFollowUp_givenUp_isForgotten_othersStay() {
        String givenUp = add("read_session", "cs_1", "given_up");
        String pending = add("read_session", "cs_2", "pending");

        drop(gateway.client(), givenUp).expect(204);
        drop(gateway.client(), pending).expect(409);

        drop(gateway.client(), givenUp).expect(404);
        gateway.client().get(FOLLOW_UPS + "/" + pending).expect(200);
        assertThat(audited("follow_up.dropped")).containsExactly(List.of("follow_up:" + givenUp));
    }

    private static ContractClient.Answer drop(ContractClient client, String id) {
        return client.send("DELETE", FOLLOW_UPS + "/" + id, BodyPublishers.noBody(), null);
    }

    @Test
    void followUps_ofAnotherNamespace_doNotExist() {
        String id = add("read_session", "cs_1", "given_up");
        ContractClient stranger = gateway.client("stranger");

        assertThat(stranger.get(FOLLOW_UPS).expect(200).json().getJsonArray("data"))
                .isEmpty();
        assertThat(stranger.get(FOLLOW_UPS + "?filter[app_id]=" + app)
                        .expect(200)
                        .json()
                        .getJsonArray("data"))
                .isEmpty();
        assertThat(stranger.post(
                                FOLLOW_UPS + "/retry",
                                new JsonObject().put("state", "given_up").put("app_id", app))
                        .expect(200)
                        .json()
                        .getInteger("count"))
                .isZero();
        stranger.post(FOLLOW_UPS + "/" + id + "/retry").expect(404);
        drop(stranger, id).expect(404);
        assertThat(listed("?filter[state]=given_up")).hasSize(1);
    }
}
