package io.checkoutgateway.secrets;

import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Seals secrets for the database and opens them again. */
public interface Vault {
    /** What is stored for the secret of this row. */
    Buffer seal(Secret secret, SecretOwner owner);

    /**
     * The secret that was stored for this row.
     *
     * @return fails when it was sealed for another row, was altered, or its key is not known any more
     */
    Future<Secret> open(Buffer sealed, SecretOwner owner);
}
