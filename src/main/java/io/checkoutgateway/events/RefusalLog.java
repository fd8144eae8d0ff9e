package io.checkoutgateway.events;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries were refused, for people: one entry for each app and reason, however many there were. Who sends them
 * proves nothing, so nothing of what they say is kept, and no number of them makes it grow.
 */
public interface RefusalLog {
    /**
     * Deliveries to one app that were refused for one reason since they were noted last.
     *
     * @param reason the word that metrics and logs use
     * @param lastAddress where the last one's connection came from; {@code null} when that is not known
     */
    record Refused(String appId, String reason, long count, @Nullable String lastAddress) {}

    /**
     * All that were noted of one app and reason.
     *
     * @param number the order of the list
     * @param lastAt some seconds late at most
     */
    record Entry(long number, Refused refused, Instant firstAt, Instant lastAt) {}

    /** Adds these; those of apps that are gone are dropped. */
    Future<Void> note(List<Refused> refused);

    /** The namespace's entries after this number, in the order of their first refusal. */
    Future<List<Entry>> list(String namespace, long after, int most);

    /** Forgets entries that nothing was added to for so long; tells whether there may be more. */
    Future<Boolean> forget(Duration retention);
}
