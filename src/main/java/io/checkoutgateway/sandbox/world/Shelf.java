package io.checkoutgateway.sandbox.world;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All objects of one kind in one account, in the order they were made. */
public final class Shelf {
    private final TreeMap<Long, JsonObject> byAge = new TreeMap<>();
    private final Map<String, Long> ages = new HashMap<>();
    private long next;

    /** Adds an object, which knows its own id. */
    public void add(JsonObject object) {
        ages.put(object.getString("id"), next);
        byAge.put(next++, object);
    }

    public Optional<JsonObject> find(String id) {
        return Optional.ofNullable(ages.get(id)).map(byAge::get);
    }

    /** Everything, the newest first; a live view. */
    public Collection<JsonObject> newestFirst() {
        return byAge.descendingMap().values();
    }

    /** Everything, the oldest first; a live view. */
    public Collection<JsonObject> oldestFirst() {
        return byAge.values();
    }

    /** What was made before that object, the newest first. */
    public Collection<JsonObject> olderThan(String id) {
        return byAge.headMap(age(id), false).descendingMap().values();
    }

    /** What was made after that object, the oldest first. */
    public Collection<JsonObject> newerThan(String id) {
        return byAge.tailMap(age(id), false).values();
    }

    /** Forgets an object; one that is not here is no error. */
    public void remove(String id) {
        Long age = ages.remove(id);
        if (age != null) {
            byAge.remove(age);
        }
    }

    public int size() {
        return byAge.size();
    }

    private Long age(String id) {
        Long age = ages.get(id);
        if (age == null) {
            throw new IllegalArgumentException("not on this shelf: " + id);
        }
        return age;
    }
}
