package io.checkoutgateway.access;

import java.util.Set;

/**
 * Who calls, proven by a credential.
 *
 * @param namespace everything the caller may see or change belongs to it
 * @param name the credential in the audit trail, such as {@code api_key:<id>}; not secret, but may be somebody's address
 * @param alias the credential in log lines, which name nobody: a pseudonym, or the name where that is no person's
 * @param scopes what the credential allows
 */
public record Caller(String namespace, String name, String alias, Set<Scope> scopes) {
    /** A caller whose name is no person's. */
    public Caller(String namespace, String name, Set<Scope> scopes) {
        this(namespace, name, name, scopes);
    }

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
