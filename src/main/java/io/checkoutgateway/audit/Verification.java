package io.checkoutgateway.audit;

import io.checkoutgateway.audit.ChainStore.Linked;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks the whole chain, page by page, and compares it with the entries. */
public final class Verification {
    private static final int PAGE = 2_000;

    /** Entries looked through at once for strays; a look-up in two indexes each. */
    private static final long IDS_AT_ONCE = 20_000;

    private final ChainStore store;
    private final Duration patience;
    private final @Nullable Link expected;
    private final int page;

    /**
     * @param patience how long an entry may wait to be linked
     * @param expected a head that was known earlier; {@code null} when none is known
     */
    public Verification(ChainStore store, Duration patience, @Nullable Link expected) {
        this(store, patience, expected, PAGE);
    }

    Verification(ChainStore store, Duration patience, @Nullable Link expected, int page) {
        this.store = store;
        this.patience = patience;
        this.expected = expected;
        this.page = page;
    }

    /**
     * What was found.
     *
     * @param head the last place that is in order
     * @param problem the first thing that is not, in a sentence; empty when all is well
     */
    public record Outcome(Link head, Optional<String> problem) {}

    private record Step(Outcome outcome, boolean last) {}

    /** Walks; succeeds also when something is wrong. */
    public Future<Outcome> run() {
        return walk().compose(walked -> walked.problem().isPresent()
                ? Future.succeededFuture(walked)
                : cut(walked.head())
                        .map(problem -> Future.succeededFuture(new Outcome(walked.head(), Optional.of(problem))))
                        .orElseGet(() -> beside(walked.head())));
    }

    /** Page after page. Composed, each would wait in memory, and at last on the stack, for the end of all that follow. */
    private Future<Outcome> walk() {
        Promise<Outcome> end = Promise.promise();
        walk(Link.NONE, end);
        return end.future();
    }

    private void walk(Link from, Promise<Outcome> end) {
        store.after(from.position(), page)
                .map(found -> new Step(compare(from, found), found.size() < page))
                .onSuccess(step -> {
                    if (step.last() || step.outcome().problem().isPresent()) {
                        end.complete(step.outcome());
                    } else {
                        walk(step.outcome().head(), end);
                    }
                })
                .onFailure(end::fail);
    }

    private Outcome compare(Link from, List<Linked> found) {
        Link head = from;
        for (Linked linked : found) {
            Optional<String> problem = problemOf(head, linked);
            if (problem.isPresent()) {
                return new Outcome(head, problem);
            }
            head = new Link(linked.position(), linked.hash());
        }
        return new Outcome(head, Optional.empty());
    }

    private Optional<String> problemOf(Link before, Linked linked) {
        long position = before.position() + 1;
        if (linked.position() != position) {
            return Optional.of("The link at position %d is missing".formatted(position));
        }
        if (linked.entry() == null) {
            return Optional.of("The entry %d at position %d is missing".formatted(linked.entryId(), position));
        }
        if (!before.next(linked.entry()).hash().equals(linked.hash())) {
            return Optional.of(
                    "The entry %d at position %d is not what was linked: it, the link or the order was altered"
                            .formatted(linked.entryId(), position));
        }
        boolean contradicts = expected != null
                && expected.position() == position
                && !expected.hash().equals(linked.hash());
        return contradicts
                ? Optional.of("The hash at position %d is another than the one that is known of it".formatted(position))
                : Optional.empty();
    }

    private Optional<String> cut(Link head) {
        return expected != null && expected.position() > head.position()
                ? Optional.of("The chain ends at position %d, and is known to have reached %d: its end was cut off"
                        .formatted(head.position(), expected.position()))
                : Optional.empty();
    }

    private Future<Outcome> beside(Link head) {
        return store.lastEntry()
                .compose(last -> strays(0, last))
                .compose(stray -> stray.isPresent()
                        ? Future.succeededFuture(stray.map(
                                id -> "The entry %d was inserted: it is not in the chain, nor on its way there"
                                        .formatted(id)))
                        : late())
                .map(problem -> new Outcome(head, problem));
    }

    private Future<Optional<Long>> strays(long after, long last) {
        long through = Math.min(last, after + IDS_AT_ONCE);
        return store.stray(after, through)
                .compose(found ->
                        found.isPresent() || through >= last ? Future.succeededFuture(found) : strays(through, last));
    }

    private Future<Optional<String>> late() {
        return store.waitingFor(patience)
                .map(count -> count == 0
                        ? Optional.empty()
                        : Optional.of(
                                "%d entries have waited for more than %s to be linked; no gateway runs, or it cannot link"
                                        .formatted(count, patience)));
    }
}
