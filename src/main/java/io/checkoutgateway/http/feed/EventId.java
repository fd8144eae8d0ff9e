package io.checkoutgateway.http.feed;

import io.checkoutgateway.http.Call;
import java.util.Optional;

/**
 * Where a reader is, as the text that it sends back when it comes again. Readers treat it as opaque.
 *
 * @param position in the feed
 * @param last whether nothing is to follow: a reader that comes again with it is told to stop
 */
record EventId(long position, boolean last) {
    private static final String LAST_MARK = "-last";

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
        return new EventId(Long.parseLong(digits), last);
    }

    @Override
    public String toString() {
        return last ? position + LAST_MARK : Long.toString(position);
    }

    /** The id of an entry at this position. */
    static EventId at(long position) {
        return new EventId(position, false);
    }

    /** The id of an entry after which the stream ends for good. */
    static EventId lastAt(long position) {
        return new EventId(position, true);
    }
}
