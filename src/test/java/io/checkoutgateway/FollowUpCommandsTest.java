package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.Terminal;
import io.checkoutgateway.testing.Terminal.Result;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A person at a terminal finds what was given up, and has it done. */
class FollowUpCommandsTest {
    private static final Terminal TERMINAL = new Terminal(FollowUpCommands::new, "--namespace", TestGateway.NAMESPACE);

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
        gateway.settings().forEach(System::setProperty);
    }

    @AfterEach
    void forget() {
        gateway.database().execute("DELETE FROM checkout_gateway.follow_ups");
    }

    @AfterAll
    static void stop() {
        gateway.settings().keySet().forEach(System::clearProperty);
        gateway.close();
    }

    private static String givenUp(String subject) {
        String app = TestGateway.await(gateway.gateway().app()).id();
        gateway.database()
                .execute("INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state, outcome) VALUES ('"
                        + app + "', 'read_session', '" + subject + "', 'given_up', 'no luck')");
        return gateway.database()
                .rows("SELECT id FROM checkout_gateway.follow_ups WHERE subject = '" + subject + "'")
                .get(0)
                .get(0);
    }

    private static Result run(String command, String... arguments) {
        return TERMINAL.run(command, arguments);
    }

    @Test
    void list_andShow_sayWhatWentWrong() {
        String id = givenUp("cs_test_none1");
        givenUp("cs_test_none2");

        assertThat(run("list", "--state", "given_up").lines()).hasSize(2);
        assertThat(run("list", "--limit", "1").lines()).hasSize(1);
        assertThat(run("list", "--subject", "cs_test_none1").lines())
                .containsExactlyElementsOf(run("show", id).lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("given_up", "read_session", "no luck"));
        assertThat(new JsonObject(run("list", "--json", "--limit", "1").out()).getString("subject"))
                .isEqualTo("cs_test_none1");
        assertThat(run("list", "--limit", "1").err()).isEqualToIgnoringNewLines("more: --after " + id);
        assertThat(new JsonObject(run("show", "--json", id).out()).getString("outcome"))
                .isEqualTo("no luck");
        assertThat(run("list", "--kind", "read_setup_intent").lines()).isEmpty();
    }

    @Test
    void show_inTheBackgroundWithEventsThatWait_saysSo() {
        String id = givenUp("cs_test_none1");
        assertThat(run("show", id).out()).doesNotContain("background", "events wait");
        gateway.database()
                .execute("UPDATE checkout_gateway.follow_ups SET background = true,"
                        + " events_created = '{2026-11-22T09:00:01Z}', events_received = '{2026-11-22T09:00:03Z}'");

        assertThat(run("show", id).out())
                .contains("0 attempts, in the background, events wait since 2026-11-22T09:00:03Z");
    }

    @Test
    void retry_one_orAllOfAState_areDone() {
        String one = givenUp("cs_test_none1");
        givenUp("cs_test_none2");
        givenUp("cs_test_none3");

        assertThat(run("retry", one).out()).contains("pending");
        assertThat(run("retry", "--state", "given_up", "--dry-run").out()).contains("2 follow-ups would be");
        assertThat(run("retry", "--state", "given_up").out()).contains("2 follow-ups are begun again");

        Awaitility.await().untilAsserted(() -> assertThat(run("list").lines()).isEmpty());
        assertThat(run("show", one).code()).isEqualTo(1);
    }

    @Test
    void retry_ofNothingInParticular_isWrongUsage() {
        assertThat(run("retry").code()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("retry", "--kind", "read_session").code()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("list", "--kind", "sing").err()).contains("there is no kind \"sing\"", "read_session");
    }

    @Test
    void drop_givenUp_isForgotten() {
        String id = givenUp("cs_test_none1");

        assertThat(run("drop", id).code()).isZero();

        assertThat(run("list").lines()).isEmpty();
        assertThat(run("drop", id).code()).isEqualTo(1);
    }
}
