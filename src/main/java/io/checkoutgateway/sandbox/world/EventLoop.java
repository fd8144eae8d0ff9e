package io.checkoutgateway.sandbox.world;

import io.vertx.core.Context;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The one event loop on which all state of a sandbox is touched. Others hand their work over and wait for it, which
 * takes microseconds because nothing there blocks; on the loop itself work runs at once.
 */
public final class EventLoop {
    /** Work on the loop takes microseconds, so waiting this long means that the sandbox is closed. */
    private static final long PATIENCE_SECONDS = 10;

    private final Context context;
    private final Thread thread;

    /** Must be made on the loop. */
    public EventLoop(Context context) {
        this.context = context;
        this.thread = Thread.currentThread();
    }

    /** Runs the work on the loop and hands its result, or its exception, to the caller. */
    public <T> T call(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (Thread.currentThread() == thread) {
            run(work, result);
        } else {
            context.runOnContext(go -> run(work, result));
        }
        try {
            return result.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("the sandbox did not answer", failure.getCause());
        }
    }

    /** Runs the work on the loop; the caller waits until it is done. */
    public void run(Runnable work) {
        boolean done = call(() -> {
            work.run();
            return true;
        });
        assert done;
    }

    public Context context() {
        return context;
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever the work threw belongs to the caller.
    private static <T> void run(Callable<T> work, CompletableFuture<T> result) {
        try {
            result.complete(work.call());
        } catch (Exception failure) {
            result.completeExceptionally(failure);
        }
    }
}
