package io.checkoutgateway.http.feed;

import io.checkoutgateway.http.Call;
import java.util.Optional;

/**
 * Where a reader is, as the text that it sends back when it comes again. Readers treat it as opaque.
 *
 * @param position in the feed
 * @param sequence up to which of a session's changes the reader knows it, also those that are published after this
 *     position: a snapshot may be ahead of the feed; 0 where only the position counts
 * @param last whether nothing is to follow: a reader that comes again with it is told to stop
 */
record EventId(long position, long sequence, boolean last) {
    private static final String LAST_MARK = "-last";
    private static final char SEQUENCE_MARK = '.';

    /** The last id that the caller has seen: the header's, which readers keep up to date, else the query's. */
    static Optional<EventId> lastOf(Call call) {
        String header = call.header("Last-Event-ID");
        return Optional.ofNullable(header == null ? call.query().getString("last_event_id") : header)
                .map(EventId::parse);
    }

    /** The contract has checked the form. */
    private static EventId parse(String text) {
        boolean last = text.endsWith(LAST_MARK);
        String digits = last ? text.substring(0, text.length() - LAST_MARK.length()) : text;
        int mark = digits.indexOf(SEQUENCE_MARK);
        return mark < 0
                ? new EventId(Long.parseLong(digits), 0, last)
                : new EventId(
                        Long.parseLong(digits.substring(0, mark)), Long.parseLong(digits.substring(mark + 1)), last);
    }

    @Override
    public String toString() {
        String known = sequence == 0 ? "" : SEQUENCE_MARK + Long.toString(sequence);
        return position + known + (last ? LAST_MARK : "");
    }

    /** The id of an entry at this position. */
    static EventId at(long position) {
        return new EventId(position, 0, false);
    }

    /** The id of a reader at this position who knows a session's changes up to this one. */
    static EventId at(long position, long sequence) {
        return new EventId(position, sequence, false);
    }

    /** The id of an entry after which the stream ends for good. */
    static EventId lastAt(long position) {
        return new EventId(position, 0, true);
    }
}
