package io.checkoutgateway.settings;

import java.io.UncheckedIOException;

/**
 * How the log is written.
 *
 * @param format {@code json} for machines or {@code text} for people
 * @param level the least level that is written: {@code TRACE}, {@code DEBUG}, {@code INFO}, {@code WARN}, {@code ERROR}
 *     or {@code OFF}
 * @param accessLevel the same for the line of each request
 */
public record LogSettings(String format, String level, String accessLevel) {
    /** What holds where nothing was said. */
    public static final LogSettings PRESET = new LogSettings("json", "INFO", "INFO");

    /**
     * Reads them ahead of the rest, since there may be no logger before. Who reads all settings is told what is wrong
     * with them; here, the preset stands in for it.
     *
     * @param preset what holds where nothing, or no such word, was given
     */
    public static LogSettings ofProcess(LogSettings preset) {
        // The library that reads settings has a logger, which is not to be the first one of all.
        System.setProperty("org.jboss.logging.provider", "jdk");
        try {
            return new LogReader(new Values(Sources.ofProcess()), preset).log();
        } catch (SettingsException | UncheckedIOException | IllegalArgumentException toldLater) {
            return preset;
        }
    }

    /** Tells the log's configuration, {@code logback.xml}, which is read when the first logger is made. */
    public void apply() {
        System.setProperty("checkoutgateway.log.format", format);
        System.setProperty("checkoutgateway.log.level", level);
        System.setProperty("checkoutgateway.log.access-level", accessLevel);
    }
}
