package io.checkoutgateway.access.oidc;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What callers with tokens are called in log lines. Their subjects are people as often as not, or their e-mail addresses;
 * the same caller is called the same everywhere, and who has the lines only cannot try names until one fits, for want of
 * the key. The audit log has the subjects.
 */
public final class Pseudonyms {
    /** What every pseudonym begins with; no caller's own name does. */
    public static final String PREFIX = "oidc~";

    private static final String ALGORITHM = "HmacSHA256";

    /** Among a million callers of a namespace, two are called the same with a chance of one in forty million. */
    private static final int BYTES = 8;

    private final SecretKeySpec key;

    /** @param key of this installation: what is called the same by all its replicas is called otherwise elsewhere */
    public Pseudonyms(Buffer key) {
        this.key = new SecretKeySpec(key.getBytes(), ALGORITHM);
    }

    /**
     * What this caller is called.
     *
     * @param name as in the audit log, such as {@code oidc:somebody}
     */
    public String of(String namespace, String name) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] hash = mac.doFinal((namespace + "\n" + name).getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }
}
