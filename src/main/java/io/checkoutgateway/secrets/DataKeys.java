package io.checkoutgateway.secrets;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/**
 * The keys that secrets are sealed with: AES-256-GCM. The newest seals, the others only open. What was sealed begins with
 * the number of its key. (Tink, "Wire format": one byte 01, four bytes of key id.)
 */
final class DataKeys {
    static final int MARK_BYTES = 5;
    private static final byte FORMAT = 1;

    private final KeysetHandle handle;
    private final Aead aead;

    DataKeys(KeysetHandle handle) {
        this.handle = handle;
        try {
            AeadConfig.register();
            this.aead = handle.getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the data keys cannot be used", e);
        }
    }

    /** One new key. */
    static DataKeys draw() {
        try {
            AeadConfig.register();
            return new DataKeys(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks AES-GCM", e);
        }
    }

    KeysetHandle handle() {
        return handle;
    }

    int size() {
        return handle.size();
    }

    /** These, and a new one that seals from now on. */
    DataKeys withNewest() {
        try {
            KeysetHandle.Builder.Entry newest = KeysetHandle.generateEntryFromParameters(
                            PredefinedAeadParameters.AES256_GCM)
                    .withRandomId()
                    .makePrimary();
            return new DataKeys(KeysetHandle.newBuilder(handle).addEntry(newest).build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a data key could not be added", e);
        }
    }

    /** The one that seals, alone. */
    DataKeys newestOnly() {
        try {
            KeysetHandle.Builder builder = KeysetHandle.newBuilder(handle);
            for (int place = builder.size() - 1; place >= 0; place--) {
                if (!builder.getAt(place).isPrimary()) {
                    builder.deleteAt(place);
                }
            }
            return new DataKeys(builder.build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the older data keys could not be dropped", e);
        }
    }

    /** What everything begins with that the newest key sealed. */
    byte[] mark() {
        return ByteBuffer.allocate(MARK_BYTES)
                .put(FORMAT)
                .putInt(handle.getPrimary().getId())
                .array();
    }

    /** Whether this begins as sealed secrets do. */
    static boolean isSealed(Buffer bytes) {
        return bytes.length() > MARK_BYTES && bytes.getByte(0) == FORMAT;
    }

    /** Whether this was, by its own account, sealed by one of these keys. */
    boolean know(Buffer sealed) {
        for (int place = 0; place < handle.size(); place++) {
            if (handle.getAt(place).getId() == sealed.getInt(1)) {
                return true;
            }
        }
        return false;
    }

    Buffer seal(byte[] clear, SecretOwner owner) throws GeneralSecurityException {
        return Buffer.buffer(aead.encrypt(clear, owner.associatedData()));
    }

    byte[] open(Buffer sealed, SecretOwner owner) throws GeneralSecurityException {
        return aead.decrypt(sealed.getBytes(), owner.associatedData());
    }
}
