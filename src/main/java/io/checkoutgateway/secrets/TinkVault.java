package io.checkoutgateway.secrets;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** Seals with AES-256-GCM; a ciphertext begins with the id of its key, so that keys can change. */
public final class TinkVault implements Vault {
    private final Aead aead;

    private TinkVault(Aead aead) {
        this.aead = aead;
    }

    /** A vault with a new key that nobody else has: what it sealed is lost with it. */
    public static TinkVault ephemeral() {
        try {
            AeadConfig.register();
            KeysetHandle keys = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            return new TinkVault(keys.getPrimitive(RegistryConfiguration.get(), Aead.class));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks AES-GCM", e);
        }
    }

    @Override
    public Buffer seal(Secret secret, SecretOwner owner) {
        try {
            byte[] clear = secret.reveal().getBytes(StandardCharsets.UTF_8);
            return Buffer.buffer(aead.encrypt(clear, owner.associatedData()));
        } catch (GeneralSecurityException e) {
            throw new GatewayException(Reason.INTERNAL, "A secret could not be sealed", e);
        }
    }

    @Override
    public Future<Secret> open(Buffer sealed, SecretOwner owner) {
        try {
            byte[] clear = aead.decrypt(sealed.getBytes(), owner.associatedData());
            return Future.succeededFuture(Secret.of(new String(clear, StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            return Future.failedFuture(new GatewayException(Reason.INTERNAL, "A secret could not be opened", e));
        }
    }
}
