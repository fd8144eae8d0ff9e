package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.Terminal;
import io.checkoutgateway.testing.Terminal.Result;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A person who sets a webhook up at Stripe finds the URL that it needs. */
class AppCommandsTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("GATEWAY_PUBLIC_URL", "https://checkout.acme.example/"));
        gateway.settings().forEach(System::setProperty);
    }

    @AfterAll
    static void stop() {
        gateway.settings().keySet().forEach(System::clearProperty);
        gateway.close();
    }

    private static Result list(String... arguments) {
        return new Terminal(AppCommands::new).run("list", arguments);
    }

    @Test
    void list_appOfTheSettings_tellsWhereStripeDelivers() {
        String path = gateway.webhookUrl().getPath();

        assertThat(list().lines()).singleElement().satisfies(line -> assertThat(line)
                .startsWith(path.split("/")[4] + "  " + TestGateway.NAMESPACE)
                .contains("  test  ready ", "https://checkout.acme.example" + path)
                .endsWith("  default"));
    }

    @Test
    void list_withoutAPublicUrl_tellsThePath() {
        System.clearProperty("GATEWAY_PUBLIC_URL");
        try {
            assertThat(list().out()).contains("  " + gateway.webhookUrl().getPath());
            assertThat(list().out()).doesNotContain("https://");
        } finally {
            System.setProperty("GATEWAY_PUBLIC_URL", "https://checkout.acme.example/");
        }
    }

    @Test
    void list_json_isAnObjectOnEachLine() {
        String path = gateway.webhookUrl().getPath();

        JsonObject app = new JsonObject(list("--json").out());

        assertThat(app.getString("id")).isEqualTo(path.split("/")[4]);
        assertThat(app.getString("namespace")).isEqualTo(TestGateway.NAMESPACE);
        assertThat(app.getBoolean("livemode")).isFalse();
        assertThat(app.getString("status")).isEqualTo("ready");
        assertThat(app.getString("webhook_path")).isEqualTo(path);
        assertThat(app.getString("webhook_url")).isEqualTo("https://checkout.acme.example" + path);
    }

    @Test
    void list_namespaceWithoutAnApp_saysWhereAppsComeFrom() {
        Result none = list("--namespace", "another");

        assertThat(none.code()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("There is no app yet", "STRIPE_API_KEY");
    }
}
