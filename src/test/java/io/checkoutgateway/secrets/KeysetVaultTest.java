package io.checkoutgateway.secrets;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.SecretsSettings;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A vault whose time the test tells. */
class KeysetVaultTest {
    private static final SecretOwner OWNER = new SecretOwner("test", "test.secret", "1");
    private static final Secret SECRET = Secret.of("whsec_of_the_test");

    private final Shelf shelf = new Shelf();
    private long nanos = 1;
    private final KeysetVault vault = new KeysetVault(
            shelf, SealingKeys.of(new SecretsSettings(List.of(SealingKeys.generate(new SecureRandom())))), () -> nanos);

    /** The one keyset of a database that is there or away. */
    private static final class Shelf implements KeysetStore {
        private WrappedKeyset kept = new WrappedKeyset(Buffer.buffer(), "");
        private int reads;

        @Override
        public Future<StoredKeyset> findOrAdd(WrappedKeyset first) {
            kept = first;
            return Future.succeededFuture(new StoredKeyset(kept, 1, null));
        }

        @Override
        public Future<StoredKeyset> read() {
            reads++;
            return Future.succeededFuture(new StoredKeyset(kept, 1, null));
        }

        @Override
        public Future<Boolean> rotate(StoredKeyset before, WrappedKeyset after, Actor actor) {
            return Future.succeededFuture(false);
        }

        @Override
        public Future<Boolean> drop(StoredKeyset before, WrappedKeyset after, byte[] mark, Actor actor) {
            return Future.succeededFuture(false);
        }

        @Override
        public Future<Boolean> rewrap(StoredKeyset before, WrappedKeyset after, Actor actor) {
            return Future.succeededFuture(false);
        }
    }

    @Test
    void seal_keysNotSeenForLongerThanTheyAreTrusted_isRefusedUntilTheyAreSeen() {
        await(vault.start());
        nanos += KeysetVault.TRUST.toNanos();
        assertThatCode(() -> vault.seal(SECRET, OWNER)).doesNotThrowAnyException();
        nanos++;

        assertThatThrownBy(() -> vault.seal(SECRET, OWNER))
                .isInstanceOfSatisfying(GatewayException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Reason.DATABASE_UNAVAILABLE));

        await(vault.refresh());
        assertThat(await(vault.open(vault.seal(SECRET, OWNER), OWNER))).isEqualTo(SECRET);
    }

    @Test
    void grace_outlivesWhatAReplicaMayStillSeal() {
        assertThat(Rotation.GRACE).isGreaterThan(KeysetVault.TRUST.plus(Duration.ofMinutes(5)));
        assertThat(KeysetVault.REFRESH_INTERVAL).isLessThan(KeysetVault.TRUST.dividedBy(5));
    }

    @Test
    void open_keyThatNobodyKnows_looksTwiceAndFails() {
        await(vault.start());
        Buffer sealed = vault.seal(SECRET, OWNER);
        sealed.setInt(1, ~sealed.getInt(1));

        assertThatThrownBy(() -> await(vault.open(sealed, OWNER))).isInstanceOf(GatewayException.class);
        assertThat(shelf.reads).isEqualTo(2);
    }

    @Test
    void open_whatWasNeverSealed_failsWithoutALook() {
        await(vault.start());

        assertThatThrownBy(() -> await(vault.open(Buffer.buffer("whsec_in_clear"), OWNER)))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("not sealed");
        assertThatThrownBy(() -> await(vault.open(Buffer.buffer(), OWNER))).isInstanceOf(GatewayException.class);
        assertThat(shelf.reads).isZero();
    }
}
