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
     *     events, or since when it is known if it never was; {@code null} when none is connected
     */
    record Standing(long connected, long disconnected, @Nullable Instant caughtUpThrough) {}

    /**
     * An account's turn, which is this process's for a moment.
     *
     * @param since when it began
     * @param until when another process may take it; tells it from every other turn of the account
     */
    record Turn(String account, Instant since, Instant until) {}

    /**
     * Stripe answered for this account: it is connected.
     *
     * @param asOf just before Stripe was asked
     */
    Future<Void> answered(String appId, String account, Instant asOf);

    /**
     * Stripe answered that the account is none of the platform's. Once it was doubted before, by its own event or by
     * another refusal, and was not seen since the call was made, it is disconnected; else it is asked for next.
     *
     * @param asOf just before Stripe was asked
     * @return whether the account is disconnected because of it
     */
    Future<Boolean> refused(String appId, String account, Instant asOf);

    /** How many accounts of the app are connected. */
    Future<Long> connected(String appId);

    /**
     * Takes the account whose turn it is, if it is anyone's, be it connected or not.
     *
     * @param lease for how long no other process gets it unless its turn ends
     */
    Future<Optional<Turn>> next(String appId, Duration lease);

    /**
     * Ends a turn. What is newer stands: an account that came to be due meanwhile is so still.
     *
     * @param pause until a connected account's next one; a disconnected one's doubles each time, up to 28 days
     */
    Future<Void> rest(String appId, Turn turn, Duration pause);

    Future<Standing> standing(List<String> appIds);

    /** The app's accounts after this place, in the order in which they became known. */
    Future<List<ConnectedAccount>> list(String appId, long after, int most);
}
