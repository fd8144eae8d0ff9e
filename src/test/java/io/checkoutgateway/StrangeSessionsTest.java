package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.MirrorRun.Kind;
import io.checkoutgateway.mirror.MirrorRun.State;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.PlainHttp;
import io.checkoutgateway.testing.StrangeMembers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that say less than they could, or something else: they are kept as they are and hinder no other. */
class StrangeSessionsTest {
    private static final Set<String> NEEDED = Set.of("object", "id", "mode", "created");
    private static final String LIST = "/v1/checkout/sessions";
    private static final String ROWS = "SELECT stripe_session_id, stripe FROM checkout_gateway.checkout_sessions";

    private final MirrorScene scene = new MirrorScene();
    private final List<JsonObject> listed = new ArrayList<>();
    private MirrorScene.Worker worker;
    private JsonObject whole;

    @BeforeEach
    void readOne() throws StripeException {
        worker = scene.worker();
        whole = retrieve(scene.open(Mode.PAYMENT).getId());
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private JsonObject retrieve(String id) {
        return new JsonObject(PlainHttp.send(HttpRequest.newBuilder(
                                URI.create(scene.sandbox().baseUri() + LIST + "/" + id))
                        .header("Authorization", "Bearer " + scene.settings().get("STRIPE_API_KEY")))
                .body());
    }

    private JsonObject named(String id, JsonObject session) {
        return session.getValue("id") instanceof String ? session.put("id", "cs_test_" + id) : session;
    }

    private void list(JsonObject session) {
        listed.add(session);
    }

    /** Does the run while Stripe's newest sessions are those of this test. */
    private MirrorRun run(Kind kind, boolean repair) {
        String list = new JsonObject()
                .put("object", "list")
                .put("has_more", false)
                .put("url", LIST)
                .put("data", new JsonArray(listed))
                .encode();
        Fault answer = scene.sandbox().faults().once("GET", LIST, new Effect.Garbage(200, list));
        MirrorRun run = worker.start(kind, repair);
        for (int attempt = 0; worker.read(run).running() && attempt < 20; attempt++) {
            worker.workOff();
            scene.leasesRunOut();
        }
        assertThat(answer.struck().isComplete()).as("the list was asked for").isTrue();
        MirrorRun done = worker.read(run);
        assertThat(done.state()).as("%s", done.failure()).isEqualTo(State.COMPLETED);
        return done;
    }

    private Map<String, JsonObject> rows() {
        return scene.database().rows(ROWS).stream()
                .collect(Collectors.toMap(row -> row.get(0), row -> new JsonObject(row.get(1))));
    }

    @Test
    void backfill_eachMemberOfASessionIsNull_isKeptAsItIsAndEqualsItsReport() {
        for (String member : whole.fieldNames()) {
            list(named(member, whole.copy().putNull(member)));
        }

        MirrorRun backfill = run(Kind.BACKFILL, false);

        Map<String, JsonObject> rows = rows();
        listed.stream()
                .filter(session -> NEEDED.stream().allMatch(needed -> session.getValue(needed) != null))
                .forEach(
                        session -> assertThat(rows.get(session.getString("id"))).isEqualTo(session));
        assertThat(rows).hasSize(whole.size() - NEEDED.size());
        assertThat(backfill.progress().tally().unreadable()).isEqualTo(NEEDED.size());

        assertThat(run(Kind.DRIFT_REPORT, false).progress().tally().different()).isZero();
    }

    @Test
    void backfill_eachMemberOfASessionIsOfAnotherKind_isAtWorstCountedAndHindersNoOther() {
        for (String member : whole.fieldNames()) {
            for (int strange = 0; strange < StrangeMembers.VALUES.size(); strange++) {
                list(named(member + strange, whole.copy().put(member, StrangeMembers.VALUES.get(strange))));
            }
        }
        JsonObject good = named("good", whole.copy());
        list(good);

        assertThat(run(Kind.BACKFILL, false).progress().seen()).isPositive();

        assertThat(rows().get("cs_test_good")).isEqualTo(good);
        assertThat(rows()).hasSizeGreaterThan(listed.size() / 2);
        run(Kind.DRIFT_REPORT, true);
    }

    @Test
    void backfill_sessionWithoutStatus_isWhatItsMembersTell() {
        list(named("paid", whole.copy().putNull("status").put("payment_status", "paid")));
        list(named("over", whole.copy().putNull("status").put("expires_at", 1_700_000_000L)));
        list(named("waiting", whole.copy().putNull("status")));

        run(Kind.BACKFILL, false);

        assertThat(scene.database().rows("SELECT stripe_session_id, status FROM checkout_gateway.checkout_sessions"))
                .containsExactlyInAnyOrder(
                        List.of("cs_test_paid", "complete"),
                        List.of("cs_test_over", "expired"),
                        List.of("cs_test_waiting", "open"));
        assertThat(run(Kind.DRIFT_REPORT, false).progress().tally().different()).isZero();
    }
}
