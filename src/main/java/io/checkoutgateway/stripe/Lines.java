package io.checkoutgateway.stripe;

import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Who waits for a place in the background, in a line for each account and operation. Lines take turns, whatever their
 * length. Not safe for several threads.
 */
final class Lines {
    /**
     * A try that waits.
     *
     * @param deadlineNanos when it is too late, as {@link System#nanoTime} tells
     */
    record Turn(String account, String operation, long deadlineNanos, Promise<Void> place) {
        private Line line() {
            return new Line(account, operation);
        }
    }

    /** The rate is one of the account and one of the operation, so who waits for one must not hold up the other. */
    private record Line(String account, String operation) {}

    /** Whoever was served last comes last. */
    private final Map<Line, Deque<Turn>> waiting = new LinkedHashMap<>();

    private final Map<String, Integer> underWay = new HashMap<>();
    private int allUnderWay;

    void add(Turn turn) {
        waiting.computeIfAbsent(turn.line(), line -> new ArrayDeque<>()).add(turn);
    }

    /** A try of this account has ended. */
    void ended(String account) {
        allUnderWay--;
        underWay.computeIfPresent(account, (name, count) -> count == 1 ? null : count - 1);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether nobody can be served before a try ends. */
    boolean isFull() {
        return allUnderWay >= BackgroundLane.WORKERS;
    }

    /** Takes those out whose time is over. */
    List<Turn> takeLate(long nanos) {
        List<Turn> late = new ArrayList<>();
        waiting.values()
                .forEach(line -> line.removeIf(turn -> {
                    boolean over = turn.deadlineNanos() - nanos <= 0;
                    if (over) {
                        late.add(turn);
                    }
                    return over;
                }));
        waiting.values().removeIf(Deque::isEmpty);
        return late;
    }

    /** Takes everybody out. */
    List<Turn> takeAll() {
        List<Turn> all = waiting.values().stream().flatMap(Deque::stream).toList();
        waiting.clear();
        return all;
    }

    /**
     * Takes those out who may go now, one of each line in each round; they are under way from now on.
     *
     * @param hasPlace whether the rate has a place for this one, which is taken with the answer
     */
    List<Turn> take(Predicate<Turn> hasPlace) {
        List<Turn> taken = new ArrayList<>();
        int before;
        do {
            before = taken.size();
            takeOneOfEach(hasPlace, taken);
        } while (taken.size() > before);
        return taken;
    }

    private void takeOneOfEach(Predicate<Turn> hasPlace, List<Turn> taken) {
        Map<Line, Deque<Turn>> served = new LinkedHashMap<>();
        Iterator<Map.Entry<Line, Deque<Turn>>> lines = waiting.entrySet().iterator();
        while (lines.hasNext() && !isFull()) {
            Map.Entry<Line, Deque<Turn>> line = lines.next();
            Turn first = line.getValue().element();
            if (mayWork(first.account()) && hasPlace.test(first)) {
                lines.remove();
                line.getValue().remove();
                begun(first.account());
                taken.add(first);
                if (!line.getValue().isEmpty()) {
                    served.put(line.getKey(), line.getValue());
                }
            }
        }
        waiting.putAll(served);
    }

    private boolean mayWork(String account) {
        return underWay.getOrDefault(account, 0) < BackgroundLane.WORKERS_OF_ACCOUNT;
    }

    private void begun(String account) {
        allUnderWay++;
        underWay.merge(account, 1, Integer::sum);
    }
}
