package io.checkoutgateway.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * The line that the gateway logs for each request. The baselines log nothing, so what is compared with them must not
 * either; what the line costs is shown as a side of its own.
 */
final class AccessLines {
    private static final Logger LINES = (Logger) LoggerFactory.getLogger("io.checkoutgateway.http.access");

    private AccessLines() {}

    /** Measures as with {@code ACCESS_LOG_LEVEL=WARN}. */
    static <T> T without(Supplier<T> measurement) {
        LINES.setLevel(Level.WARN);
        try {
            return measurement.get();
        } finally {
            LINES.setLevel(Level.INFO);
        }
    }
}
