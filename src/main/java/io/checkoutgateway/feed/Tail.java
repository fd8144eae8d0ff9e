package io.checkoutgateway.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The newest entries, in memory: those who keep up are served from here, all of them from one read of the table. */
final class Tail {
    private final int most;
    private final TreeMap<Long, FeedEntry> entries = new TreeMap<>();
    private long before;
    private long head;

    /** @param most how many entries are kept */
    Tail(int most) {
        this.most = most;
    }

    /** Begins after this position. */
    synchronized void startAfter(long position) {
        entries.clear();
        before = position;
        head = position;
    }

    /** The position of the newest entry that was seen. */
    synchronized long head() {
        return head;
    }

    /** Adds what follows the head. */
    synchronized void add(List<FeedEntry> more) {
        for (FeedEntry entry : more) {
            if (entry.position() > head) {
                entries.put(entry.position(), entry);
                head = entry.position();
            }
        }
        while (entries.size() > most) {
            before = entries.pollFirstEntry().getKey();
        }
    }

    /** What the scope admits of the entries after this position; empty when some of those are not here any more. */
    synchronized Optional<FeedPage> after(Scope scope, long position, int size) {
        if (position < before) {
            return Optional.empty();
        }
        List<FeedEntry> found = new ArrayList<>();
        for (FeedEntry entry : entries.tailMap(position, false).values()) {
            if (scope.admits(entry)) {
                found.add(entry);
            }
            if (found.size() == size) {
                return Optional.of(new FeedPage(found, entry.position(), true));
            }
        }
        // Another replica may have been further when the reader last heard of it.
        return Optional.of(new FeedPage(found, Math.max(position, head), false));
    }
}
