package io.checkoutgateway.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What was used last, up to so many; what was used least recently is forgotten first. For any thread. */
public final class Lru<K, V> {
    private final Map<K, V> kept;

    /** @param most how many are kept */
    public Lru(int most) {
        this.kept = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** The one of this key, if it is kept. */
    public synchronized Optional<V> find(K key) {
        return Optional.ofNullable(kept.get(key));
    }

    /** Keeps this one, in place of the one that was kept. */
    public synchronized void put(K key, V value) {
        kept.put(key, value);
    }

    /** The one of this key; made, once at a time, where none is kept. */
    public synchronized V get(K key, Function<K, V> made) {
        return kept.computeIfAbsent(key, made);
    }
}
