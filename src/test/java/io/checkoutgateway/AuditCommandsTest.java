package io.checkoutgateway;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.access.oidc.Pseudonyms;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command as an operator runs it: settings from outside, the answer in the exit code. */
class AuditCommandsTest {
    private static final String HEAD =
            "SELECT position || ':' || encode(hash, 'hex') FROM checkout_gateway.audit_chain ORDER BY position DESC LIMIT 1";

    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.start();
        gateway.settings().forEach(System::setProperty);
        gateway.client()
                .post("/api/v1/webhook-endpoints", new JsonObject().put("url", "https://1.1.1.1/hooks"))
                .expect(201);
        // By the gateway's own round, or by this one if it is first.
        Awaitility.await().until(() -> {
            await(gateway.gateway().linkAuditNow());
            return !gateway.database().rows(HEAD).isEmpty();
        });
    }

    @AfterEach
    void stop() {
        gateway.settings().keySet().forEach(System::clearProperty);
        gateway.close();
    }

    private static int run(String... arguments) {
        return new CommandLine(new AuditCommands()).execute(arguments);
    }

    @Test
    void verify_untouched_endsWithNought() {
        String head = gateway.database().rows(HEAD).get(0).get(0);

        assertThat(run("verify")).isZero();
        assertThat(run("verify", "--expect", head)).isZero();
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

        assertThat(run("caller", "--namespace", TestGateway.NAMESPACE, known)).isZero();
        assertThat(run("caller", "--namespace", TestGateway.NAMESPACE, reader)).isEqualTo(1);
        assertThat(run("caller", "--namespace", TestGateway.NAMESPACE, "--subject", "reader@example.com", reader))
                .isZero();
    }

    @Test
    void verify_afterSomebodyTampered_endsWithOne() {
        gateway.database().execute("UPDATE checkout_gateway.audit_log SET actor = 'api_key:another'");

        assertThat(run("verify")).isEqualTo(1);
    }

    @Test
    void verify_headThatWasNeverReached_endsWithOne() {
        List<String> head = gateway.database().rows(HEAD).get(0);

        assertThat(run("verify", "--expect", "9" + head.get(0))).isEqualTo(1);
    }
}
