package io.checkoutgateway.mirror;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Installed apps whose key this process turned out not to have, as a command with other settings than those that serve.
 * It leaves their runs alone for a while, or it would take most windows only to let them go.
 */
final class OthersApps {
    /** Keys come too, as when a secret can be opened again. */
    static final Duration LEFT_ALONE = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<String, Instant> until = new ConcurrentHashMap<>();

    OthersApps(Clock clock) {
        this.clock = clock;
    }

    void add(String appId) {
        until.put(appId, clock.instant().plus(LEFT_ALONE));
    }

    /** The ids of those that are left alone now. */
    Set<String> now() {
        Instant now = clock.instant();
        until.values().removeIf(end -> !end.isAfter(now));
        return Set.copyOf(until.keySet());
    }
}
