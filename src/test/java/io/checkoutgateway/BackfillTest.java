package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.MirrorRun.Kind;
import io.checkoutgateway.mirror.MirrorRun.State;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.TestGateway;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All sessions of an account, made by others, become rows: whoever does it, and whoever dies over it. */
class BackfillTest {
    private static final String ROWS = "SELECT count(*) FROM checkout_gateway.checkout_sessions";
    private static final String TRANSITIONS = "SELECT count(*) FROM checkout_gateway.checkout_session_transitions";

    private final MirrorScene scene = new MirrorScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private int count(String sql) {
        return Integer.parseInt(scene.database().rows(sql).get(0).get(0));
    }

    @Test
    void backfill_sessionsOfAllModesAndTimes_makesRowsThatSayTheSame() throws StripeException {
        scene.daysAgo(40, 130, 20);
        scene.daysAgo(3, 60, 30);
        scene.open(Mode.SETUP);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);

        worker.workOff();

        MirrorRun done = worker.read(run);
        assertThat(done.state()).isEqualTo(State.COMPLETED);
        assertThat(done.progress().seen()).isEqualTo(191);
        assertThat(done.progress().tally().added()).isEqualTo(191);
        assertThat(done.progress().windows()).isBetween(2, 100);
        scene.ledgers().agreeNow();
        assertThat(scene.database().rows("SELECT DISTINCT mode FROM checkout_gateway.checkout_sessions ORDER BY mode"))
                .containsExactly(List.of("payment"), List.of("setup"), List.of("subscription"));
        assertThat(
                        count(
                                "SELECT count(*) FROM checkout_gateway.checkout_sessions WHERE setup_intent_status = 'succeeded'"))
                .isPositive();
    }

    @Test
    void backfill_besideAProcessWithoutTheAppsKey_isLeftToThoseThatHaveIt() throws StripeException {
        scene.daysAgo(3, 3, 1);
        MirrorScene.Worker serving = scene.worker();
        MirrorRun run = serving.start(Kind.BACKFILL, false);
        assertThat(scene.settings().remove("STRIPE_API_KEY")).isNotNull();
        MirrorScene.Worker keyless = scene.command();

        assertThat(keyless.step()).as("it finds out").isTrue();
        for (int look = 0; look < 12; look++) {
            assertThat(keyless.step()).as("it takes nothing from the others").isFalse();
        }

        assertThat(scene.database()
                        .rows("SELECT failures, next_attempt_at <= now() FROM checkout_gateway.mirror_windows"))
                .containsExactly(List.of("0", "t"));
        serving.workOff();
        assertThat(serving.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(serving.read(run).progress().seen()).isEqualTo(3);
    }

    @Test
    void backfill_appIsUninstalled_fails() throws StripeException {
        scene.daysAgo(3, 3, 1);
        MirrorScene.Worker serving = scene.worker();
        MirrorRun run = serving.start(Kind.BACKFILL, false);
        assertThat(scene.settings().remove("STRIPE_API_KEY")).isNotNull();
        MirrorScene.Worker keyless = scene.command();
        int left = scene.database()
                .execute("UPDATE checkout_gateway.apps SET configured = false, is_default = false, state = 'leaving',"
                        + " deleted_at = now()");
        assertThat(left).isEqualTo(1);

        for (int look = 0; look < 10; look++) {
            assertThat(keyless.step()).isTrue();
            scene.leasesRunOut();
        }

        assertThat(serving.read(run).state()).isEqualTo(State.FAILED);
    }

    @Test
    void backfill_again_changesNothing() throws StripeException {
        scene.daysAgo(2, 30, 10);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun first = worker.start(Kind.BACKFILL, false);
        worker.workOff();
        assertThat(worker.read(first).state()).isEqualTo(State.COMPLETED);
        int transitions = count(TRANSITIONS);

        MirrorRun second = worker.start(Kind.BACKFILL, false);
        worker.workOff();

        assertThat(worker.read(second).progress().seen()).isEqualTo(30);
        assertThat(worker.read(second).progress().tally().added()).isZero();
        assertThat(worker.read(second).progress().tally().changed()).isZero();
        assertThat(count(TRANSITIONS)).isEqualTo(transitions);
    }

    @Test
    void backfill_processesDieOverAndOver_isFinishedByOthersAndNothingIsDoneTwice() throws StripeException {
        scene.daysAgo(5, 230, 5);
        Random random = new Random(18);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);
        assertThat(worker.step()).as("the plan").isTrue();
        int deaths = 4;

        for (int death = 0; death < deaths; death++) {
            for (int page = random.nextInt(2); page > 0; page--) {
                assertThat(worker.step()).isTrue();
            }
            worker.dieWhileStripeAnswers();
            scene.leasesRunOut();
            worker = scene.worker();
        }
        worker.workOff();

        MirrorRun done = worker.read(run);
        assertThat(done.state()).isEqualTo(State.COMPLETED);
        assertThat(done.progress().seen()).isEqualTo(230);
        assertThat(done.progress().tally().added()).isEqualTo(230);
        assertThat(count(TRANSITIONS)).as("each session was added once").isEqualTo(230);
        assertThat(scene.pagesAnswered())
                .as("each page is asked for once, but for those that a death interrupted")
                .isLessThanOrEqualTo(done.progress().pages() + deaths);
        scene.ledgers().agreeNow();
    }

    @Test
    void backfill_pageWasDoneAndCouldNotBeWrittenDown_isDoneAgainAndChangesNothing() throws StripeException {
        scene.daysAgo(1, 20, 6);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);
        assertThat(worker.step()).as("the plan").isTrue();
        assertThat(scene.database()
                        .execute("ALTER TABLE checkout_gateway.mirror_windows"
                                + " ADD CONSTRAINT no_progress CHECK (part = 'plan' OR pages = 0)"))
                .isZero();
        while (count(ROWS) < 20) {
            scene.leasesRunOut();
            assertThat(worker.step()).isTrue();
        }
        assertThat(worker.read(run).progress().seen())
                .as("what is written down")
                .isZero();

        assertThat(scene.database().execute("ALTER TABLE checkout_gateway.mirror_windows DROP CONSTRAINT no_progress"))
                .isZero();
        scene.leasesRunOut();
        worker.workOff();

        assertThat(worker.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(run).progress().seen()).isEqualTo(20);
        assertThat(count(TRANSITIONS)).isEqualTo(20);
        scene.ledgers().agreeNow();
    }

    @Test
    void backfill_sessionsOfOurOwnCreates_adoptsOnlyWhatNobodyWorksAt() throws StripeException {
        MirrorScene.Worker worker = scene.worker();
        ours("01KAMZ2V5Q8XG6T4N9R3W7B1C1", "'creating', NULL, NULL, NULL");
        ours("01KAMZ2V5Q8XG6T4N9R3W7B1C2", "'failed', 'abandoned', NULL, NULL");
        Session held = scene.open(Mode.SETUP);
        ours("01KAMZ2V5Q8XG6T4N9R3W7B1C3", "'open', NULL, '%s', '{}'".formatted(held.getId()));
        Session underWay = scene.openAsOurs("01KAMZ2V5Q8XG6T4N9R3W7B1C1");
        Session abandoned = scene.openAsOurs("01KAMZ2V5Q8XG6T4N9R3W7B1C2");
        Session ended = scene.openAsOurs("01KAMZ2V5Q8XG6T4N9R3W7B1C3").expire();
        scene.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET stripe = '%s', stripe_as_of = now()"
                                .formatted(held.getLastResponse().body().replace("'", "''"))
                        + " WHERE status = 'open'");
        MirrorRun run = worker.start(Kind.BACKFILL, false);

        worker.workOff();

        assertThat(worker.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(run).progress().tally().unreadable()).isZero();
        assertThat(scene.database()
                        .rows("SELECT right(id, 2), stripe_session_id, status FROM checkout_gateway.checkout_sessions"
                                + " ORDER BY id"))
                .containsExactly(
                        List.of("C1", "null", "creating"),
                        List.of("C2", abandoned.getId(), "open"),
                        List.of("C3", held.getId(), "open"));
        MirrorRun report = worker.start(Kind.DRIFT_REPORT, false);
        worker.workOff();
        assertThat(worker.findings(report))
                .noneMatch(finding -> finding.stripeSessionId().equals(underWay.getId())
                        || finding.stripeSessionId().equals(ended.getId()));
    }

    private void ours(String id, String statusFailureStripeIdAndObject) {
        String row =
                """
                INSERT INTO checkout_gateway.checkout_sessions (
                    id, namespace, app_id, livemode, lease_until, status, failure_code, stripe_session_id, stripe)
                SELECT '%s', namespace, id, livemode, now() + interval '1 hour', %s FROM checkout_gateway.apps
                """
                        .formatted(id, statusFailureStripeIdAndObject);
        assertThat(scene.database().execute(row)).isEqualTo(1);
    }

    @Test
    void start_afterManyRuns_forgetsTheOldest() {
        scene.worker().start(Kind.BACKFILL, false);
        scene.worker().workOff();
        String many =
                """
                INSERT INTO checkout_gateway.mirror_runs (id, namespace, app_id, kind, state, range_to, finished_at)
                SELECT lpad(n::text, 26, '0'), namespace, app_id, kind, 'completed', range_to, now()
                FROM checkout_gateway.mirror_runs, generate_series(1, 150) n
                """;
        assertThat(scene.database().execute(many)).isEqualTo(150);

        MirrorRun newest = scene.worker().start(Kind.BACKFILL, false);

        assertThat(count("SELECT count(*) FROM checkout_gateway.mirror_runs")).isEqualTo(100);
        assertThat(scene.worker().read(newest).running()).isTrue();
    }

    @Test
    void backfill_twoReplicas_shareThePages() throws StripeException {
        scene.daysAgo(4, 40, 0);
        MirrorScene.Worker one = scene.worker();
        MirrorScene.Worker other = scene.worker();
        MirrorRun run = one.start(Kind.BACKFILL, false);
        assertThat(one.step()).isTrue();

        boolean more = true;
        while (more) {
            more = one.step() | other.step();
        }

        assertThat(other.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(other.read(run).progress().tally().added()).isEqualTo(40);
        assertThat(scene.pagesAnswered()).isEqualTo(other.read(run).progress().pages() - 1);
    }

    @Test
    void backfill_onePoisonSession_isCountedAndTheRestIsDone() throws StripeException {
        Session good = scene.open(Mode.SETUP);
        Session poison = scene.open(Mode.PAYMENT);
        scene.refuseRowsWhere("NEW.stripe_session_id = '%s'".formatted(poison.getId()), "checkout_sessions", "23514");
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);

        worker.workOff();

        assertThat(worker.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(run).progress().tally().unreadable()).isEqualTo(1);
        assertThat(scene.database().rows("SELECT stripe_session_id FROM checkout_gateway.checkout_sessions"))
                .containsExactly(List.of(good.getId()));
    }

    @Test
    void backfill_stripeRefusesForGood_failsWithTheReasonAndIsNotDone() throws StripeException {
        scene.open(Mode.SETUP);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);
        assertThat(worker.step()).as("the plan").isTrue();
        scene.sandbox().faults().add("GET", "/v1/checkout/sessions", 1_000, Effect.status(400));

        for (int attempt = 0; worker.read(run).running(); attempt++) {
            assertThat(attempt).as("attempts are bounded").isLessThan(100);
            assertThat(worker.step()).isTrue();
            scene.leasesRunOut();
        }

        assertThat(worker.read(run).state()).isEqualTo(State.FAILED);
        assertThat(worker.read(run).failure()).contains("Stripe refused");
        assertThat(worker.step()).as("nothing is left to do").isFalse();
        assertThat(count(ROWS)).isZero();
    }

    @Test
    void backfill_keyOfAnotherAccount_failsBeforeItTouchesARow() throws StripeException {
        scene.open(Mode.SETUP);
        scene.settings().put("STRIPE_ACCOUNT_ID", "acct_another");
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);

        worker.workOff();

        assertThat(worker.read(run).state()).isEqualTo(State.FAILED);
        assertThat(worker.read(run).failure()).contains("acct_another");
        assertThat(count(ROWS)).isZero();
    }

    @Test
    void start_whileAnotherRuns_isAConflict_andAfterACancelIsNot() throws StripeException {
        scene.daysAgo(2, 3, 0);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);

        assertThatThrownBy(() -> worker.start(Kind.BACKFILL, false))
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.reason())
                        .isEqualTo(Reason.CONFLICT));
        assertThat(TestGateway.await(worker.mirror().cancel(MirrorScene.ACTOR, Kind.BACKFILL, run.id()))
                        .state())
                .isEqualTo(State.CANCELED);
        assertThat(worker.step()).as("a canceled run is not worked at").isFalse();

        MirrorRun next = worker.start(Kind.BACKFILL, false);
        worker.workOff();
        assertThat(worker.read(next).state()).isEqualTo(State.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40P01", "40001", "25006", "55P03", "XX000"})
    void backfill_databaseRefusesOneRowForAMoment_storesItTheNextTime(String sqlState) throws StripeException {
        scene.daysAgo(1, 3, 0);
        scene.refuseTheSecondRow("checkout_sessions", sqlState);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);

        worker.workOff();
        scene.leasesRunOut();
        worker.workOff();

        assertThat(worker.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(run).progress().tally().unreadable()).isZero();
        scene.ledgers().agreeNow();
        assertThat(count(ROWS)).isEqualTo(3);
    }

    @Test
    void backfill_reasonThatPasses_waitsForItsEndHoweverLongAndSaysSo() throws StripeException {
        scene.daysAgo(1, 3, 0);
        scene.refuseRows("checkout_sessions", "25006");
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);
        for (int round = 0; round < 30; round++) {
            worker.workOff();
            scene.leasesRunOut();
        }
        assertThat(worker.read(run).running()).isTrue();
        assertThat(worker.read(run).waiting()).isEqualTo("The database cannot be used at the moment");

        scene.refuseNoMore("checkout_sessions");
        worker.workOff();

        assertThat(worker.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(run).waiting()).isNull();
        assertThat(count(ROWS)).isEqualTo(3);
    }

    @Test
    void backfill_leasesLostOverAndOver_isNotGivenUp() throws StripeException {
        scene.daysAgo(1, 3, 0);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);
        assertThat(worker.step()).as("the plan").isTrue();
        assertThat(scene.database().execute("UPDATE checkout_gateway.mirror_windows SET attempts = 50"))
                .isPositive();
        scene.sandbox().faults().once("GET", "/v1/checkout/sessions", Effect.status(400));

        worker.workOff();
        scene.leasesRunOut();
        worker.workOff();

        assertThat(worker.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(count(ROWS)).isEqualTo(3);
    }

    @Test
    void resume_ofAFailedBackfill_goesOnWhereItStopped() throws StripeException {
        scene.daysAgo(2, 230, 0);
        MirrorScene.Worker worker = scene.worker();
        MirrorRun run = worker.start(Kind.BACKFILL, false);
        assertThat(worker.step()).as("the plan").isTrue();
        while (worker.read(run).progress().seen() < 100) {
            assertThat(worker.step()).isTrue();
        }
        scene.sandbox().faults().add("GET", "/v1/checkout/sessions", 1_000, Effect.status(400));
        while (worker.read(run).running()) {
            worker.workOff();
            scene.leasesRunOut();
        }
        assertThat(worker.read(run).state()).isEqualTo(State.FAILED);
        scene.sandbox().faults().clear();
        long pages = worker.read(run).progress().pages();

        MirrorRun resumed = TestGateway.await(worker.mirror().resume(MirrorScene.ACTOR, Kind.BACKFILL, run.id()));
        worker.workOff();

        assertThat(resumed.running()).isTrue();
        assertThat(resumed.failure()).isNull();
        assertThat(resumed.progress().pages()).isEqualTo(pages);
        assertThat(worker.read(run).state()).isEqualTo(State.COMPLETED);
        assertThat(worker.read(run).progress().seen()).isEqualTo(230);
        assertThat(scene.database()
                        .rows("SELECT action FROM checkout_gateway.audit_log WHERE action = 'backfill.resumed'"))
                .hasSize(1);
        assertThatThrownBy(() -> TestGateway.await(worker.mirror().resume(MirrorScene.ACTOR, Kind.BACKFILL, run.id())))
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.reason())
                        .isEqualTo(Reason.CONFLICT));
    }
}
