package io.checkoutgateway.apps;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where it is remembered which connected accounts the apps know of. What tells of one writes it down itself. */
public interface ConnectedAccountStore {
    /**
     * The connected accounts of some apps together.
     *
     * @param caughtUpThrough through when the connected one that is furthest behind was asked for its undelivered
     *     events; {@code null} while none was
     */
    record Standing(long connected, long disconnected, @Nullable Instant caughtUpThrough) {}

    /** Stripe answered for this account: it is connected. */
    Future<Void> answered(String appId, String account);

    /** Stripe answered that the account is none of the platform's; tells whether it was connected so far. */
    Future<Boolean> refused(String appId, String account);

    /** How many accounts of the app take turns. */
    Future<Long> connected(String appId);

    /**
     * Takes the account whose turn it is, if it is anyone's; no other process gets it before its next turn.
     *
     * @param pause until that
     */
    Future<Optional<String>> next(String appId, Duration pause);

    /** The account's next turn is at once: not everything was fetched. */
    Future<Void> again(String appId, String account);

    Future<Standing> standing(List<String> appIds);

    /** The app's accounts after this place, in the order in which they became known. */
    Future<List<ConnectedAccount>> list(String appId, long after, int most);
}
