package io.checkoutgateway.limits;

import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lets the library's buckets lie in our store: read, count, and write unless somebody else did meanwhile. */
final class SharedBuckets extends AbstractCompareAndSwapBasedProxyManager<String> {
    /** A full bucket is as good as none; the margin is for clocks that differ. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final BucketStore store;
    private final TimeMeter time;

    SharedBuckets(BucketStore store, TimeMeter time) {
        super(ClientSideConfig.getDefault().withClientClock(time));
        this.store = store;
        this.time = time;
    }

    @Override
    protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(String id) {
        return new AsyncCompareAndSwapOperation() {
            @Override
            public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeoutNanos) {
                return store.read(id)
                        .map(found -> found.map(Buffer::getBytes))
                        .toCompletionStage()
                        .toCompletableFuture();
            }

            @Override
            public CompletableFuture<Boolean> compareAndSwap(
                    byte @Nullable [] read, byte[] written, RemoteBucketState state, Optional<Long> timeoutNanos) {
                Buffer expected = read == null ? null : Buffer.buffer(read);
                return store.replace(id, expected, Buffer.buffer(written), keep(state))
                        .toCompletionStage()
                        .toCompletableFuture();
            }
        };
    }

    private Duration keep(RemoteBucketState state) {
        return Duration.ofNanos(state.calculateFullRefillingTime(time.currentTimeNanos()))
                .plus(MARGIN);
    }

    @Override
    public CompletableFuture<Void> removeAsync(String id) {
        throw new UnsupportedOperationException("buckets go by themselves");
    }

    @Override
    protected CompareAndSwapOperation beginCompareAndSwapOperation(String id) {
        throw new UnsupportedOperationException("nobody waits here");
    }

    @Override
    public void removeProxy(String id) {
        throw new UnsupportedOperationException("buckets go by themselves");
    }

    @Override
    public boolean isAsyncModeSupported() {
        return true;
    }
}
