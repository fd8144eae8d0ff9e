package io.checkoutgateway.http.feed;

import io.vertx.core.buffer.Buffer;

/** Server-Sent Events as bytes. (HTML standard, section 9.2.5.) */
final class Frames {
    /** How long a reader waits before it comes again: long enough for a replica that stops to be left alone. */
    private static final int RETRY_MILLIS = 2_000;

    private Frames() {}

    /** What every stream begins with. An id without data is no event, but it is where the reader will go on. */
    static Buffer opening(EventId from) {
        return Buffer.buffer("retry: " + RETRY_MILLIS + "\nid: " + from + "\n\n");
    }

    /** One event; type and data are of one line. */
    static String event(EventId id, String type, String data) {
        return "id: " + id + "\nevent: " + type + "\ndata: " + data + "\n\n";
    }

    /** A sign of life; the id spares a reader whom nothing concerned a long way back. */
    static Buffer heartbeat(EventId at) {
        return Buffer.buffer(": heartbeat\nid: " + at + "\n\n");
    }
}
