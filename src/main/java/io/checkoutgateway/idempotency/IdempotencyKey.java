package io.checkoutgateway.idempotency;

import io.vertx.core.buffer.Buffer;

/**
 * A caller's promise that two requests are one.
 *
 * @param operation the contract's operationId; a key means something else for another operation
 * @param value the {@code Idempotency-Key} header
 * @param requestHash SHA-256 of the canonical request; tells a repetition from a mistake
 */
public record IdempotencyKey(String operation, String value, Buffer requestHash) {}
