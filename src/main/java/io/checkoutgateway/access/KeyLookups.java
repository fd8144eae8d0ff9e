package io.checkoutgateway.access;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks keys up for requests that come together: while the store is asked about a key, requests with the same key
 * gather, and one more look answers them all. A look always begins after the request that it answers, so a key that was
 * revoked before a request came is never taken for a live one, as a cache would do for its lifetime.
 */
final class KeyLookups {
    /** The look under way for a key, and those who came too late for it. */
    private static final class Line {
        private @Nullable Promise<Optional<LiveKeys.Row>> waiting;
    }

    private final LiveKeys store;
    private final Map<String, Line> lines = new HashMap<>();

    KeyLookups(LiveKeys store) {
        this.store = store;
    }

    /** As {@link LiveKeys#find}. */
    Future<Optional<LiveKeys.Row>> find(String id) {
        synchronized (lines) {
            Line line = lines.get(id);
            if (line != null) {
                line.waiting = line.waiting == null ? Promise.promise() : line.waiting;
                return line.waiting.future();
            }
            lines.put(id, new Line());
        }
        return store.find(id).onComplete(found -> next(id));
    }

    private void next(String id) {
        Promise<Optional<LiveKeys.Row>> gathered = gathered(id);
        if (gathered != null) {
            store.find(id).onComplete(gathered).onComplete(found -> next(id));
        }
    }

    /** Those who wait; when nobody does, the line ends. */
    private @Nullable Promise<Optional<LiveKeys.Row>> gathered(String id) {
        synchronized (lines) {
            Line line = lines.getOrDefault(id, new Line());
            Promise<Optional<LiveKeys.Row>> gathered = line.waiting;
            line.waiting = null;
            if (gathered == null) {
                lines.remove(id);
            }
            return gathered;
        }
    }
}
