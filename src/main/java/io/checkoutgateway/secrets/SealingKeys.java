package io.checkoutgateway.secrets;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.SecretsSettings;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The keys from outside the database that the data keys are sealed under: the newest seals, the others only open. */
public final class SealingKeys {
    /** AES-256. */
    private static final int KEY_BYTES = 32;

    /** Enough to tell a handful of keys apart in a message. */
    private static final int FINGERPRINT_BYTES = 6;

    private static final byte[] PURPOSE = "checkout-gateway keyset".getBytes(StandardCharsets.UTF_8);

    private final Map<String, Aead> byFingerprint;
    private final String newest;

    private SealingKeys(Map<String, Aead> byFingerprint) {
        this.byFingerprint = byFingerprint;
        this.newest = byFingerprint.keySet().iterator().next();
    }

    /**
     * The configured keys.
     *
     * @throws IllegalStateException with a message for the operator when there is none
     */
    public static SealingKeys of(SecretsSettings settings) {
        if (settings.keys().isEmpty()) {
            throw new IllegalStateException("GATEWAY_SECRETS_KEY, or GATEWAY_SECRETS_KEY_FILE, is required and was not "
                    + "given; `gateway secrets generate-key` prints a new key. Without the one that the database was "
                    + "used with before, its secrets cannot be opened");
        }
        Map<String, Aead> keys = new LinkedHashMap<>();
        for (Secret key : settings.keys()) {
            byte[] bytes = Base64.getDecoder().decode(key.reveal());
            keys.put(fingerprint(bytes), aead(bytes));
        }
        return new SealingKeys(keys);
    }

    /** A new key, in the form that the settings take. */
    public static Secret generate(SecureRandom random) {
        byte[] drawn = new byte[KEY_BYTES];
        random.nextBytes(drawn);
        return Secret.of(Base64.getEncoder().encodeToString(drawn));
    }

    private static Aead aead(byte[] key) {
        try {
            return new AesGcmJce(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks AES-GCM", e);
        }
    }

    /** Tells keys apart without telling anything about them: a hash of 32 random bytes cannot be turned back. */
    private static String fingerprint(byte[] key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256", e);
        }
    }

    /** The fingerprint of the key that seals. */
    public String newest() {
        return newest;
    }

    WrappedKeyset wrap(KeysetHandle keys) {
        try {
            Aead key = byFingerprint.get(newest);
            return new WrappedKeyset(
                    Buffer.buffer(TinkProtoKeysetFormat.serializeEncryptedKeyset(keys, key, PURPOSE)), newest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the data keys could not be sealed", e);
        }
    }

    /** @throws IllegalStateException with a message for the operator when none of the keys opens it */
    KeysetHandle unwrap(WrappedKeyset wrapped) {
        Aead key = byFingerprint.get(wrapped.wrappedBy());
        if (key == null) {
            throw new IllegalStateException(
                    "The secrets in the database are sealed under the key with the fingerprint %s, and GATEWAY_SECRETS_KEY has %s; give that key too, after the others"
                            .formatted(wrapped.wrappedBy(), String.join(", ", byFingerprint.keySet())));
        }
        try {
            return TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped.bytes().getBytes(), key, PURPOSE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "The data keys in the table secret_keyset were altered: they do not open under the key with the fingerprint "
                            + wrapped.wrappedBy(),
                    e);
        }
    }
}
