package io.checkoutgateway.access;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers which keys are used, and writes it down now and then: one statement a minute for all keys of a process, and
 * none that a request waits for. Only keys that were recognised are noted, so there are never more than live keys.
 */
public final class KeyUses {
    /** Who looks for keys that nobody uses thinks in days; a write for each request would cost more than the look-up. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    private final ApiKeyStore store;
    private Set<String> seen = new HashSet<>();

    public KeyUses(ApiKeyStore store) {
        this.store = store;
    }

    /** Notes a use. */
    synchronized void note(String id) {
        seen.add(id);
    }

    /** Writes down what was noted since the last time; tells whether there is more, which there never is. */
    public Future<Boolean> runOnce() {
        Set<String> noted = taken();
        return noted.isEmpty()
                ? Future.succeededFuture(false)
                : store.used(noted, INTERVAL.dividedBy(2)).map(false);
    }

    private synchronized Set<String> taken() {
        Set<String> noted = seen;
        seen = new HashSet<>();
        return noted;
    }
}
