package io.checkoutgateway.http.feed;

import io.checkoutgateway.feed.FeedEntry;
import io.checkoutgateway.feed.Scope;
import io.vertx.core.buffer.Buffer;

/**
 * How a stream begins.
 *
 * @param scope what its reader wants
 * @param position the entries after this one follow
 * @param frames what is written first
 * @param over whether nothing follows the first frames
 */
record Beginning(Scope scope, long position, Buffer frames, boolean over) {
    private static final String RESET = "reset";
    private static final String RESET_DATA =
            "{\"detail\":\"Changes after the last event's id are not kept any more; list the sessions again\"}";

    /** With what follows this position. */
    static Beginning after(Scope scope, long position) {
        return new Beginning(scope, position, Frames.opening(EventId.at(position, scope.afterSequence())), false);
    }

    /** With the word that something is missing before this position. */
    static Beginning reset(Scope scope, long position) {
        Beginning plain = after(scope, position);
        plain.frames().appendString(Frames.event(EventId.at(position), RESET, RESET_DATA));
        return plain;
    }

    /** With what the session is now, and what changes it afterwards. */
    static Beginning snapshot(FeedEntry now, long position, boolean over) {
        Scope scope = Scope.ofSession(now.namespace(), now.sessionId(), now.sequence());
        EventId here = EventId.at(position, now.sequence());
        EventId id = over ? EventId.lastAt(position) : here;
        Buffer frames = Frames.opening(here).appendString(Frames.event(id, now.type(), now.data()));
        return new Beginning(scope, position, frames, over);
    }
}
