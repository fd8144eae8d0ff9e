package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.MirrorRun.Kind;
import io.checkoutgateway.mirror.SessionPull;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestGateway;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MirrorConsoleTest {
    private final MirrorScene scene = new MirrorScene();
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

    @Test
    void work_noTerminal_printsPlainLinesAndEndsWithTheSum() throws StripeException {
        scene.daysAgo(20, 7, 2);

        try (MirrorConsole console = console(false)) {
            MirrorRun run = console.work(console.namespace(), all(Kind.BACKFILL));
            console.list(console.namespace(), Kind.BACKFILL);

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
        MirrorRun begun = scene.worker().start(Kind.BACKFILL, false);

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
        MirrorRun begun = scene.worker().start(Kind.BACKFILL, false);

        try (MirrorConsole console = console(false)) {
            console.cancel(console.namespace(), Kind.BACKFILL, begun.id());

            assertThat(text()).contains(begun.id(), "canceled");
        }
    }
}
