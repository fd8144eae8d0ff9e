package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.SignedEvents;
import io.checkoutgateway.testing.Terminal;
import io.checkoutgateway.testing.Terminal.Result;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** A person at a terminal finds what went wrong, looks at it and has it tried again. */
class EventCommandsTest {
    private static final Terminal TERMINAL = new Terminal(EventCommands::new, "--namespace", TestGateway.NAMESPACE);

    private static TestGateway gateway;
    private static String ignored;
    private static String quarantined;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("GATEWAY_EVENTS_ATTEMPTS", "1"));
        gateway.settings().forEach(System::setProperty);
        SignedEvents stripe = new SignedEvents(gateway);
        ignored = stripe.deliver("invoice.paid", new JsonObject().put("id", "in_1"));
        quarantined = stripe.deliver("checkout.session.completed", new JsonObject().put("id", "not a session"));
        settled();
        gateway.client().anonymous().post(gateway.webhookUrl().getPath(), "{}").expect(400);
    }

    private static void settled() {
        Awaitility.await().until(() -> gateway.database()
                .rows("SELECT id FROM checkout_gateway.stripe_events WHERE state = 'pending'")
                .isEmpty());
    }

    @AfterAll
    static void stop() {
        gateway.settings().keySet().forEach(System::clearProperty);
        gateway.close();
    }

    @Test
    void list_withoutANamespace_isOfThatOfTheSettings() {
        assertThat(new Terminal(EventCommands::new).run("list").out()).contains(ignored, quarantined);
    }

    private static Result run(String command, String... arguments) {
        return TERMINAL.run(command, arguments);
    }

    @Test
    void list_showsALineForEachTheOldestFirst() {
        Result listed = run("list", "--limit", "1000");

        assertThat(listed.code()).isZero();
        assertThat(listed.lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("ignored", "invoice.paid", ignored),
                        line -> assertThat(line).contains("quarantined", quarantined, "not a Checkout Session"));
    }

    @Test
    void list_ofAState_ofAType_afterAPlace_orOne_showsNoOthers() {
        String first = run("list").lines().get(0);
        String place = first.substring(0, first.indexOf(' '));

        assertThat(run("list", "--state", "quarantined").lines())
                .singleElement()
                .satisfies(EventCommandsTest::isLast);
        assertThat(run("list", "--type", "invoice.paid").lines()).containsExactly(first);
        assertThat(run("list", "--after", place).lines()).singleElement().satisfies(EventCommandsTest::isLast);
        assertThat(run("list", "--limit", "1").lines()).containsExactly(first);
    }

    @Test
    void list_moreThanItsLimit_saysWhereToGoOn() {
        Result begun = run("list", "--limit", "1");
        String place = begun.out().substring(0, begun.out().indexOf(' '));

        assertThat(begun.err()).isEqualToIgnoringNewLines("more: --after " + place);
        assertThat(run("list", "--after", place).err()).isEmpty();
    }

    private static void isLast(String line) {
        assertThat(line).contains(quarantined);
    }

    @Test
    void refused_showsALineForEachAppAndReason() {
        gateway.gateway().countSoon();
        Result refused = Awaitility.await()
                .until(() -> run("refused"), listed -> !listed.lines().isEmpty());

        assertThat(refused.code()).isZero();
        assertThat(refused.lines()).singleElement().satisfies(line -> assertThat(line)
                .contains(gateway.webhookUrl().getPath().split("/")[4], "signature_missing", " 1 ", "127.0.0.1"));
    }

    @Test
    void refused_json_isAnObjectOnEachLine() {
        Result refused = Awaitility.await()
                .until(() -> run("refused", "--json"), listed -> !listed.lines().isEmpty());

        assertThat(new JsonObject(refused.out()).getString("reason")).isEqualTo("signature_missing");
    }

    @Test
    void list_newestFirst_ofAnIdAnObjectOrATime_showsThose() {
        assertThat(run("list", "--newest-first").lines().get(0)).contains(quarantined);
        assertThat(run("list", "--id", ignored).lines()).hasSize(1);
        assertThat(run("list", "--object", "in_1").lines()).singleElement().satisfies(line -> assertThat(line)
                .contains(ignored));
        assertThat(run("list", "--session", "cs_test_none").lines()).isEmpty();
        assertThat(run("list", "--since", "2000-01-01T00:00:00Z").lines()).hasSize(2);
        assertThat(run("list", "--until", "2000-01-01T00:00:00Z").lines()).isEmpty();
        assertThat(run("list", "--since", "2000-01-01").lines()).hasSize(2);
        assertThat(run("list", "--until", "2000-01-01").lines()).isEmpty();
    }

    @Test
    void list_json_isAnObjectOnEachLine() {
        List<JsonObject> events =
                run("list", "--json").lines().stream().map(JsonObject::new).toList();

        assertThat(events).extracting(event -> event.getString("event_id")).containsExactly(ignored, quarantined);
        assertThat(new JsonObject(run("show", "--json", ignored).out())
                        .getJsonObject("body")
                        .getString("type"))
                .isEqualTo("invoice.paid");
    }

    @Test
    void replay_allOfAState_countsThemOrTriesThemAgain() {
        assertThat(run("replay", "--state", "quarantined", "--dry-run").out()).contains("1 events would be");
        assertThat(run("replay", "--state", "quarantined", "--type", "invoice.paid")
                        .out())
                .contains("0 events");
        assertThat(run("replay", "--state", "quarantined", "--since", "2000-01-01T00:00:00Z")
                        .out())
                .contains("1 events are applied again");
        settled();
    }

    static Stream<Arguments> unfittingReplays() {
        return Stream.of(
                argumentSet("of nothing", "name one by its id, or say with --state", new String[] {}),
                argumentSet("of a type", "say with --state which ones", new String[] {"--type", "invoice.paid"}),
                argumentSet("of one and many", "not both", new String[] {"evt_1", "--state", "ignored"}),
                argumentSet("of one, tried", "go with --state", new String[] {"evt_1", "--dry-run"}),
                argumentSet("of one of a type", "go with --state", new String[] {"evt_1", "--type", "invoice.paid"}),
                argumentSet("of pending ones", "there are: applied, ignored, quarantined", new String[] {
                    "--state", "pending"
                }),
                argumentSet(
                        "of all applied", "nearly the whole inbox: add --type", new String[] {"--state", "applied"}),
                argumentSet("of all ignored", "or --all when that is", new String[] {"--state", "ignored"}));
    }

    @ParameterizedTest
    @MethodSource("unfittingReplays")
    void replay_ofNothingInParticular_isWrongUsage(String told, String[] arguments) {
        Result result = run("replay", arguments);

        assertThat(result.code()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(result.err()).contains(told);
    }

    @Test
    void replay_everyIgnoredOneOnPurpose_triesThemAgain() {
        assertThat(run("replay", "--state", "ignored", "--dry-run").out()).contains("1 events would be");
        assertThat(run("replay", "--state", "ignored", "--all").out()).contains("1 events are applied again");
        settled();
    }

    @Test
    void list_followWithWhatDoesNotGoWithIt_isWrongUsage() {
        assertThat(run("list", "--follow", "--newest-first").code()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("list", "--follow", "--state", "quarantined").code()).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void show_printsTheEventWithItsBody() {
        Result shown = run("show", ignored);

        assertThat(shown.code()).isZero();
        assertThat(shown.lines().get(0)).contains(ignored, "events of this type change no session");
        assertThat(shown.out())
                .containsPattern("app +" + gateway.webhookUrl().getPath().split("/")[4])
                .containsPattern("arrived +20")
                .containsPattern("came by +webhook")
                .containsPattern("attempts +1")
                .containsPattern("stripe-signature +t=");
        assertThat(new JsonObject(shown.out().substring(shown.out().indexOf('{')))
                        .getJsonObject("data")
                        .getJsonObject("object")
                        .getString("id"))
                .isEqualTo("in_1");
    }

    @Test
    void show_unknownId_orOneOfAnotherNamespace_endsWithOne() {
        Result unknown = run("show", "evt_none");

        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err()).contains("No stored event has this id in this namespace");
        assertThat(run("replay", "evt_none").code()).isEqualTo(1);
        assertThat(new CommandLine(new EventCommands()).execute("show", "--namespace", "another", ignored))
                .isEqualTo(1);
    }

    @Test
    void replay_triesItAgain_andIsToldInTheAuditTrail() {
        Result replayed = run("replay", quarantined);

        assertThat(replayed.code()).isZero();
        assertThat(replayed.lines()).singleElement().satisfies(line -> assertThat(line)
                .contains("pending", quarantined));
        settled();
        assertThat(run("list", "--state", "quarantined").lines()).hasSize(1);
        assertThat(gateway.database()
                        .rows("SELECT actor LIKE 'command:%', request_id FROM checkout_gateway.audit_log"
                                + " WHERE action = 'event.replayed'"))
                .containsExactly(List.of("t", "events replay"));
    }

    @Test
    void drop_quarantined_isIgnoredFromThenOn_andAnyOtherIsNot() {
        String hopeless = new SignedEvents(gateway)
                .deliver("checkout.session.expired", new JsonObject().put("id", "not a session"));
        settled();

        assertThat(run("drop", hopeless).lines()).singleElement().satisfies(line -> assertThat(line)
                .contains("ignored", hopeless, "dropped by command:", "not a Checkout Session"));

        assertThat(run("list", "--state", "quarantined", "--type", "checkout.session.expired")
                        .lines())
                .isEmpty();
        assertThat(run("drop", hopeless).code()).isEqualTo(1);
        assertThat(run("drop", "evt_none").err()).contains("No stored event has this id in this namespace");
        gateway.database().execute("DELETE FROM checkout_gateway.stripe_events WHERE event_id = '" + hopeless + "'");
    }

    @Test
    void show_orReplay_ofAnApp_isThatAppsEvent() {
        String app = gateway.webhookUrl().getPath().split("/")[4];

        assertThat(run("show", ignored, "--app", app).code()).isZero();
        assertThat(run("show", ignored, "--app", "01ARZ3NDEKTSV4RRFFQ69G5FAV").code())
                .isEqualTo(1);
        assertThat(run("replay", ignored, "--app", "01ARZ3NDEKTSV4RRFFQ69G5FAV").code())
                .isEqualTo(1);
    }

    @Test
    void replay_ofAnObjectOrASession_countsThose() {
        assertThat(run("replay", "--state", "ignored", "--object", "in_1", "--dry-run")
                        .out())
                .contains("1 events");
        assertThat(run("replay", "--state", "ignored", "--session", "cs_test_none", "--dry-run")
                        .out())
                .contains("0 events");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "state",
                        "there is no state \"failed\"; there are: pending, applied, ignored, quarantined",
                        "--state",
                        "failed"),
                mistake("moment", "a moment is written as 2026-11-22T09:00:00Z or,", "--since", "today"),
                mistake("day that is none", "was \"2026-02-31\"", "--since", "2026-02-31"),
                mistake("interval", "must be between PT1S and PT1M, was \"PT0.1S\"", "--interval", "PT0.1S"),
                mistake("limit of none", "a limit must be between 1 and 1000, was \"0\"", "--limit", "0"),
                mistake("limit of too many", "a limit must be between 1 and 1000, was \"1001\"", "--limit", "1001"),
                mistake("limit below none", "a limit must be between 1 and 1000, was \"-5\"", "--limit", "-5"),
                mistake("limit in words", "a limit must be between 1 and 1000, was \"many\"", "--limit", "many"));
    }

    private static Arguments mistake(String name, String told, String... arguments) {
        return argumentSet(name, told, arguments);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void list_wrongWord_saysWhatWouldBeRight(String told, String[] arguments) {
        Result result = run("list", arguments);

        assertThat(result.code()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(result.err()).contains(told).doesNotContain("Exception");
        assertThat(result.out()).isEmpty();
    }
}
