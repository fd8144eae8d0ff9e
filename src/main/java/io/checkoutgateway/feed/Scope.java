package io.checkoutgateway.feed;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reader wants of the feed, and may have.
 *
 * @param namespace the reader's own
 * @param sessionId one session only; {@code null} for all of the namespace
 * @param afterSequence changes of the session that are newer than this one; only with {@code sessionId}
 * @param types these types only; empty for all
 * @param customerId this customer's sessions only; {@code null} for all
 */
public record Scope(
        String namespace,
        @Nullable String sessionId,
        long afterSequence,
        Set<String> types,
        @Nullable String customerId) {
    public Scope {
        types = Set.copyOf(types);
    }

    /** A whole namespace, less what the filters leave out. */
    public static Scope ofNamespace(String namespace, Set<String> types, @Nullable String customerId) {
        return new Scope(namespace, null, 0, types, customerId);
    }

    /** One session, from this change on. */
    public static Scope ofSession(String namespace, String sessionId, long afterSequence) {
        return new Scope(namespace, sessionId, afterSequence, Set.of(), null);
    }

    boolean admits(FeedEntry entry) {
        return entry.namespace().equals(namespace)
                && (sessionId == null || (entry.sessionId().equals(sessionId) && entry.sequence() > afterSequence))
                && (types.isEmpty() || types.contains(entry.type()))
                && (customerId == null || customerId.equals(entry.customerId()));
    }

    /** Readers with the same topic are told of the same entries. */
    Topic topic() {
        return new Topic(namespace, sessionId);
    }

    /** A namespace, or one session of it. */
    record Topic(String namespace, @Nullable String sessionId) {}
}
