package io.checkoutgateway.feed;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The feed as it is kept. */
public interface FeedStore {

    /** What is kept now. */
    Future<Span> span();

    /** Everybody's entries after this position, oldest first. */
    Future<List<FeedEntry>> after(long position, int most);

    /** Entries of the scope's namespace, or session, after this position, oldest first; its filters are not applied. */
    Future<List<FeedEntry>> after(Scope scope, long position, int most);

    /** The session's newest entry; empty when none is kept. */
    Future<Optional<FeedEntry>> newestOf(String namespace, String sessionId);

    /** The session as it is now, in the form of an entry; empty when the namespace has no such session. */
    Future<Optional<FeedEntry>> snapshot(String namespace, String sessionId);

    /** Forgets some entries older than this, though never the newest; tells whether there are more. */
    Future<Boolean> forget(Duration retention);

    /**
     * The first and the last entry kept.
     *
     * @param oldest 0 when nothing was ever published
     * @param newest 0 when nothing was ever published
     */
    record Span(long oldest, long newest) {
        /** Whether everything after this position is kept, and the position is one of this feed. */
        public boolean covers(long position) {
            return oldest - 1 <= position && position <= newest;
        }
    }
}
