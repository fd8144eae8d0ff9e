package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.mirror.Finding;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.MirrorRun.Kind;
import io.checkoutgateway.mirror.MirrorRun.State;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.TestGateway;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What differs is found, nothing else is, and it can be mended. */
class DriftReportTest {
    private static final String SESSIONS = "checkout_gateway.checkout_sessions";
    private static final String UNKNOWN = "cs_test_unknown_to_stripe";

    private final MirrorScene scene = new MirrorScene();
    private MirrorScene.Worker worker;

    @BeforeEach
    void copyAnAccount() throws StripeException {
        scene.daysAgo(3, 120, 12);
        scene.daysAgo(0, 6, 3);
        worker = scene.worker();
        MirrorRun backfill = worker.start(Kind.BACKFILL, false);
        worker.workOff();
        assertThat(worker.read(backfill).state()).isEqualTo(State.COMPLETED);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private MirrorRun report(boolean repair) {
        MirrorRun report = worker.start(Kind.DRIFT_REPORT, repair);
        worker.workOff();
        MirrorRun done = worker.read(report);
        assertThat(done.state()).as("%s", done.failure()).isEqualTo(State.COMPLETED);
        return done;
    }

    private String rowOf(String status, int offset) {
        return scene.database()
                .rows(
                        "SELECT stripe_session_id FROM %s WHERE status = '%s' ORDER BY stripe_session_id OFFSET %d LIMIT 1"
                                .formatted(SESSIONS, status, offset))
                .get(0)
                .get(0);
    }

    private void change(String stripeId, String assignments) {
        assertThat(scene.database()
                        .execute("UPDATE %s SET %s WHERE stripe_session_id = '%s'"
                                .formatted(SESSIONS, assignments, stripeId)))
                .isEqualTo(1);
    }

    @Test
    void report_ofAMirrorThatIsTrue_findsNothing() {
        MirrorRun report = report(false);

        assertThat(worker.findings(report)).isEmpty();
        assertThat(report.progress().tally().different()).isZero();
        assertThat(report.progress().seen()).isEqualTo(126);
    }

    @Test
    void report_lineItemsThatNobodyFetches_areNamedAndWishedForByARepair() {
        String sold = scene.database()
                .rows("SELECT stripe_session_id FROM %s WHERE mode = 'payment' LIMIT 1".formatted(SESSIONS))
                .get(0)
                .get(0);
        String wish = "FROM checkout_gateway.follow_ups WHERE kind = 'fetch_line_items' AND subject = '" + sold + "'";
        assertThat(scene.database().execute("DELETE " + wish)).isEqualTo(1);

        assertThat(worker.findings(report(false)))
                .extracting(Finding::stripeSessionId, Finding::kind, Finding::fields, Finding::state)
                .containsExactly(found(sold, Finding.Kind.DIFFERS, List.of("line_items")));
        MirrorRun mended = report(true);

        assertThat(mended.progress().tally().repaired()).isEqualTo(1);
        assertThat(scene.database().rows("SELECT generation " + wish)).containsExactly(List.of("1"));
        assertThat(worker.findings(report(false))).isEmpty();
    }

    @Test
    void report_plantedDifferences_findsEachAndNothingElse_andRepairMendsThem() {
        String wrongStatus = rowOf("open", 0);
        String wrongColumn = rowOf("expired", 0);
        String wrongObject = rowOf("expired", 1);
        String deleted = rowOf("complete", 0);
        change(wrongStatus, "status = 'complete'");
        change(wrongColumn, "payment_status = 'paid'");
        change(wrongObject, "stripe = jsonb_set(stripe, '{expires_at}', '1')");
        assertThat(scene.database()
                        .execute("DELETE FROM %s WHERE stripe_session_id = '%s'".formatted(SESSIONS, deleted)))
                .isEqualTo(1);
        plantUnknown();

        MirrorRun report = report(false);

        assertThat(worker.findings(report))
                .extracting(Finding::stripeSessionId, Finding::kind, Finding::fields, Finding::state)
                .containsExactlyInAnyOrder(
                        found(wrongStatus, Finding.Kind.DIFFERS, List.of("status")),
                        found(wrongColumn, Finding.Kind.DIFFERS, List.of("payment_status")),
                        found(wrongObject, Finding.Kind.DIFFERS, List.of("expires_at")),
                        found(deleted, Finding.Kind.MISSING_HERE, List.of()),
                        found(UNKNOWN, Finding.Kind.MISSING_AT_STRIPE, List.of()));
        assertThat(report.progress().tally().different()).isEqualTo(5);
        assertThat(scene.counted("gateway.mirror.findings", "finding", "differs", "state", "confirmed"))
                .isEqualTo(3);
        assertThat(scene.counted("gateway.mirror.findings", "finding", "missing_here", "state", "confirmed"))
                .isEqualTo(1);
        assertThat(scene.counted("gateway.mirror.findings", "finding", "missing_at_stripe", "state", "confirmed"))
                .isEqualTo(1);

        assertThat(TestGateway.await(worker.mirror().repair(MirrorScene.ACTOR, report.id()))
                        .running())
                .isTrue();
        worker.workOff();

        MirrorRun mended = worker.read(report);
        assertThat(mended.state()).isEqualTo(State.COMPLETED);
        assertThat(mended.progress().tally().repaired()).isEqualTo(5);
        assertThat(mended.progress().tally().different()).isZero();
        assertThat(worker.findings(mended)).allMatch(finding -> finding.state() == Finding.State.REPAIRED);
        assertThat(scene.database()
                        .rows("SELECT status, failure_code FROM %s WHERE stripe_session_id = '%s'"
                                .formatted(SESSIONS, UNKNOWN)))
                .containsExactly(List.of("failed", "missing_at_stripe"));
        assertThat(report(false).progress().tally().different())
                .as("the next report")
                .isZero();
    }

    /** A copy of an open row, about a session that Stripe never had. */
    private void plantUnknown() {
        String open = rowOf("open", 1);
        String copied =
                """
                INSERT INTO %1$s (id, namespace, app_id, livemode, status, mode, stripe_session_id, stripe, stripe_as_of,
                                  stripe_created_at, expires_at)
                SELECT '01KAMZ2V5Q8XG6T4N9R3W7B1CD', namespace, app_id, livemode, status, mode, '%2$s',
                       jsonb_set(stripe, '{id}', '"%2$s"'), stripe_as_of, stripe_created_at, expires_at
                FROM %1$s WHERE stripe_session_id = '%3$s'
                """
                        .formatted(SESSIONS, UNKNOWN, open);
        assertThat(scene.database().execute(copied)).isEqualTo(1);
    }

    /** Findings that were listed and mended before. */
    private void fill(MirrorRun report, int number) {
        String filled =
                """
                INSERT INTO checkout_gateway.mirror_findings (run_id, stripe_session_id, kind, state)
                SELECT '%s', 'cs_test_filler' || n, 'missing_here', 'repaired' FROM generate_series(1, %d) n
                """
                        .formatted(report.id(), number);
        assertThat(scene.database().execute(filled)).isEqualTo(number);
    }

    private static Tuple found(String stripeId, Finding.Kind kind, List<String> fields) {
        return tuple(stripeId, kind, fields, Finding.State.CONFIRMED);
    }

    @Test
    void report_stripeWillNotShowOneSession_leavesItAndJudgesTheOthers() {
        String hidden = rowOf("open", 0);
        String shown = rowOf("open", 1);
        change(hidden, "status = 'complete'");
        change(shown, "status = 'complete'");
        scene.sandbox().faults().add("GET", "/v1/checkout/sessions/" + hidden, 100, Effect.status(400));

        MirrorRun report = report(true);

        assertThat(worker.findings(report))
                .extracting(Finding::stripeSessionId, Finding::state)
                .containsExactlyInAnyOrder(tuple(hidden, Finding.State.LEFT), tuple(shown, Finding.State.REPAIRED));
        assertThat(report.progress().tally().different()).isEqualTo(1);
    }

    @Test
    void report_rowWhoseObjectIsNone_doesNotEndTheReport() {
        String broken = rowOf("expired", 0);
        change(broken, "stripe = '{}'");

        assertThat(worker.findings(report(false)))
                .extracting(Finding::stripeSessionId)
                .containsExactly(broken);
    }

    @Test
    void report_withRepair_mendsAtOnce() {
        String wrong = rowOf("complete", 0);
        change(wrong, "setup_intent_status = 'requires_payment_method', status = 'open'");

        MirrorRun report = report(true);

        assertThat(worker.findings(report)).hasSize(1).allMatch(f -> f.state() == Finding.State.REPAIRED);
        assertThat(scene.counted("gateway.mirror.findings", "finding", "differs", "state", "repaired"))
                .isEqualTo(1);
        scene.ledgers().agreeNow();
    }

    @Test
    void report_sessionChangesBetweenListAndSecondLook_isNotReported() throws StripeException {
        Session elsewhere = scene.open(Mode.SETUP);
        scene.settings().put("GATEWAY_DRIFT_GRACE", "PT1H");
        worker = scene.worker();
        MirrorRun report = worker.start(Kind.DRIFT_REPORT, false);
        worker.workOff();
        assertThat(worker.findings(report))
                .extracting(Finding::stripeSessionId, Finding::state)
                .containsExactly(tuple(elsewhere.getId(), Finding.State.SUSPECTED));

        MirrorRun backfill = worker.start(Kind.BACKFILL, false);
        worker.workOff();

        assertThat(worker.read(backfill).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(report).state()).isEqualTo(State.RUNNING);

        scene.leasesRunOut();
        worker.workOff();

        assertThat(worker.read(report).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.findings(report)).isEmpty();
        assertThat(worker.read(report).progress().tally().different()).isZero();
    }

    @Test
    void report_moreThanAPersonReads_listsTheFirstAndCountsAll() {
        assertThat(scene.database().execute("DELETE FROM " + SESSIONS)).isEqualTo(126);
        MirrorRun report = worker.start(Kind.DRIFT_REPORT, false);
        fill(report, 900);

        worker.workOff();

        assertThat(worker.findings(report)).hasSize(1_000);
        assertThat(worker.read(report).progress().tally().missingHere()).isEqualTo(126);
    }

    @Test
    void repair_wasMadeAndCouldNotBeWrittenDown_isInTheReport() {
        for (int row = 0; row < 3; row++) {
            change(rowOf("expired", row), "payment_status = 'paid'");
        }
        MirrorRun report = worker.start(Kind.DRIFT_REPORT, true);
        assertThat(scene.database()
                        .execute("ALTER TABLE checkout_gateway.mirror_findings"
                                + " ADD CONSTRAINT no_repairs CHECK (state <> 'repaired')"))
                .isZero();
        worker.workOff();
        assertThat(scene.database()
                        .rows("SELECT 1 FROM %s WHERE payment_status = 'paid' AND status = 'expired'"
                                .formatted(SESSIONS)))
                .as("what is not mended yet: a page may begin before the others are found")
                .hasSizeLessThan(3);
        assertThat(worker.read(report).running()).isTrue();

        assertThat(scene.database().execute("ALTER TABLE checkout_gateway.mirror_findings DROP CONSTRAINT no_repairs"))
                .isZero();
        scene.leasesRunOut();
        worker.workOff();

        MirrorRun done = worker.read(report);
        assertThat(done.state()).isEqualTo(State.COMPLETED);
        assertThat(worker.findings(done)).hasSize(3).allMatch(f -> f.state() == Finding.State.REPAIRED);
        assertThat(done.progress().tally().differs()).isEqualTo(3);
        assertThat(done.progress().tally().repaired()).isEqualTo(3);
    }

    @Test
    void repair_ofMoreThanIsListed_mendsAllInOneRun() {
        assertThat(scene.database().execute("DELETE FROM " + SESSIONS)).isEqualTo(126);
        MirrorRun report = worker.start(Kind.DRIFT_REPORT, true);
        fill(report, 1_000);

        worker.workOff();

        assertThat(worker.read(report).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(report).progress().tally().repaired()).isEqualTo(126);
        assertThat(worker.findings(report)).hasSize(1_000);
        scene.ledgers().agreeNow();
    }

    @Test
    void repair_ofAReportThatListsLessThanItFound_findsItAgainAndMendsAll() {
        for (int row = 0; row < 3; row++) {
            change(rowOf("expired", row), "payment_status = 'paid'");
        }
        MirrorRun report = report(false);
        assertThat(scene.database()
                        .execute("DELETE FROM checkout_gateway.mirror_findings WHERE stripe_session_id <> '%s'"
                                .formatted(rowOf("expired", 0))))
                .isEqualTo(2);

        assertThat(TestGateway.await(worker.mirror().repair(MirrorScene.ACTOR, report.id()))
                        .running())
                .isTrue();
        worker.workOff();

        assertThat(worker.read(report).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(report).progress().tally().repaired()).isEqualTo(3);
        assertThat(worker.read(report).progress().tally().different()).isZero();
        assertThat(worker.read(report).progress().seen()).isEqualTo(126);
    }

    @Test
    void report_manySuspects_looksAtThemBeforeItGoesOn() {
        MirrorRun report = worker.start(Kind.DRIFT_REPORT, false);
        assertThat(worker.step()).as("the plan").isTrue();
        assertThat(scene.database()
                        .execute(
                                """
                                INSERT INTO checkout_gateway.mirror_findings (run_id, stripe_session_id, kind, found_at)
                                SELECT '%s', 'cs_test_filler' || n, 'missing_here', now() + interval '1 hour'
                                FROM generate_series(1, 10001) n
                                """
                                        .formatted(report.id())))
                .isEqualTo(10_001);

        worker.workOff();

        assertThat(worker.read(report).running()).isTrue();
        assertThat(worker.read(report).progress().seen()).isZero();
        assertThat(
                        scene.database()
                                .execute(
                                        "DELETE FROM checkout_gateway.mirror_findings WHERE stripe_session_id <> 'cs_test_filler1'"))
                .isEqualTo(10_000);
        worker.workOff();
        assertThat(worker.read(report).progress().seen()).isEqualTo(126);
        assertThat(worker.read(report).running())
                .as("one is still to be looked at")
                .isTrue();
    }
}
