package io.checkoutgateway.secrets;

import java.nio.charset.StandardCharsets;

/**
 * The row that a sealed secret belongs to. A ciphertext opens for its own row only, so that one that was moved to
 * another row is worth nothing there.
 *
 * @param namespace who owns the row
 * @param kind what the secret is, such as {@code app.api_key}
 * @param id the row
 */
public record SecretOwner(String namespace, String kind, String id) {
    private static final char SEPARATOR = '\n';

    /** Refuses parts that could be taken for others once they are joined. */
    public SecretOwner {
        if ((namespace + kind + id).indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException("the parts of an owner are single lines");
        }
    }

    /** What the ciphertext is bound to. (RFC 5116, section 2.1: associated data.) */
    byte[] associatedData() {
        return (namespace + SEPARATOR + kind + SEPARATOR + id).getBytes(StandardCharsets.UTF_8);
    }
}
