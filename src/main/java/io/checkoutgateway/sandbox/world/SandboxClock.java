package io.checkoutgateway.sandbox.world;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The only time the sandbox knows. It runs with the system clock until it is moved; frozen, it stands still. Moving
 * it takes effect at once: when {@link #advance} or {@link #set} return, sessions whose time has come are expired.
 * Reading is safe from any thread.
 */
public final class SandboxClock extends Clock {
    private final EventLoop loop;
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile State state = new State(Duration.ZERO, false, Instant.EPOCH);

    public SandboxClock(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Instant instant() {
        State now = state;
        return now.frozen ? now.stoppedAt : Instant.now().plus(now.offset);
    }

    /** Whole seconds since 1970, the way Stripe writes time. */
    public long seconds() {
        return instant().getEpochSecond();
    }

    /** Moves on, or back when negative. */
    public void advance(Duration step) {
        loop.run(() -> move(instant().plus(step)));
    }

    /** Moves to a moment; a running clock goes on from there. */
    public void set(Instant moment) {
        loop.run(() -> move(moment));
    }

    /** Stops; it can still be moved. */
    public void freeze() {
        loop.run(() -> state = new State(state.offset, true, instant()));
    }

    /** Lets a frozen clock run on from where it stands. */
    public void resume() {
        loop.run(() -> state = new State(Duration.between(Instant.now(), instant()), false, Instant.EPOCH));
    }

    /** Back to the system's time, running. */
    public void reset() {
        loop.run(() -> {
            state = new State(Duration.ZERO, false, Instant.EPOCH);
            listeners.forEach(Runnable::run);
        });
    }

    public boolean isFrozen() {
        return state.frozen;
    }

    /** Has something run, on the event loop, whenever the clock was moved. */
    public void onMove(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Not supported: a moved copy would go its own way. */
    @Override
    public Clock withZone(ZoneId zone) {
        if (zone.equals(getZone())) {
            return this;
        }
        throw new UnsupportedOperationException("the sandbox clock is in UTC");
    }

    private void move(Instant moment) {
        state = new State(Duration.between(Instant.now(), moment), state.frozen, moment);
        listeners.forEach(Runnable::run);
    }

    private record State(Duration offset, boolean frozen, Instant stoppedAt) {}
}
