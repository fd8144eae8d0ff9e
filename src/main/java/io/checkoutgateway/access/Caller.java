package io.checkoutgateway.access;

/**
 * Who calls, proven by a credential.
 *
 * @param namespace everything the caller may see or change belongs to it
 * @param keyId names the credential in logs and the audit trail; not secret
 */
public record Caller(String namespace, String keyId) {}
