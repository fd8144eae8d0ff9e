package io.checkoutgateway.mirror;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where it is remembered through when events were asked for. */
public interface CatchUpStore {
    /**
     * A sweep that is this process's for a moment.
     *
     * @param account the connected account; {@code null} for the app's own
     * @param from events since then are asked for
     * @param to what the past is complete through when the sweep is done
     * @param after the last event that was taken in; {@code null} at the beginning
     */
    record Sweep(String appId, @Nullable String account, long lease, Instant from, Instant to, @Nullable String after) {
        /** The same, after this event was taken in. */
        Sweep at(String last) {
            return new Sweep(appId, account, lease, from, to, last);
        }

        String accountOrOwn() {
            return account == null ? "own" : account;
        }
    }

    /**
     * Takes the sweep of an account, or begins one.
     *
     * @param account the connected account; {@code null} for the app's own
     * @param idle how long ago the last one must have ended
     * @param overlap how far a new sweep reaches back into what the last one asked for
     * @param horizon how far back Stripe remembers
     * @return empty when another process has it, or when it is too early
     */
    Future<Optional<Sweep>> claim(
            String appId, @Nullable String account, Duration lease, Duration idle, Duration overlap, Duration horizon);

    /** Notes how far the sweep has come, and lets it go. */
    Future<Void> paused(Sweep sweep, String after, int found);

    /** The sweep is complete. */
    Future<Void> done(Sweep sweep, int found);

    /** The sweep failed; the next one goes on, or starts again when its place is not known to Stripe any more. */
    Future<Void> failed(Sweep sweep, String reason, boolean startAgain);

    /**
     * Through when the account's past is complete; before the first sweep is done, since when the app is there.
     *
     * @return empty when there is no such app
     */
    Future<Optional<Instant>> through(String appId, @Nullable String account);
}
