package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/**
 * Gathers rows while the write before them is under way, and writes those together. Under load the cost of a commit is
 * shared; a row that comes alone is written at once and waits for nobody.
 *
 * @param <T> a row
 * @param <R> what is learnt of a row when it is written
 */
final class GroupCommit<T, R> {
    /** A statement of this many events of 100 KB stays below 32 MB. */
    private static final int BATCH_MAX = 256;

    /** Two, so that the next batch travels while Postgres flushes the one before. */
    private static final int WRITES_MAX = 2;

    private record Waiting<T, R>(T row, Promise<R> promise) {}

    private final Function<List<T>, Future<List<R>>> write;
    private final Queue<Waiting<T, R>> waiting = new ArrayDeque<>();
    private int writes;

    /** @param write writes rows in one transaction; answers in their order */
    GroupCommit(Function<List<T>, Future<List<R>>> write) {
        this.write = write;
    }

    /** Succeeds when the row is written for good. */
    Future<R> add(T row) {
        Promise<R> promise = Promise.promise();
        synchronized (this) {
            waiting.add(new Waiting<>(row, promise));
        }
        flush();
        return promise.future();
    }

    private void flush() {
        List<Waiting<T, R>> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        write.apply(batch.stream().map(Waiting::row).toList()).onComplete(written -> {
            done();
            for (int i = 0; i < batch.size(); i++) {
                if (written.succeeded()) {
                    batch.get(i).promise().complete(written.result().get(i));
                } else {
                    batch.get(i).promise().fail(written.cause());
                }
            }
        });
    }

    private synchronized List<Waiting<T, R>> take() {
        List<Waiting<T, R>> batch = new ArrayList<>();
        if (writes < WRITES_MAX) {
            while (!waiting.isEmpty() && batch.size() < BATCH_MAX) {
                batch.add(waiting.remove());
            }
            writes += batch.isEmpty() ? 0 : 1;
        }
        return batch;
    }

    private void done() {
        synchronized (this) {
            writes--;
        }
        flush();
    }
}
