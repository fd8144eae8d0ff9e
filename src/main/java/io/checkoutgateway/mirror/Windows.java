package io.checkoutgateway.mirror;

import io.checkoutgateway.mirror.Window.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Splits time into windows: contiguous, of whole seconds, the newest first, since that is what people wait for. */
final class Windows {
    /** Enough for progress to be seen and for replicas to share, few enough to be added up whenever someone looks. */
    static final int MOST = 100;

    /** A shorter one would cost a request for nothing in most accounts. */
    static final Duration SHORTEST = Duration.ofDays(1);

    private Windows() {}

    static List<Range> split(Instant from, Instant to) {
        long seconds = to.getEpochSecond() - from.getEpochSecond();
        long length = Math.max(SHORTEST.toSeconds(), (seconds + MOST - 1) / MOST);
        List<Range> ranges = new ArrayList<>();
        for (long end = to.getEpochSecond(); end > from.getEpochSecond(); end -= length) {
            long begin = Math.max(from.getEpochSecond(), end - length);
            ranges.add(new Range(Instant.ofEpochSecond(begin), Instant.ofEpochSecond(end)));
        }
        return ranges;
    }
}
