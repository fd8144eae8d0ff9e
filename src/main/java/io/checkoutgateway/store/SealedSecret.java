package io.checkoutgateway.store;

import io.checkoutgateway.settings.Secret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * A secret as it lies in a column. The one place that knows how: in clear for now, so that whoever reads the table has
 * the secrets. What it belongs to is given along for the day when it is bound to it.
 */
final class SealedSecret {
    private SealedSecret() {}

    /** What is stored for the secret of this row. */
    static Buffer seal(Secret secret, String namespace, String owner) {
        return Buffer.buffer(secret.reveal());
    }

    /** The secret that was stored for this row. */
    static Secret open(Buffer sealed, String namespace, String owner) {
        return Secret.of(sealed.toString(StandardCharsets.UTF_8));
    }
}
