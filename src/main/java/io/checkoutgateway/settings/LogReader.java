package io.checkoutgateway.settings;

import java.util.List;

/** Reads how the log is written. */
final class LogReader {
    private static final List<String> FORMATS = List.of("json", "text");
    private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private final Values values;
    private final LogSettings preset;

    LogReader(Values values, LogSettings preset) {
        this.values = values;
        this.preset = preset;
    }

    LogSettings log() {
        return new LogSettings(
                values.word(
                        "LOG_FORMAT",
                        preset.format(),
                        FORMATS,
                        "The log's form: json, an object a line, or text for people, which is the demo's preset."),
                values.word(
                        "LOG_LEVEL",
                        preset.level(),
                        LEVELS,
                        "The least level that is logged: TRACE, DEBUG, INFO, WARN, ERROR or OFF."),
                values.word(
                        "ACCESS_LOG_LEVEL",
                        preset.accessLevel(),
                        LEVELS,
                        "The same for the line of each request; with WARN, only failed ones have a line."));
    }
}
