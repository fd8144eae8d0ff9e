package io.checkoutgateway.limits;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where buckets lie that replicas share, in a form that only the library reads. */
public interface BucketStore {
    /** The bucket as it is; empty when there is none. */
    Future<Optional<Buffer>> read(String id);

    /**
     * Replaces a bucket, unless somebody else did since it was read.
     *
     * @param expected what was read; {@code null} when there was none
     * @param keep after how long it may be forgotten
     * @return whether it was replaced
     */
    Future<Boolean> replace(String id, @Nullable Buffer expected, Buffer state, Duration keep);

    /** Forgets buckets that may be; tells whether there may be more of them. */
    Future<Boolean> forget();
}
