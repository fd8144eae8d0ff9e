package io.checkoutgateway.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Keeps what loggers write from now until it is closed. Threads of any number may write while a test reads. */
public final class WrittenLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
    private final List<Logger> loggers;

    /** @param loggers their names; those whose lines go their own way are not heard through the root */
    public WrittenLines(String... loggers) {
        this.loggers = List.of(loggers).stream()
                .map(name -> (Logger) LoggerFactory.getLogger(name))
                .toList();
        start();
        this.loggers.forEach(logger -> logger.addAppender(this));
    }

    @Override
    protected void append(ILoggingEvent line) {
        lines.add(line);
    }

    /** What was written so far. */
    public List<ILoggingEvent> soFar() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        loggers.forEach(logger -> logger.detachAppender(this));
    }
}
