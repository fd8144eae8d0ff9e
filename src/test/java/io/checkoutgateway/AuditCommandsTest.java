package io.checkoutgateway;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.access.oidc.Pseudonyms;
import io.checkoutgateway.testing.Terminal;
import io.checkoutgateway.testing.Terminal.Result;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The command as an operator runs it: settings from outside, the answer in the exit code. */
class AuditCommandsTest {
    private static final String HEAD =
            "SELECT position || ':' || encode(hash, 'hex') FROM checkout_gateway.audit_chain ORDER BY position DESC LIMIT 1";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        gateway.settings().forEach(System::setProperty);
        gateway.client()
                .post("/api/v1/webhook-endpoints", new JsonObject().put("url", "https://1.1.1.1/hooks"))
                .expect(201);
        // By the gateway's own round, or by this one if it is first; then nothing is left to move the head.
        Awaitility.await().until(() -> {
            await(gateway.gateway().linkAuditNow());
            return gateway.database()
                    .rows("SELECT FROM checkout_gateway.audit_unchained")
                    .isEmpty();
        });
        gateway.database().execute("CREATE TABLE checkout_gateway.untouched AS TABLE checkout_gateway.audit_log");
    }

    @AfterEach
    void undoTampering() {
        gateway.database()
                .execute("UPDATE checkout_gateway.audit_log log SET actor = untouched.actor"
                        + " FROM checkout_gateway.untouched WHERE untouched.id = log.id");
    }

    @AfterAll
    static void stop() {
        gateway.settings().keySet().forEach(System::clearProperty);
        gateway.close();
    }

    private static Result run(String command, String... arguments) {
        return new Terminal(AuditCommands::new).run(command, arguments);
    }

    private static Result find(String... arguments) {
        return new Terminal(AuditCommands::new, "--namespace", TestGateway.NAMESPACE).run("caller", arguments);
    }

    @Test
    void verify_untouched_printsTheHead() {
        String head = gateway.database().rows(HEAD).get(0).get(0);

        assertThat(run("verify")).isEqualTo(new Result(0, "head " + head + System.lineSeparator(), ""));
        assertThat(run("verify", "--expect", head).code()).isZero();
    }

    private String pseudonym(String name) {
        String key = gateway.database()
                .rows("SELECT encode(key, 'hex') FROM checkout_gateway.pseudonym_key")
                .get(0)
                .get(0);
        return new Pseudonyms(Buffer.buffer(HexFormat.of().parseHex(key))).of(TestGateway.NAMESPACE, name);
    }

    @Test
    void caller_whoIsInTheAuditLog_isFoundByTheNameInTheLog() {
        String known = pseudonym("oidc:known@example.com");
        String reader = pseudonym("oidc:reader@example.com");
        gateway.database().execute("UPDATE checkout_gateway.audit_log SET actor = 'oidc:known@example.com'");

        assertThat(find(known)).isEqualTo(new Result(0, "oidc:known@example.com" + System.lineSeparator(), ""));
        assertThat(find(reader).code()).isEqualTo(1);
        assertThat(find(reader).err()).contains("--subject");
        assertThat(find("--subject", "reader@example.com", reader))
                .isEqualTo(new Result(0, "oidc:reader@example.com" + System.lineSeparator(), ""));
    }

    @Test
    void verify_afterSomebodyTampered_endsWithOne() {
        gateway.database().execute("UPDATE checkout_gateway.audit_log SET actor = 'api_key:another'");

        Result found = run("verify");
        assertThat(found.code()).isEqualTo(1);
        assertThat(found.err()).isNotBlank();
    }

    @Test
    void verify_headThatWasNeverReached_endsWithOne() {
        List<String> head = gateway.database().rows(HEAD).get(0);

        assertThat(run("verify", "--expect", "9" + head.get(0)).code()).isEqualTo(1);
    }
}
