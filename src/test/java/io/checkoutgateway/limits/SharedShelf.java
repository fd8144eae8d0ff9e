package io.checkoutgateway.limits;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Postgres does with buckets, in memory. */
final class SharedShelf implements BucketStore {
    private final Map<String, Buffer> buckets = new HashMap<>();
    int reads;
    int writes;
    boolean silent;

    @Override
    public Future<Optional<Buffer>> read(String id) {
        reads++;
        Promise<Optional<Buffer>> answer = Promise.promise();
        if (!silent) {
            answer.complete(Optional.ofNullable(buckets.get(id)));
        }
        return answer.future();
    }

    @Override
    public Future<Boolean> replace(String id, @Nullable Buffer expected, Buffer state, Duration keep) {
        writes++;
        boolean unchanged = expected == null ? !buckets.containsKey(id) : expected.equals(buckets.get(id));
        if (unchanged) {
            buckets.put(id, state);
        }
        return Future.succeededFuture(unchanged);
    }

    @Override
    public Future<Boolean> forget() {
        return Future.succeededFuture(false);
    }
}
