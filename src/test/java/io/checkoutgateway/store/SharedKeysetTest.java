package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.apps.AppTask;
import io.checkoutgateway.apps.AppTaskStore;
import io.checkoutgateway.apps.AppType;
import io.checkoutgateway.apps.NewApp;
import io.checkoutgateway.apps.StripeKey;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.Rotation;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.secrets.SecretOwner;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.SecretsSettings;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replicas that share their data keys through the database, each with what it was given of the keys outside. */
class SharedKeysetTest {
    private static final Secret FIRST = SealingKeys.generate(new SecureRandom());
    private static final Secret SECOND = SealingKeys.generate(new SecureRandom());
    private static final SecretOwner OWNER = new SecretOwner("test", "test.secret", "1");
    private static final Secret SECRET = Secret.of("whsec_of_the_test");
    private static final Actor ACTOR = Actor.gateway("test", "test");

    private final StoreScene scene = new StoreScene();

    @AfterEach
    void close() {
        scene.close();
    }

    private KeysetVault vault(Secret... keys) {
        return new KeysetVault(new PgKeysets(scene.postgres), SealingKeys.of(new SecretsSettings(List.of(keys))));
    }

    private KeysetVault started(Secret... keys) {
        KeysetVault vault = vault(keys);
        await(vault.start());
        return vault;
    }

    private Rotation rotation(KeysetVault vault) {
        return new Rotation(vault, new PgSealedRows(scene.postgres));
    }

    @Test
    void start_sideBySideOnAnEmptyDatabase_agreesOnOneKeyset() {
        List<KeysetVault> replicas =
                Stream.generate(() -> vault(FIRST)).limit(4).toList();

        await(Future.all(replicas.stream().map(KeysetVault::start).toList()));

        for (KeysetVault sealing : replicas) {
            Buffer sealed = sealing.seal(SECRET, OWNER);
            for (KeysetVault opening : replicas) {
                assertThat(await(opening.open(sealed, OWNER))).isEqualTo(SECRET);
            }
        }
    }

    @Test
    void open_ofAnotherRowKindOrNamespace_fails() {
        KeysetVault vault = started(FIRST);
        Buffer sealed = vault.seal(SECRET, OWNER);

        for (SecretOwner other : List.of(
                new SecretOwner("test", "test.secret", "2"),
                new SecretOwner("test", "test.other", "1"),
                new SecretOwner("other", "test.secret", "1"))) {
            assertThatThrownBy(() -> await(vault.open(sealed, other))).isInstanceOf(GatewayException.class);
        }
    }

    @Test
    void open_keyThatAnotherReplicaMadeMeanwhile_readsTheKeysAgain() {
        KeysetVault rotating = started(FIRST);
        KeysetVault serving = started(FIRST);
        await(rotation(rotating).begin(ACTOR));

        Buffer sealed = rotating.seal(SECRET, OWNER);

        assertThat(await(serving.open(sealed, OWNER))).isEqualTo(SECRET);
        assertThat(await(rotating.open(serving.seal(SECRET, OWNER), OWNER))).isEqualTo(SECRET);
    }

    @Test
    void open_keyThatNobodyKnows_fails() {
        KeysetVault vault = started(FIRST);
        Buffer sealed = vault.seal(SECRET, OWNER);
        sealed.setInt(1, ~sealed.getInt(1));

        assertThatThrownBy(() -> await(vault.open(sealed, OWNER)))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("could not be opened");
    }

    @Test
    void start_withoutTheKeyThatSealed_tellsWhichIsMissing() {
        KeysetVault before = started(FIRST);
        KeysetVault after = vault(SECOND);

        assertThatThrownBy(() -> await(after.start()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GATEWAY_SECRETS_KEY")
                .hasMessageContaining(rotation(before).sealedUnder());
    }

    @Test
    void start_keysetThatWasAltered_isRefused() {
        await(vault(FIRST).start());
        scene.database.execute("UPDATE secret_keyset SET wrapped = set_byte(wrapped, 40, 255 - get_byte(wrapped, 40))");

        assertThatThrownBy(() -> await(vault(FIRST).start()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("altered");
    }

    @Test
    void rewrap_withANewKeyFirst_letsTheOldOneGo() {
        KeysetVault serving = started(FIRST);
        Buffer sealed = serving.seal(SECRET, OWNER);
        Rotation rotation = rotation(started(SECOND, FIRST));

        assertThat(await(rotation.rewrap(ACTOR))).isTrue();
        assertThat(await(rotation.rewrap(ACTOR))).as("once is enough").isFalse();

        assertThat(await(started(SECOND).open(sealed, OWNER))).isEqualTo(SECRET);
        await(serving.refresh());
        assertThat(await(serving.open(sealed, OWNER))).as("who serves goes on").isEqualTo(SECRET);
        assertThatThrownBy(() -> await(vault(FIRST).start())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void begin_whileAnotherProcessDoes_happensOnce() {
        Rotation one = rotation(started(FIRST));
        Rotation other = rotation(started(FIRST));
        await(one.begin(ACTOR));

        assertThatThrownBy(() -> await(other.begin(ACTOR)))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("try again");
        assertThat(scene.database.rows("SELECT version FROM secret_keyset")).containsExactly(List.of("2"));
        assertThat(scene.database.rows("SELECT action FROM audit_log"))
                .containsExactly(List.of("secret_keyset.rotated"));
    }

    /** While a transaction holds it, nobody can look for newer data keys. */
    @Test
    void claimTask_keyThatAnotherReplicaMadeMeanwhile_needsNoSecondConnection() {
        KeysetVault rotating = started(FIRST);
        KeysetVault serving =
                new KeysetVault(new PgKeysets(scene.narrow), SealingKeys.of(new SecretsSettings(List.of(FIRST))));
        await(serving.start());
        await(rotation(rotating).begin(ACTOR));
        StripeKey key = new StripeKey(Secret.of("sk_test_of_the_other_replica"));
        AppTaskStore.Install install = new AppTaskStore.Install(
                "01KAMZ2V5Q8XG6T4N9R3W7B1CF",
                ACTOR,
                new NewApp(AppType.STRIPE, "Stripe", true, key),
                key,
                "acct_1",
                null,
                new JsonObject());
        assertThat(await(new PgAppTasks(scene.postgres, rotating).begin(install, Optional.empty(), Duration.ZERO, 1))
                        .task())
                .isPresent();

        Optional<AppTask> claimed = await(new PgAppTasks(scene.narrow, serving).claim(Duration.ofMinutes(1)));

        assertThat(claimed.orElseThrow().app().apiKey()).isEqualTo(key.secret());
    }
}
