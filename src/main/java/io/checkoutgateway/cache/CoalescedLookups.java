package io.checkoutgateway.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks things up for requests that come together (request coalescing): while a key is being looked up, requests with
 * the same key gather, and one more look answers them all. A look always begins after the request that it answers, so
 * what was changed or revoked on any replica before a request came is known to it, as it would not be with a cache that
 * keeps what it found.
 */
public final class CoalescedLookups<K, V> {
    /** The look under way for a key, and those who came too late for it. */
    private static final class Line<V> {
        private @Nullable Promise<V> waiting;
    }

    private final Function<K, Future<V>> look;
    private final Map<K, Line<V>> lines = new HashMap<>();

    public CoalescedLookups(Function<K, Future<V>> look) {
        this.look = look;
    }

    /** What a look that begins from now on finds; fails as that look does, and nobody else's does. */
    public Future<V> find(K key) {
        synchronized (lines) {
            Line<V> line = lines.get(key);
            if (line != null) {
                line.waiting = line.waiting == null ? Promise.promise() : line.waiting;
                return line.waiting.future();
            }
            lines.put(key, new Line<>());
        }
        return look(key);
    }

    /** Composed, so that a look which throws is a failed one: else its line would never end. */
    private Future<V> look(K key) {
        return Future.succeededFuture(key).compose(look).onComplete(found -> next(key));
    }

    private void next(K key) {
        Promise<V> gathered = gathered(key);
        if (gathered != null) {
            look(key).onComplete(gathered);
        }
    }

    /** Those who wait; when nobody does, the line ends. */
    private @Nullable Promise<V> gathered(K key) {
        synchronized (lines) {
            Line<V> line = lines.getOrDefault(key, new Line<>());
            Promise<V> gathered = line.waiting;
            line.waiting = null;
            if (gathered == null) {
                lines.remove(key);
            }
            return gathered;
        }
    }
}
