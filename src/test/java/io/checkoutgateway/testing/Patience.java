package io.checkoutgateway.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long tests wait for what must come. It is registered for every test, so that a wait that says nothing else looks
 * often and gives up late.
 */
public final class Patience implements BeforeAllCallback {
    /** So long that no machine is too slow or too busy: it costs nothing as long as what must come does. */
    public static final Duration LIMIT = Duration.ofMinutes(4);

    /** Most looks ask Postgres over a connection of their own, which takes some milliseconds. */
    private static final Duration INTERVAL = Duration.ofMillis(20);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LIMIT);
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(INTERVAL);
        // What another test left to die in its own thread is none of this one's.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }
}
