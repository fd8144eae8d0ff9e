package io.checkoutgateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits in a shutdown hook for what is being stopped, so that the process does not end in the middle of it. */
final class Stops {
    private static final Logger LOG = LoggerFactory.getLogger(Stops.class);

    private Stops() {}

    /** Whether it stopped in time. */
    @CanIgnoreReturnValue
    static boolean stop(Future<Void> stopping, Duration patience) {
        CountDownLatch done = new CountDownLatch(1);
        stopping.onComplete(stopped -> done.countDown());
        try {
            boolean inTime = done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!inTime) {
                LOG.atWarn().addKeyValue("seconds", patience.toSeconds()).log("stopping took too long and was cut off");
            }
            return inTime;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
