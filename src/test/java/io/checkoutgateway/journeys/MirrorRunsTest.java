package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.Refusals.assertNames;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Backfills and drift reports over the API; the gateway's own rounds do the work. */
class MirrorRunsTest {
    /** Findings wait for the test. */
    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("GATEWAY_DRIFT_GRACE", "PT1H"));

    private static final String BACKFILLS = "/api/v1/admin/backfills";
    private static final String REPORTS = "/api/v1/admin/drift-reports";

    private static ContractClient client() {
        return GATEWAY.client();
    }

    private static JsonObject over(String path) {
        return Awaitility.await().until(() -> client().get(path).expect(200).json(), run -> !run.getString("state")
                .equals("running"));
    }

    /** As if what is suspected had been for a day; the second look is taken without waiting for its round. */
    private static void graceIsOver() {
        Awaitility.await().until(() -> GATEWAY.database()
                .rows("SELECT 1 FROM checkout_gateway.mirror_windows"
                        + " WHERE part <> 'findings' AND state = 'pending'")
                .isEmpty());
        assertThat(GATEWAY.database()
                        .execute("UPDATE checkout_gateway.mirror_findings SET found_at = found_at - interval '1 day'"))
                .isPositive();
        assertThat(GATEWAY.database()
                        .execute("UPDATE checkout_gateway.mirror_windows SET next_attempt_at = now()"
                                + " WHERE part = 'findings'"))
                .isPositive();
        workNow();
    }

    private static void workNow() {
        Awaitility.await().until(() -> !await(GATEWAY.get().gateway().mirrorNow()));
    }

    @Test
    void createBackfill_isDoneInTheBackground_andCanBeReadAndListed() {
        JsonObject started =
                client().post(BACKFILLS, new JsonObject()).expect(201).json();

        JsonObject done = over(BACKFILLS + "/" + started.getString("id"));

        assertThat(done.getString("state")).isEqualTo("completed");
        assertThat(done.getInteger("windows_done")).isEqualTo(done.getInteger("windows"));
        assertThat(client().get(BACKFILLS + "?page[size]=100").expect(200).json().getJsonArray("data").stream()
                        .map(run -> ((JsonObject) run).getString("id")))
                .contains(started.getString("id"));
        client().post(BACKFILLS + "/" + started.getString("id") + "/cancel").expect(409);
    }

    @Test
    void resumeBackfill_thatWasCalledOff_goesOn_andOneThatIsCompletedIsAConflict() {
        // Its first window is somebody's while it is called off.
        Fault held = GATEWAY.sandbox().faults().once("GET", "/v1/checkout/sessions", Effect.holdBefore());
        JsonObject started =
                client().post(BACKFILLS, new JsonObject()).expect(201).json();
        String path = BACKFILLS + "/" + started.getString("id");
        await(held.struck());
        client().post(path + "/cancel").expect(200);
        held.release();

        JsonObject resumed = client().post(path + "/resume").expect(200).json();

        assertThat(resumed.getString("state")).isIn("running", "completed");
        assertThat(over(path).getString("state")).isEqualTo("completed");
        client().post(path + "/resume").expect(409);
    }

    @Test
    void createBackfill_repeatedWithItsKey_isTheSameRun() {
        ContractClient keyed =
                client().with("Idempotency-Key", UUID.randomUUID().toString());
        JsonObject range = new JsonObject().put("from", "2026-01-01T00:00:00Z");

        JsonObject first = keyed.post(BACKFILLS, range).expect(201).json();
        ContractClient.Answer second = keyed.post(BACKFILLS, range).expect(201);

        assertThat(second.json()).isEqualTo(first);
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(over(BACKFILLS + "/" + first.getString("id")).getString("from"))
                .startsWith("2026-01-01T00:00:00");
    }

    static Stream<Arguments> noTimes() {
        return Stream.of(
                argumentSet("in the future", "{\"to\": \"2999-01-01T00:00:00Z\"}", "to", "must not be in the future"),
                argumentSet(
                        "the end first",
                        "{\"from\": \"2026-01-02T00:00:00Z\", \"to\": \"2026-01-01T00:00:00Z\"}",
                        "from",
                        "must be before to"),
                argumentSet("no time", "{\"from\": \"yesterday\"}", "from", "must be a time in UTC"),
                argumentSet("no such day", "{\"from\": \"2026-02-30T00:00:00Z\"}", "from", "not a time that exists"),
                argumentSet("another name", "{\"since\": \"2026-01-01T00:00:00Z\"}", "since", "not a known property"));
    }

    @ParameterizedTest
    @MethodSource("noTimes")
    void createBackfill_timeThatIsNone_isRefusedByName(String body, String field, String reason) {
        assertNames(client().post(BACKFILLS, body).expect(400), field, reason);
    }

    @Test
    void driftReport_eventsArriveWhileItRuns_reportsNothingFalse() {
        over(BACKFILLS + "/"
                + client().post(BACKFILLS, new JsonObject()).expect(201).json().getString("id"));
        List<JsonObject> sessions =
                Stream.generate(GATEWAY::openSession).limit(5).toList();
        GATEWAY.settle();
        GATEWAY.sandbox().deliveries().pause();
        sessions.forEach(session -> HostedPage.of(GATEWAY.sandbox(), session.getString("session_id"))
                .pay(HostedPage.GOOD_CARD));
        JsonObject report = client().post(REPORTS, new JsonObject()).expect(201).json();
        String path = REPORTS + "/" + report.getString("id");
        assertThat(Awaitility.await()
                        .until(
                                () -> client().get(path + "/findings")
                                        .expect(200)
                                        .json(),
                                found -> found.getJsonArray("data").size() == 5)
                        .getJsonArray("data"))
                .allMatch(finding -> ((JsonObject) finding).getString("state").equals("suspected"));

        GATEWAY.sandbox().deliveries().resume();
        GATEWAY.settle();
        graceIsOver();

        JsonObject done = over(path);
        assertThat(done.getString("state")).isEqualTo("completed");
        assertThat(done.getLong("differs")).isZero();
        assertThat(client().get(path + "/findings").expect(200).json().getJsonArray("data"))
                .isEmpty();
    }

    @Test
    void driftReport_ofARowThatWentAstray_namesItsFields_andRepairMendsIt() {
        String id = GATEWAY.openSession().getString("session_id");
        GATEWAY.settle();
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET status = 'expired'"
                        + " WHERE stripe_session_id = '" + id + "'");
        String path = REPORTS + "/"
                + client().post(REPORTS, new JsonObject()).expect(201).json().getString("id");
        client().post(path + "/repair").expect(409);
        graceIsOver();
        assertThat(over(path).getLong("differs")).isEqualTo(1);

        client().post(path + "/repair").expect(200);
        workNow();
        assertThat(over(path).getLong("repaired")).isEqualTo(1);

        JsonObject finding = client().get(path + "/findings")
                .expect(200)
                .json()
                .getJsonArray("data")
                .getJsonObject(0);
        assertThat(finding.getJsonArray("fields").getList()).isEqualTo(List.of("status"));
        assertThat(finding.getString("state")).isEqualTo("repaired");
        assertThat(GATEWAY.read(id).getString("status")).isEqualTo("open");
    }

    @Test
    void metrics_afterABackfill_showWhatItDid() {
        over(BACKFILLS + "/"
                + client().post(BACKFILLS, new JsonObject()).expect(201).json().getString("id"));

        Awaitility.await().untilAsserted(() -> assertThat(metrics())
                .contains("gateway_mirror_run_active{kind=\"backfill\"} 0.0")
                .contains("gateway_mirror_runs_finished_total{kind=\"backfill\",state=\"completed\"}")
                .contains("gateway_mirror_catch_up_age_seconds"));
    }

    private static String metrics() {
        await(GATEWAY.get().gateway().mirrorNow());
        return GATEWAY.get().metrics();
    }

    @Test
    void runs_ofAnotherNamespace_doNotExist() {
        String backfill = BACKFILLS + "/"
                + client().post(BACKFILLS, new JsonObject()).expect(201).json().getString("id");
        over(backfill);
        ContractClient stranger = GATEWAY.get().client("stranger");

        stranger.get(backfill).expect(404);
        stranger.post(backfill + "/cancel").expect(404);
        stranger.post(BACKFILLS, new JsonObject()).expect(404);
        assertThat(stranger.get(BACKFILLS).expect(200).json().getJsonArray("data"))
                .isEmpty();
        client().get(backfill.replace("backfills", "drift-reports")).expect(404);
        client().get(backfill.replace("backfills", "drift-reports") + "/findings")
                .expect(404);
        client().anonymous().get(backfill).expect(401);
    }
}
