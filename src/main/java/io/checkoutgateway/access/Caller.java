package io.checkoutgateway.access;

import java.util.Set;

/**
 * Who calls, proven by a credential.
 *
 * @param namespace everything the caller may see or change belongs to it
 * @param name the credential in logs and in the audit trail, such as {@code api_key:<id>}; not secret
 * @param scopes what the credential allows
 */
public record Caller(String namespace, String name, Set<Scope> scopes) {
    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** Whether the credential allows this. */
    public boolean may(Scope needed) {
        for (Scope held : scopes) {
            if (held.allows(needed)) {
                return true;
            }
        }
        return false;
    }
}
