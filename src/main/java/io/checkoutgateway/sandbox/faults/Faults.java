package io.checkoutgateway.sandbox.faults;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.sandbox.world.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The script of what goes wrong. For each request the oldest rule that matches and is not used up strikes, and only
 * that one. May be called from any thread.
 */
public final class Faults {
    /** So that a script in a loop is noticed. */
    private static final int MAX_RULES = 1_000;

    private final EventLoop loop;
    private final List<Fault> rules = new ArrayList<>();
    private int count;

    public Faults(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * The next so many matching requests suffer.
     *
     * @param method an HTTP method or {@code *}
     * @param path such as {@code /v1/checkout/sessions/*}; {@code *} is one segment, {@code **} any number
     * @param times at least 1
     */
    @CanIgnoreReturnValue
    public Fault add(String method, String path, int times, Effect effect) {
        return add(method, path, 0, times, effect);
    }

    /** The same, but the first so many matching requests pass unharmed. */
    @CanIgnoreReturnValue
    public Fault add(String method, String path, int skip, int times, Effect effect) {
        if (times < 1 || skip < 0 || !path.startsWith("/")) {
            throw new IllegalArgumentException("a fault needs a path that starts with /, times of at least 1 and skip "
                    + "of at least 0, was " + path + ", " + times + " and " + skip);
        }
        return loop.call(() -> {
            if (rules.size() >= MAX_RULES) {
                throw new IllegalStateException("there are " + MAX_RULES + " faults already; clear them first");
            }
            String upper = method.toUpperCase(Locale.ROOT);
            Fault fault = new Fault(loop, "fault_" + ++count, upper, path, skip, times, effect);
            rules.add(fault);
            return fault;
        });
    }

    /** The next matching request suffers. */
    @CanIgnoreReturnValue
    public Fault once(String method, String path, Effect effect) {
        return add(method, path, 1, effect);
    }

    /** All rules, used-up ones included. */
    public List<Fault> list() {
        return loop.call(() -> List.copyOf(rules));
    }

    public Optional<Fault> find(String id) {
        return loop.call(
                () -> rules.stream().filter(rule -> rule.id().equals(id)).findFirst());
    }

    /** Forgets all rules and lets every held request go on. */
    public void clear() {
        loop.run(() -> {
            rules.forEach(Fault::release);
            rules.clear();
        });
    }

    /** The rule that strikes this request, if any; it counts as used. On the event loop. */
    public Optional<Fault> claim(String method, String path) {
        for (Fault rule : rules) {
            if (rule.claims(method, path)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
