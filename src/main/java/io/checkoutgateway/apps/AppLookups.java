package io.checkoutgateway.apps;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks apps up for those who ask together: while the store is asked for one, others who want the same gather, and one
 * more look answers them all. A look always begins after the question that it answers, so that an install, a rotation or
 * a removal on any replica is known here with the next question.
 */
final class AppLookups {
    /** The look under way, and those who came too late for it. */
    private static final class Line {
        private @Nullable Promise<Optional<AppStore.Row>> waiting;
    }

    private final Function<String, Future<Optional<AppStore.Row>>> look;
    private final Map<String, Line> lines = new HashMap<>();

    AppLookups(Function<String, Future<Optional<AppStore.Row>>> look) {
        this.look = look;
    }

    Future<Optional<AppStore.Row>> find(String key) {
        synchronized (lines) {
            Line line = lines.get(key);
            if (line != null) {
                line.waiting = line.waiting == null ? Promise.promise() : line.waiting;
                return line.waiting.future();
            }
            lines.put(key, new Line());
        }
        return look.apply(key).onComplete(found -> next(key));
    }

    private void next(String key) {
        Promise<Optional<AppStore.Row>> gathered = gathered(key);
        if (gathered != null) {
            look.apply(key).onComplete(gathered).onComplete(found -> next(key));
        }
    }

    /** Those who wait; when nobody does, the line ends. */
    private @Nullable Promise<Optional<AppStore.Row>> gathered(String key) {
        synchronized (lines) {
            Line line = lines.getOrDefault(key, new Line());
            Promise<Optional<AppStore.Row>> gathered = line.waiting;
            line.waiting = null;
            if (gathered == null) {
                lines.remove(key);
            }
            return gathered;
        }
    }
}
