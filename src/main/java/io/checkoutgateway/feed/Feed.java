package io.checkoutgateway.feed;

import io.checkoutgateway.feed.FeedStore.Span;
import io.checkoutgateway.feed.Scope.Topic;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The feed, as readers on this replica see it. One reader of the table fills a short tail in memory and tells those who
 * wait; they come for what is new to them at their own pace, and one that fell behind the tail reads the table itself.
 */
public final class Feed {
    /** How many entries are read at once: some 300 KB. */
    private static final int READ = 500;

    /** How many entries a reader takes at once: some 50 KB, which is what may lie in its way when it stops reading. */
    private static final int PAGE = 100;

    /** About 2 MB, and several seconds of a busy feed: longer than a wink of the network. */
    private static final int TAIL = 2_000;

    private final FeedStore store;
    private final Tail tail = new Tail(TAIL);
    private final Map<Topic, Set<Subscription>> subscriptions = new HashMap<>();

    public Feed(FeedStore store) {
        this.store = store;
    }

    /** Learns where the feed ends. */
    public Future<Void> start() {
        return store.span().onSuccess(span -> tail.startAfter(span.newest())).mapEmpty();
    }

    /** Reads what was published since the last round and tells those who wait for it; tells whether there is more. */
    public Future<Boolean> runOnce() {
        return store.after(tail.head(), READ).map(entries -> {
            tail.add(entries);
            waiting(entries).forEach(Subscription::tell);
            return entries.size() == READ;
        });
    }

    private Set<Subscription> waiting(List<FeedEntry> entries) {
        Set<Subscription> told = new LinkedHashSet<>();
        synchronized (subscriptions) {
            for (FeedEntry entry : entries) {
                told.addAll(subscriptions.getOrDefault(new Topic(entry.namespace(), null), Set.of()));
                told.addAll(subscriptions.getOrDefault(new Topic(entry.namespace(), entry.sessionId()), Set.of()));
            }
        }
        return told;
    }

    /** The position of the newest entry, as far as this replica knows. */
    public long head() {
        return tail.head();
    }

    /**
     * Where a reader goes on.
     *
     * @param position what it wants lies after this
     * @param complete whether this is where it left; else something it wanted is gone, or was never here
     */
    public record Resumption(long position, boolean complete) {}

    /** Where a reader goes on that has seen everything up to this position. */
    public Future<Resumption> resume(long seen) {
        return store.span().map(span -> resumption(span, seen));
    }

    private static Resumption resumption(Span span, long seen) {
        if (span.covers(seen)) {
            return new Resumption(seen, true);
        }
        // A position from the future is one of another history: the database was set back.
        return new Resumption(seen > span.newest() ? span.newest() : span.oldest() - 1, false);
    }

    /** What the scope admits of the entries after this position. */
    public Future<FeedPage> read(Scope scope, long position) {
        return tail.after(scope, position, PAGE)
                .map(Future::succeededFuture)
                .orElseGet(() -> readTable(scope, position));
    }

    /** Everything up to the head is visible before the table is read, so a short page reaches at least that far. */
    private Future<FeedPage> readTable(Scope scope, long position) {
        long head = tail.head();
        return store.after(scope, position, PAGE).map(entries -> {
            boolean full = entries.size() == PAGE;
            long last = entries.isEmpty()
                    ? position
                    : entries.get(entries.size() - 1).position();
            return new FeedPage(
                    entries.stream().filter(scope::admits).toList(), full ? last : Math.max(last, head), full);
        });
    }

    /** The session's newest entry; empty when none is kept. */
    public Future<Optional<FeedEntry>> newestOf(String namespace, String sessionId) {
        return store.newestOf(namespace, sessionId);
    }

    /** The session as it is now, in the form of an entry; empty when the namespace has no such session. */
    public Future<Optional<FeedEntry>> snapshot(String namespace, String sessionId) {
        return store.snapshot(namespace, sessionId);
    }

    /**
     * Asks to be told when there may be something new in the scope; what it is, {@link #read} says.
     *
     * @param news called on any thread, soon after something was published; returns at once
     */
    public Subscription subscribe(Scope scope, Runnable news) {
        Subscription subscription = new Subscription(this, scope, news);
        synchronized (subscriptions) {
            subscriptions
                    .computeIfAbsent(scope.topic(), topic -> new LinkedHashSet<>())
                    .add(subscription);
        }
        return subscription;
    }

    void unsubscribe(Subscription subscription, Scope scope) {
        synchronized (subscriptions) {
            subscriptions.computeIfPresent(scope.topic(), (topic, others) -> {
                others.remove(subscription);
                return others.isEmpty() ? null : others;
            });
        }
    }

    /** Forgets some entries that are kept no longer; tells whether there are more. */
    public Future<Boolean> forget(Duration retention) {
        return store.forget(retention);
    }
}
