package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.MirrorRun.Kind;
import io.checkoutgateway.mirror.SessionPull;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.CommandProcess;
import io.checkoutgateway.testing.CommandProcess.Ended;
import io.checkoutgateway.testing.TestGateway;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class MirrorConsoleTest {
    private static final String APPS =
            "SELECT id, state, configured, billing_profile, is_default, masked_api_key, version FROM checkout_gateway.apps";

    private final MirrorScene scene = new MirrorScene();
    private final MirrorScene.Worker serving = scene.worker();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        scene.close();
    }

    private MirrorConsole console(boolean terminal) {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return MirrorConsole.open(Settings.of(scene.settings()), out, terminal);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static Mirror.Wish all(Kind kind) {
        return new Mirror.Wish(kind, null, null, null, null, false);
    }

    /** What a person at another machine may have set, or forgotten. */
    static Stream<Arguments> settingsOfOthers() {
        return Stream.of(
                argumentSet("no key", Map.of("STRIPE_API_KEY", "")),
                argumentSet("an older key", Map.of("STRIPE_API_KEY", "sk_test_anOlderKeyOfTheSameAccount")),
                argumentSet(
                        "a key of the other mode",
                        Map.of(
                                "STRIPE_API_KEY",
                                "sk_live_aKeyOfTheOtherModeForThisTest",
                                "STRIPE_API_BASE",
                                "https://api.stripe.com")),
                argumentSet("another namespace", Map.of("GATEWAY_NAMESPACE", "another")));
    }

    @ParameterizedTest
    @MethodSource("settingsOfOthers")
    void open_settingsOfOthers_leavesTheServingAppAsItIs(Map<String, String> others) {
        List<List<String>> before = scene.database().rows(APPS);
        scene.settings().putAll(others);

        try (MirrorConsole console = console(false)) {
            console.list(TestGateway.NAMESPACE, Kind.BACKFILL, ProgressLine::text);
        }

        assertThat(scene.database().rows(APPS)).isEqualTo(before).hasSize(1);
    }

    @Test
    void work_noTerminal_printsPlainLinesAndEndsWithTheSum() throws StripeException {
        scene.daysAgo(20, 7, 2);

        try (MirrorConsole console = console(false)) {
            MirrorRun run = console.work(console.namespace(), all(Kind.BACKFILL));
            console.list(console.namespace(), Kind.BACKFILL, ProgressLine::text);

            assertThat(MirrorCommands.codeOf(run)).isEqualTo(MirrorCommands.OK);
            assertThat(text()).contains("run " + run.id(), "completed", "7 seen, 7 added");
            assertThat(text()).doesNotContain("\r");
            assertThat(text().lines().filter(line -> line.startsWith(run.id()))).hasSize(2);
        }
        scene.ledgers().agreeNow();
    }

    @Test
    void work_connectedAccount_saysWhoseSessionsAreCopied() throws StripeException {
        String account = "acct_1ConsoleShop000";
        scene.sandbox().connect(account);
        scene.daysAgo(2, 3, 0);

        try (MirrorConsole console = console(false)) {
            Mirror.Wish wish = new Mirror.Wish(Kind.BACKFILL, null, account, null, null, false);
            MirrorRun run = console.work(console.namespace(), wish);

            assertThat(run.state()).isEqualTo(MirrorRun.State.COMPLETED);
            assertThat(run.account()).isEqualTo(account);
            assertThat(text()).contains("of " + account, "0 seen, 0 added");
        }
    }

    @Test
    void work_terminal_movesABar() throws StripeException {
        scene.daysAgo(1, 2, 0);

        try (MirrorConsole console = console(true)) {
            MirrorRun run = console.work(console.namespace(), all(Kind.BACKFILL));

            assertThat(run.state()).isEqualTo(MirrorRun.State.COMPLETED);
            assertThat(text()).contains("\r[");
        }
    }

    @Test
    void work_runUnderWay_joinsItAndFinishesIt() throws StripeException {
        scene.daysAgo(1, 4, 0);
        MirrorRun begun = serving.start(Kind.BACKFILL, false);

        try (MirrorConsole console = console(false)) {
            MirrorRun run = console.work(console.namespace(), all(Kind.BACKFILL));

            assertThat(run.id()).isEqualTo(begun.id());
            assertThat(run.state()).isEqualTo(MirrorRun.State.COMPLETED);
            assertThat(text()).contains("joins it");
        }
    }

    @Test
    void drift_somethingDiffers_namesItAndSaysSoWithItsCode() throws StripeException {
        scene.daysAgo(1, 1, 0);

        try (MirrorConsole console = console(false)) {
            MirrorRun report = console.work(TestGateway.NAMESPACE, all(Kind.DRIFT_REPORT));
            console.findings(report);

            assertThat(MirrorCommands.codeOf(report)).isEqualTo(MirrorCommands.DIFFERENT);
            assertThat(text()).contains("missing_here", "confirmed", "cs_test_");
        }
    }

    @Test
    void repair_completedReport_mendsWhatItFoundAndShowTellsSo() throws StripeException {
        scene.daysAgo(1, 1, 0);

        try (MirrorConsole console = console(false)) {
            MirrorRun report = console.work(TestGateway.NAMESPACE, all(Kind.DRIFT_REPORT));
            MirrorRun mended = console.repair(TestGateway.NAMESPACE, report.id());
            printed.reset();
            console.show(TestGateway.NAMESPACE, report.id());

            assertThat(MirrorCommands.codeOf(mended)).isEqualTo(MirrorCommands.OK);
            assertThat(text().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).contains(report.id(), "completed", "1 repaired"),
                            line -> assertThat(line).contains("missing_here", "repaired", "cs_test_"));
        }
        scene.ledgers().agreeNow();
    }

    /** Reports that were begun and left to the replicas. */
    @Test
    void driftCommands_ofAReportUnderWay_listAndCancelIt() throws Exception {
        MirrorRun begun = serving.start(Kind.DRIFT_REPORT, false);

        Ended listed = CommandProcess.run(scene.settings(), "drift", "list", "--json");
        Ended canceled = CommandProcess.run(scene.settings(), "drift", "cancel", begun.id());

        assertThat(listed.code()).isZero();
        assertThat(listed.output()).contains("{\"id\":\"" + begun.id() + "\"", "\"state\":\"running\"");
        assertThat(canceled.code()).isZero();
        assertThat(canceled.output()).contains(begun.id(), "canceled");
    }

    @Test
    void backfillList_asJson_isAnObjectOnEachLine() throws Exception {
        MirrorRun begun = serving.start(Kind.BACKFILL, false);

        Ended listed = CommandProcess.run(scene.settings(), "backfill", "list", "--json");

        assertThat(listed.code()).isZero();
        assertThat(listed.output()).contains("{\"id\":\"" + begun.id() + "\"", "\"added\":0");
    }

    @Test
    void commandLine_knowsItsCommandsAndOptions() {
        StringWriter usage = new StringWriter();
        CommandLine gateway = new CommandLine(new Main()).setOut(new PrintWriter(usage));

        assertThat(gateway.execute("backfill", "--help")).isZero();
        assertThat(gateway.execute("backfill", "cancel", "--help")).isZero();
        assertThat(gateway.execute("drift", "--help")).isZero();
        assertThat(gateway.execute("sessions", "pull", "--help")).isZero();
        assertThat(gateway.execute("follow-ups", "retry", "--help")).isZero();
        assertThat(gateway.execute("events", "replay", "--help")).isZero();

        assertThat(usage.toString()).contains("--from", "--to", "--namespace", "--repair", "list", "cancel");
    }

    @Test
    void pull_sessionOfAnotherService_isKept() throws StripeException {
        String session = scene.open(SessionCreateParams.Mode.SETUP).getId();

        try (MirrorConsole console = console(false)) {
            String line = console.pull(console.namespace(), new SessionPull.Wish(session, null, null));

            assertThat(line).contains("open", session);
        }
        scene.ledgers().agreeNow();
    }

    @Test
    void catchUp_ofTheApp_asksForEverythingAndEnds() throws StripeException {
        scene.daysAgo(0, 2, 1);

        try (MirrorConsole console = console(false)) {
            boolean all = console.catchUp(
                    console.namespace(), null, null, Instant.now().minus(Duration.ofHours(1)));

            assertThat(all).isTrue();
            assertThat(text()).contains("0 accounts to be asked");
        }
    }

    @Test
    void catchUp_stripeDoesNotAnswer_saysOnceWhatIsLeftAndWhoGoesOn() {
        scene.settings().put("STRIPE_BACKGROUND_REQUESTS_PER_SECOND", "1000");
        scene.sandbox().faults().add("GET", "/v1/events", 1_000, Effect.serverError());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

        try (MirrorConsole console =
                MirrorConsole.open(Settings.of(scene.settings()), out, false, Duration.ofMillis(1))) {
            boolean all = console.catchUp(
                    console.namespace(), null, null, Instant.now().minus(Duration.ofHours(1)));

            assertThat(all).isFalse();
            assertThat(text().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("1 accounts to be asked, 0 events were new"),
                            line -> assertThat(line)
                                    .contains("not asked for all of it; the replicas go on", "/catch-up tells"));
        }
    }

    @Test
    void catchUp_accountThatNobodyKnows_isRefusedByNameAndLeavesNothingToDo() {
        try (MirrorConsole console = console(false)) {
            GatewayException refusal = catchThrowableOfType(
                    GatewayException.class,
                    () -> console.catchUp(
                            console.namespace(),
                            null,
                            "acct_1Nobodys000",
                            Instant.now().minus(Duration.ofHours(1))));

            assertThat(refusal.invalidParameters()).singleElement().satisfies(parameter -> assertThat(parameter.field())
                    .isEqualTo("account"));
            assertThat(text()).isEmpty();
        }
        assertThat(scene.database()
                        .rows("SELECT 1 FROM checkout_gateway.catch_ups WHERE full_from IS NOT NULL OR sweep_full"))
                .isEmpty();
    }

    @Test
    void cancel_runUnderWay_callsItOff() {
        MirrorRun begun = serving.start(Kind.BACKFILL, false);

        try (MirrorConsole console = console(false)) {
            console.cancel(console.namespace(), Kind.BACKFILL, begun.id());

            assertThat(text()).contains(begun.id(), "canceled");
        }
    }
}
