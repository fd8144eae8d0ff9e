package io.checkoutgateway;

import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUpLog;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What options of commands may say, and what is told about the rest. */
final class Words {
    /** What a terminal shows in a moment; who wants more begins after the last. */
    private static final int LIST_MAX = 1_000;

    /** More often, and whoever follows would be a load; more seldom, and nobody would. */
    private static final Duration INTERVAL_LEAST = Duration.ofSeconds(1);

    private static final Duration INTERVAL_MOST = Duration.ofMinutes(1);

    /** A hundred years: who wants more wants no end. */
    private static final Duration LIFETIME_MOST = Duration.ofDays(36_500);

    private Words() {}

    private static String oneOf(List<String> words, String text) {
        if (!words.contains(text)) {
            throw new TypeConversionException(
                    "there is no state \"%s\"; there are: %s".formatted(text, String.join(", ", words)));
        }
        return text;
    }

    /** The state of an event. */
    static final class EventState implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return oneOf(EventLog.STATES, text);
        }
    }

    /** The state of an event that is settled. */
    static final class SettledState implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return oneOf(EventLog.SETTLED, text);
        }
    }

    /** The state of a follow-up. */
    static final class FollowUpState implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return oneOf(FollowUpLog.STATES, text);
        }
    }

    /** The kind of a follow-up. */
    static final class FollowUpKind implements ITypeConverter<FollowUp.Kind> {
        @Override
        public FollowUp.Kind convert(String text) {
            return FollowUp.Kind.of(text)
                    .orElseThrow(() -> new TypeConversionException("there is no kind \"%s\"; there are: %s"
                            .formatted(
                                    text,
                                    String.join(
                                            ", ",
                                            Arrays.stream(FollowUp.Kind.values())
                                                    .map(FollowUp.Kind::word)
                                                    .toList()))));
        }
    }

    /** How many lines there may be. */
    static final class Limit implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            int limit = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
            if (limit < 1 || limit > LIST_MAX) {
                throw new TypeConversionException(
                        "a limit must be between 1 and %d, was \"%s\"".formatted(LIST_MAX, text));
            }
            return limit;
        }
    }

    /** A moment, or a day's beginning. */
    static final class Moment implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return text.indexOf('T') < 0
                        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                        : Instant.parse(text);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "a moment is written as 2026-11-22T09:00:00Z or, for the beginning of a day in UTC, as"
                                + " 2026-11-22, was \"%s\"".formatted(text));
            }
        }
    }

    /** How long something may take or has been. */
    static final class Length implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                Duration length = Duration.parse(text);
                if (!length.isNegative()) {
                    return length;
                }
            } catch (DateTimeException e) {
                // Told below, together with durations that lead back.
            }
            throw new TypeConversionException("a duration is written as PT5M or P2D, was \"%s\"".formatted(text));
        }
    }

    /** How long something lives from now on. */
    static final class Lifetime implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                Duration lifetime = Duration.parse(text);
                if (lifetime.compareTo(Duration.ZERO) > 0 && lifetime.compareTo(LIFETIME_MOST) <= 0) {
                    return lifetime;
                }
            } catch (DateTimeException e) {
                // Told below, together with durations out of range.
            }
            throw new TypeConversionException("a lifetime is written as P90D, longer than nothing and at most P%dD, was"
                            .formatted(LIFETIME_MOST.toDays())
                    + " \"%s\"".formatted(text));
        }
    }

    /** How often to look again. */
    static final class Interval implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                Duration interval = Duration.parse(text);
                if (interval.compareTo(INTERVAL_LEAST) >= 0 && interval.compareTo(INTERVAL_MOST) <= 0) {
                    return interval;
                }
            } catch (DateTimeException e) {
                // Told below, together with durations out of range.
            }
            throw new TypeConversionException(
                    "an interval must be between %s and %s, was \"%s\"".formatted(INTERVAL_LEAST, INTERVAL_MOST, text));
        }
    }
}
