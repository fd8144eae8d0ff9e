package io.checkoutgateway.secrets;

import io.vertx.core.buffer.Buffer;

/**
 * Data keys as they lie in the database.
 *
 * @param bytes Tink's encrypted keyset
 * @param wrappedBy the fingerprint of the key that it was sealed under
 */
public record WrappedKeyset(Buffer bytes, String wrappedBy) {}
