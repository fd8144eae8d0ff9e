package io.checkoutgateway.secrets;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals with data keys that lie in the database, sealed themselves under a key that does not. All replicas hold the same
 * data keys in memory and look for newer ones now and then, and when they meet a secret whose key they do not know.
 */
public final class KeysetVault implements Vault {
    private static final Logger LOG = LoggerFactory.getLogger(KeysetVault.class);

    /** How often to look for newer data keys: one row, by its primary key. */
    public static final Duration REFRESH_INTERVAL = Duration.ofSeconds(30);

    /** Whoever has not seen the data keys for so long must not seal: others may be about to drop the one it would use. */
    static final Duration TRUST = Duration.ofMinutes(5);

    /** What a caller is told to wait when the data keys could not be read for long: the next look is not far. */
    private static final Duration UNTIL_NEXT_LOOK = Duration.ofSeconds(5);

    private final KeysetStore store;
    private final SealingKeys sealingKeys;
    private final LongSupplier nanoTime;
    private volatile @Nullable Known known;
    private @Nullable Future<Known> reading;

    /** @param seenNanos when the look began that found these */
    private record Known(StoredKeyset stored, DataKeys keys, long seenNanos) {
        Known seenAgain(StoredKeyset now, long nanos) {
            return new Known(now, keys, nanos);
        }
    }

    public KeysetVault(KeysetStore store, SealingKeys sealingKeys) {
        this(store, sealingKeys, System::nanoTime);
    }

    KeysetVault(KeysetStore store, SealingKeys sealingKeys, LongSupplier nanoTime) {
        this.store = store;
        this.sealingKeys = sealingKeys;
        this.nanoTime = nanoTime;
    }

    /**
     * Finds the data keys, or makes the first; to be done before anything else.
     *
     * @return fails with {@link IllegalStateException} and a message for the operator when they do not open
     */
    public Future<Void> start() {
        return Future.succeededFuture()
                .map(begun -> sealingKeys.wrap(DataKeys.draw().handle()))
                .compose(store::findOrAdd)
                .map(stored -> {
                    known = new Known(stored, unwrapped(stored), nanoTime.getAsLong());
                    warnOfOldKey(stored);
                    return null;
                });
    }

    private void warnOfOldKey(StoredKeyset stored) {
        String used = stored.wrapped().wrappedBy();
        if (!used.equals(sealingKeys.newest())) {
            LOG.atWarn()
                    .addKeyValue("sealed_under", used)
                    .addKeyValue("newest", sealingKeys.newest())
                    .log(
                            "the data keys are sealed under an old key; `gateway secrets rewrap` seals them under the newest");
        }
    }

    private DataKeys unwrapped(StoredKeyset stored) {
        return new DataKeys(sealingKeys.unwrap(stored.wrapped()));
    }

    @Override
    public Buffer seal(Secret secret, SecretOwner owner) {
        Known now = known();
        if (nanoTime.getAsLong() - now.seenNanos() > TRUST.toNanos()) {
            throw GatewayException.retryable(
                    Reason.DATABASE_UNAVAILABLE,
                    "The keys for secrets could not be read for a while",
                    UNTIL_NEXT_LOOK,
                    new IllegalStateException("the data keys were last seen more than " + TRUST + " ago"));
        }
        try {
            return now.keys().seal(secret.reveal().getBytes(StandardCharsets.UTF_8), owner);
        } catch (GeneralSecurityException e) {
            throw new GatewayException(Reason.INTERNAL, "A secret could not be sealed", e);
        }
    }

    @Override
    public Future<Secret> open(Buffer sealed, SecretOwner owner) {
        if (!DataKeys.isSealed(sealed)) {
            return Future.failedFuture(
                    new GatewayException(Reason.INTERNAL, "A secret lies in the database that is not sealed"));
        }
        if (known().keys().know(sealed)) {
            return opened(sealed, owner);
        }
        // The first look may be one that began before this secret was sealed; the second cannot be.
        return refresh()
                .compose(newer -> known().keys().know(sealed) ? Future.succeededFuture(newer) : refresh())
                .compose(newest -> opened(sealed, owner));
    }

    private Future<Secret> opened(Buffer sealed, SecretOwner owner) {
        try {
            byte[] clear = known().keys().open(sealed, owner);
            return Future.succeededFuture(Secret.of(new String(clear, StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            return Future.failedFuture(new GatewayException(Reason.INTERNAL, "A secret could not be opened", e));
        }
    }

    /** Looks for newer data keys; whoever asks while somebody looks waits for the same answer. */
    public synchronized Future<StoredKeyset> refresh() {
        Future<Known> look = reading;
        if (look == null) {
            look = read();
            reading = look;
            Future<Known> begun = look;
            Future<Known> ignored = look.onComplete(done -> forget(begun));
        }
        return look.map(Known::stored);
    }

    private Future<Known> read() {
        long begun = nanoTime.getAsLong();
        return store.read().map(stored -> {
            Known before = known();
            Known now = before.stored().version() == stored.version()
                    ? before.seenAgain(stored, begun)
                    : new Known(stored, unwrapped(stored), begun);
            known = now;
            return now;
        });
    }

    private synchronized void forget(Future<Known> done) {
        if (Objects.equals(reading, done)) {
            reading = null;
        }
    }

    private Known known() {
        Known now = known;
        if (now == null) {
            throw new IllegalStateException("start() finds the data keys");
        }
        return now;
    }

    DataKeys keys() {
        return known().keys();
    }

    StoredKeyset stored() {
        return known().stored();
    }

    SealingKeys sealingKeys() {
        return sealingKeys;
    }

    KeysetStore store() {
        return store;
    }
}
