package io.checkoutgateway;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.secrets.ClearSecrets;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.Rotation;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgKeysets;
import io.checkoutgateway.store.PgSealedRows;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data keys are rotated beside a gateway that serves and holds webhook secrets. */
class SecretsCommandsTest {
    private static final String ENDPOINTS = "/api/v1/webhook-endpoints";
    private static final String MARKS =
            "SELECT encode(substring(secret FROM 1 FOR 5), 'hex') FROM checkout_gateway.webhook_secrets";

    private final Vertx vertx = Vertx.vertx();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private TestGateway gateway;
    private StandardReceiver receiver;
    private Postgres postgres;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of("GATEWAY_OUTGOING_NETWORKS", "127.0.0.0/8"));
        receiver = new StandardReceiver();
        postgres = Postgres.of(vertx, Settings.of(gateway.settings()).database());
    }

    @AfterEach
    void stop() {
        await(postgres.close());
        await(vertx.close());
        receiver.close();
        gateway.close();
    }

    /** The command's own, as it starts anew each time. */
    private Rotation rotation() {
        return new Rotation(vault(), new PgSealedRows(postgres));
    }

    private KeysetVault vault() {
        KeysetVault vault = new KeysetVault(
                new PgKeysets(postgres),
                SealingKeys.of(Settings.of(gateway.settings()).secrets()));
        await(vault.start());
        return vault;
    }

    private int rotate(boolean alone) {
        Actor actor = Actor.command(TestGateway.NAMESPACE, "secrets rotate");
        return await(SecretsCommands.rotate(rotation(), actor, alone, out));
    }

    private String endpoint() {
        return ENDPOINTS + "/"
                + gateway.client()
                        .post(ENDPOINTS, new JsonObject().put("url", receiver.url()))
                        .expect(201)
                        .json()
                        .getString("id");
    }

    private boolean delivers(String endpoint) {
        return gateway.client().post(endpoint + "/test").expect(200).json().getBoolean("delivered");
    }

    private List<List<String>> rows(String sql) {
        return gateway.database().rows(sql);
    }

    @Test
    void rotate_whileAGatewayServes_sealsAnewAndDropsTheOldKeyInTheEnd() {
        String before = endpoint();
        String old = rows(MARKS).get(0).get(0);

        assertThat(rotate(false)).isZero();

        String young = rows(MARKS).get(0).get(0);
        assertThat(young).startsWith("01").isNotEqualTo(old);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("There is a new data key.", "webhook_secrets: 1 sealed anew", "15 minutes");
        String during = endpoint();
        assertThat(rows(MARKS))
                .as("the gateway looks within half a minute, and need not have")
                .hasSize(2)
                .isSubsetOf(List.of(old), List.of(young));

        await(gateway.gateway().tendSecretsNow());

        assertThat(rows(MARKS)).containsExactly(List.of(young), List.of(young));
        assertThat(rows("SELECT version FROM checkout_gateway.secret_keyset WHERE retired_at IS NOT NULL"))
                .as("a replica may still be sealing with the old key")
                .containsExactly(List.of("2"));

        gateway.database().execute("UPDATE secret_keyset SET retired_at = now() - interval '15 minutes'");
        await(gateway.gateway().tendSecretsNow());

        assertThat(rows("SELECT version FROM checkout_gateway.secret_keyset WHERE retired_at IS NULL"))
                .containsExactly(List.of("3"));
        assertThat(delivers(before)).isTrue();
        assertThat(delivers(during)).isTrue();
        assertThat(
                        rows(
                                "SELECT action, actor LIKE 'command:%' FROM checkout_gateway.audit_log WHERE resource LIKE 'secret%' ORDER BY id"))
                .containsExactly(
                        List.of("secret_keyset.rotated", "t"), List.of("secret_keyset.older_keys_dropped", "f"));
    }

    @Test
    void rotate_afterOneThatWasKilled_goesOnWithIt() {
        endpoint();
        await(rotation().begin(Actor.command(TestGateway.NAMESPACE, "secrets rotate")));

        assertThat(rotate(true)).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("An earlier rotation is not done", "1 sealed anew", "Older data keys are gone.");
        assertThat(rows("SELECT version FROM checkout_gateway.secret_keyset WHERE retired_at IS NULL"))
                .containsExactly(List.of("3"));
    }

    @Test
    void rotate_secretThatWasAltered_sealsTheOthersAndKeepsTheOldKey() {
        String broken = endpoint();
        String sound = endpoint();
        gateway.database()
                .execute(
                        "UPDATE webhook_secrets SET secret = set_byte(secret, 30, 255 - get_byte(secret, 30)) WHERE endpoint_id = '%s'"
                                .formatted(broken.substring(ENDPOINTS.length() + 1)));

        assertThat(rotate(true)).isEqualTo(1);

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 sealed anew", "1 cannot be opened");
        assertThat(rows("SELECT 1 FROM checkout_gateway.secret_keyset WHERE retired_at IS NULL"))
                .isEmpty();
        assertThat(delivers(sound)).isTrue();
        assertThat(delivers(broken)).isFalse();
    }

    @Test
    void rotate_sealsKeptAnswersAnewToo() {
        String rotation = endpoint() + "/rotate-secret";
        ContractClient once = gateway.client().with("Idempotency-Key", "once");
        String before = once.post(rotation).expect(200).body();

        assertThat(rotate(true)).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("sealed_answers: 1 sealed anew");
        assertThat(once.post(rotation).expect(200).body()).isEqualTo(before);
    }

    private int sealClear(Set<String> named) {
        Actor actor = Actor.command(TestGateway.NAMESPACE, "secrets seal-clear");
        KeysetVault vault = vault();
        return await(SecretsCommands.sealClear(new ClearSecrets(vault, new PgSealedRows(postgres)), named, actor, out));
    }

    private String inClear(String endpoint, String secret) {
        String id = endpoint.substring(ENDPOINTS.length() + 1);
        gateway.database()
                .execute("UPDATE webhook_secrets SET secret = convert_to('%s', 'UTF8') WHERE endpoint_id = '%s'"
                        .formatted(secret, id));
        return rows("SELECT endpoint_id || '/' || id FROM checkout_gateway.webhook_secrets WHERE endpoint_id = '%s'"
                        .formatted(id))
                .get(0)
                .get(0);
    }

    @Test
    void sealClear_listsAllAndSealsOnlyWhatIsNamed() {
        String known = endpoint();
        String strange = endpoint();
        String knownRow = inClear(known, "whsec_bGVmdCBieSB0aGUgZmlyc3QgYnVpbGRz");
        String strangeRow = inClear(strange, "whsec_cGxhbnRlZCBieSBhbiBhdHRhY2tlcg==");

        assertThat(sealClear(Set.of())).isZero();
        assertThat(delivers(known)).as("listing seals nothing").isFalse();
        assertThat(sealClear(Set.of(knownRow))).isZero();

        assertThat(delivers(known)).isTrue();
        assertThat(delivers(strange)).isFalse();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("0 sealed, 2 in clear", "1 sealed, 1 in clear", knownRow, strangeRow)
                .doesNotContain("whsec_");
        assertThat(rows("SELECT resource, actor LIKE 'command:%' FROM checkout_gateway.audit_log"
                        + " WHERE action = 'secret.adopted'"))
                .containsExactly(List.of("webhook_endpoint.secret:" + knownRow, "t"));
    }

    @Test
    void sealClear_rowBehindAHundredThatSomebodyPlanted_isSealedAndAllAreCounted() {
        String strange = endpoint();
        gateway.database()
                .execute("INSERT INTO webhook_secrets (endpoint_id, secret)"
                        + " SELECT '%s', convert_to('whsec_planted', 'UTF8') FROM generate_series(1, 100)"
                                .formatted(strange.substring(ENDPOINTS.length() + 1)));
        String known = endpoint();
        String knownRow = inClear(known, "whsec_bGVmdCBieSB0aGUgZmlyc3QgYnVpbGRz");

        assertThat(sealClear(Set.of())).isZero();
        String listed = printed.toString(StandardCharsets.UTF_8);
        assertThat(sealClear(Set.of(knownRow))).isZero();

        assertThat(listed)
                .contains("0 sealed, 101 in clear", "1 more are not listed")
                .doesNotContain(knownRow);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 sealed, 100 in clear");
        assertThat(delivers(known)).isTrue();
    }

    @Test
    void sealClear_rowThatIsNotThere_endsWith1() {
        assertThat(sealClear(Set.of("01J8XJ4YQ2R3S4T5V6W7X8Y9Z0/1"))).isEqualTo(1);
    }

    @Test
    void start_otherKeyThanBefore_isRefusedAtOnce() {
        Map<String, String> settings = new HashMap<>(gateway.settings());
        settings.put(
                "GATEWAY_SECRETS_KEY", SealingKeys.generate(new SecureRandom()).reveal());

        assertThatThrownBy(() -> await(Gateway.start(Settings.of(settings))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GATEWAY_SECRETS_KEY");
    }

    @Test
    void start_withoutAKey_isRefusedAtOnce() {
        Map<String, String> settings = new HashMap<>(gateway.settings());
        settings.remove("GATEWAY_SECRETS_KEY");

        assertThatThrownBy(() -> await(Gateway.start(Settings.of(settings))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GATEWAY_SECRETS_KEY")
                .hasMessageContaining("generate-key");
    }

    @Test
    void generateKey_twice_printsTwoThatTheSettingsTake() {
        Secret one = SealingKeys.generate(new SecureRandom());
        Secret other = SealingKeys.generate(new SecureRandom());
        Map<String, String> settings = new HashMap<>(gateway.settings());
        settings.put("GATEWAY_SECRETS_KEY", one.reveal() + ", " + other.reveal());

        assertThat(one).isNotEqualTo(other);
        assertThat(Settings.of(settings).secrets().keys()).containsExactly(one, other);
    }
}
