package io.checkoutgateway.store;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Gathers rows while the write before them is under way, and writes those together. Under load the cost of a commit is
 * shared; a row that comes alone is written at once and waits for nobody. A row that cannot be written fails alone.
 *
 * @param <T> a row
 * @param <R> what is learnt of a row when it is written
 */
final class GroupCommit<T, R> {
    /** A statement of this many events of 100 KB stays below 32 MB. */
    private static final int BATCH_MAX = 256;

    /** Two, so that the next batch travels while Postgres flushes the one before. */
    private static final int WRITES_MAX = 2;

    /**
     * Two full statements of events of 100 KB, or ten thousand of the usual 5 KB, which are stored in a second or two.
     * More of them wait only while Postgres is slow, and who sends them repeats what is refused better than a process
     * without memory.
     */
    static final int WAITING_BYTES_MAX = 64 * 1024 * 1024;

    /** What waits is written by then, or Postgres is away and says so itself. */
    private static final Duration WHEN_FULL = Duration.ofSeconds(2);

    private record Waiting<T, R>(T row, int bytes, Promise<R> promise) {}

    private final Function<List<T>, Future<List<R>>> write;
    private final ToIntFunction<T> size;
    private final Predicate<Throwable> isOfTheData;
    private final Queue<Waiting<T, R>> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int writes;

    /**
     * @param write writes rows in one transaction, all or none; answers in their order
     * @param size how many bytes a row holds, about
     * @param isOfTheData whether a failure is a row's own, so that others could be written without it
     */
    GroupCommit(Function<List<T>, Future<List<R>>> write, ToIntFunction<T> size, Predicate<Throwable> isOfTheData) {
        this.write = write;
        this.size = size;
        this.isOfTheData = isOfTheData;
    }

    /**
     * Succeeds when the row is written for good. Fails at once, to be repeated, while {@link #WAITING_BYTES_MAX} wait; a
     * row for which nobody waits is taken whatever its size.
     */
    Future<R> add(T row) {
        int bytes = size.applyAsInt(row);
        Promise<R> promise = Promise.promise();
        synchronized (this) {
            if (!waiting.isEmpty() && waitingBytes + bytes > WAITING_BYTES_MAX) {
                return Future.failedFuture(GatewayException.retryable(
                        Reason.DATABASE_UNAVAILABLE, "The database is slower than what it is told", WHEN_FULL));
            }
            waiting.add(new Waiting<>(row, bytes, promise));
            waitingBytes += bytes;
        }
        flush();
        return promise.future();
    }

    private void flush() {
        List<Waiting<T, R>> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        outcomes(batch.stream().map(Waiting::row).toList()).onComplete(written -> {
            done();
            for (int i = 0; i < batch.size(); i++) {
                written.result().get(i).onComplete(batch.get(i).promise());
            }
        });
    }

    private synchronized List<Waiting<T, R>> take() {
        List<Waiting<T, R>> batch = new ArrayList<>();
        if (writes < WRITES_MAX) {
            while (!waiting.isEmpty() && batch.size() < BATCH_MAX) {
                Waiting<T, R> next = waiting.remove();
                waitingBytes -= next.bytes();
                batch.add(next);
            }
            writes += batch.isEmpty() ? 0 : 1;
        }
        return batch;
    }

    /** Each row's own outcome, in their order; never fails. Composed, so that a writer that throws is one that failed. */
    private Future<List<Future<R>>> outcomes(List<T> rows) {
        Future<List<R>> written = Future.succeededFuture(rows).compose(write);
        return written.transform(ended -> ended.failed() && rows.size() > 1 && isOfTheData.test(ended.cause())
                ? halves(rows)
                : Future.succeededFuture(IntStream.range(0, rows.size())
                        .mapToObj(i -> written.map(learnt -> learnt.get(i)))
                        .toList()));
    }

    /** In halves, one after the other: to find one among 256 takes 16 writes, and not 256. */
    private Future<List<Future<R>>> halves(List<T> rows) {
        int middle = rows.size() / 2;
        return outcomes(rows.subList(0, middle)).compose(first -> outcomes(rows.subList(middle, rows.size()))
                .map(second -> Stream.concat(first.stream(), second.stream()).toList()));
    }

    private void done() {
        synchronized (this) {
            writes--;
        }
        flush();
    }
}
