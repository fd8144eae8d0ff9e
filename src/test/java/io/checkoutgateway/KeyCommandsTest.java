package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.Terminal;
import io.checkoutgateway.testing.Terminal.Result;
import io.checkoutgateway.testing.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A person at a terminal makes, sees and ends keys, and is told what was wrong with a word. */
class KeyCommandsTest {
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Map<String, String> SETTINGS =
            Map.of("DATABASE_URL", DATABASE.url(), "STRIPE_API_KEY", "sk_test_commands");

    @BeforeAll
    static void configure() {
        SETTINGS.forEach(System::setProperty);
    }

    @AfterAll
    static void forget() {
        SETTINGS.keySet().forEach(System::clearProperty);
    }

    private static Result run(String command, String... arguments) {
        return new Terminal(KeyCommands::new).run(command, arguments);
    }

    private static String create(String namespace) {
        return run(
                        "create",
                        "--namespace",
                        namespace,
                        "--name",
                        "billing",
                        "--scope",
                        "sessions:write,customers:write",
                        "--expires-in",
                        "P90D")
                .out()
                .strip();
    }

    @Test
    void create_printsTheKeyOnce_andListDoesNot() {
        String key = create("lists");

        String listed = run("list", "--namespace", "lists").out();

        assertThat(key).matches("cgk_[0-9a-f]{16}_[0-9a-f]{72}");
        assertThat(listed).contains(key.substring(4, 20), "live", "customers:write,sessions:write", "billing");
        assertThat(listed).doesNotContain(key);
    }

    @Test
    void revoke_endsTheKeyAndIsToldInTheAuditTrail() {
        String id = create("revokes").substring(4, 20);

        Result revoked = run("revoke", "--namespace", "revokes", id);

        assertThat(revoked.out()).contains(id, "revoked");
        assertThat(DATABASE.rows("SELECT action, actor LIKE 'command:%', request_id FROM checkout_gateway.audit_log"
                        + " WHERE resource = 'api_key:" + id + "' ORDER BY id"))
                .containsExactly(
                        List.of("api_key.created", "t", "keys create"), List.of("api_key.revoked", "t", "keys revoke"));
    }

    @Test
    void list_expiredKey_isNotCalledLive() {
        String id = create("expires").substring(4, 20);
        DATABASE.execute("UPDATE checkout_gateway.api_keys SET created_at = now() - interval '2 days',"
                + " expires_at = now() - interval '1 day' WHERE id = '" + id + "'");

        assertThat(run("list", "--namespace", "expires").out())
                .contains(id + "  expired  ")
                .doesNotContain("live");
    }

    @Test
    void list_json_isAnObjectOnEachLine() {
        String id = create("machines").substring(4, 20);

        JsonObject key =
                new JsonObject(run("list", "--namespace", "machines", "--json").out());

        assertThat(key.getString("id")).isEqualTo(id);
        assertThat(key.getJsonArray("scopes").getList()).isEqualTo(List.of("customers:write", "sessions:write"));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("no namespace", "Missing required option: '--namespace=<name>'", "--scope", "admin"),
                mistake("namespace", "a namespace must be up to 63", "--namespace", "Not A Name", "--scope", "admin"),
                mistake(
                        "scope",
                        "there is no scope \"root\"; there are: customers:read",
                        "--namespace",
                        "a",
                        "--scope",
                        "root"),
                mistake(
                        "lifetime",
                        "a lifetime is written as P90D, longer than nothing and at most P36500D, was \"PT0S\"",
                        "--namespace",
                        "a",
                        "--scope",
                        "admin",
                        "--expires-in",
                        "PT0S"),
                mistake(
                        "lifetime in days",
                        "a lifetime is written as P90D",
                        "--namespace",
                        "a",
                        "--scope",
                        "admin",
                        "--expires-in",
                        "90d"),
                mistake(
                        "endless lifetime",
                        "at most P36500D",
                        "--namespace",
                        "a",
                        "--scope",
                        "admin",
                        "--expires-in",
                        "P99999999999D"));
    }

    private static Arguments mistake(String name, String told, String... arguments) {
        return argumentSet(name, told, arguments);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void create_wrongWord_saysWhatWouldBeRight(String told, String[] arguments) {
        Result result = new Terminal(KeyCommands::new, "--name", "billing").run("create", arguments);

        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains(told).doesNotContain("Exception");
    }

    @Test
    void help_tellsWhoseThingsACommandIsAboutWithoutTheOption() {
        assertThat(run("create", "--help").out()).contains("--namespace=<name>").doesNotContain("without it");
        assertThat(run("list", "--help").out()).contains("GATEWAY_NAMESPACE without it");
        assertThat(run("revoke", "--help").out()).contains("GATEWAY_NAMESPACE without it");
    }
}
