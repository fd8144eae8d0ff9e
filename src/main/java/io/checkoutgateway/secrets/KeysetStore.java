package io.checkoutgateway.secrets;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;

/** Where the data keys lie. Changes are made only to what was read: who comes second changes nothing. */
public interface KeysetStore {
    /** The stored data keys; these, when there were none. */
    Future<StoredKeyset> findOrAdd(WrappedKeyset first);

    /** The stored data keys; fails when there are none. */
    Future<StoredKeyset> read();

    /** Puts data keys with a new primary into the place of those; tells whether they were still there. */
    Future<Boolean> rotate(StoredKeyset before, WrappedKeyset after, Actor actor);

    /**
     * Puts the newest data key alone into the place of those, if every sealed secret begins with the mark; tells whether it
     * did.
     *
     * @param mark what everything begins with that was sealed under the newest key
     */
    Future<Boolean> drop(StoredKeyset before, WrappedKeyset after, byte[] mark, Actor actor);

    /** Puts the same data keys, sealed under another key, into the place of those; tells whether they were still there. */
    Future<Boolean> rewrap(StoredKeyset before, WrappedKeyset after, Actor actor);
}
