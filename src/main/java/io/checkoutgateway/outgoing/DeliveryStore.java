package io.checkoutgateway.outgoing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where it is remembered who is to be told what, and who was. */
public interface DeliveryStore {
    /**
     * Turns the next news of the feed into deliveries for everyone who wants them. However many replicas do this, and
     * whichever of them dies, each endpoint gets each news once.
     *
     * @param most how many news at once
     * @return how many news were turned; 0 also when another replica is at it
     */
    Future<Integer> fanOut(int most);

    /**
     * Which deliveries are wanted.
     *
     * @param failing of endpoints whose last attempt failed, or of the others
     * @param busy endpoints that are left alone
     * @param each how many for one endpoint
     * @param most how many in all
     * @param lease for how long nobody else takes them
     */
    record Claim(boolean failing, Collection<String> busy, int each, int most, Duration lease) {}

    /**
     * A delivery that is due and that nobody else works at.
     *
     * @param position of the news in the feed
     * @param claim fences off everyone who claimed it before
     * @param attempt 1 for the first
     * @param endpointVersion of the endpoint as it is told; its owner may change it meanwhile
     */
    record Due(
            String endpointId,
            long position,
            long claim,
            int attempt,
            String url,
            long endpointVersion,
            Message message,
            SigningSecrets secrets) {}

    /**
     * Takes what is due, news before what can wait; these attempts count, whatever comes of them. A message is not taken
     * while an earlier one of its session and endpoint has yet to end its first attempt.
     */
    Future<List<Due>> claim(Claim claim);

    /** Notes a success; tells how long ago the news came into the feed. Empty when the claim was lost meanwhile. */
    Future<Optional<Duration>> delivered(Due due, @Nullable Integer status);

    /**
     * A failed attempt and what follows from it.
     *
     * @param retryIn when to try again; {@code null} for never
     * @param pause for how long the endpoint is left alone altogether
     * @param gone whether the endpoint is disabled at once
     * @param disableAfter it is disabled when it has failed for this long
     * @param silence for how long no failure may have come for those after it to be the first anew
     */
    record Failure(
            @Nullable Integer status,
            @Nullable String error,
            @Nullable Duration retryIn,
            Duration pause,
            boolean gone,
            Duration disableAfter,
            Duration silence) {}

    /** What a failure led to. */
    record Verdict(boolean retried, WebhookEndpoint.@Nullable Reason disabled) {}

    /**
     * Notes a failure; empty when the claim was lost meanwhile. When the endpoint was changed while the message was under
     * way, only the delivery is put back, due at once, as if this attempt had not been made.
     */
    Future<Optional<Verdict>> failed(Due due, Failure failure);

    /** Settles pending deliveries of disabled endpoints as skipped, at most so many; tells how many. */
    Future<Integer> skip(int most);

    /**
     * Forgets deliveries settled longer ago than this, those of removed endpoints, and expired secrets.
     *
     * @return how many deliveries of the one or the other kind went; as many as allowed means that there may be more
     */
    Future<Integer> forget(Duration retention, int most);

    /** The table at one moment, for metrics; counts no further than {@code most} deliveries. */
    Future<Backlog> backlog(int most);

    /**
     * The table at one moment.
     *
     * @param oldestSeconds the age of the oldest pending delivery's news; 0 when there is none
     * @param failing endpoints whose last attempt failed
     * @param disabled endpoints that are told nothing
     */
    record Backlog(long pending, double oldestSeconds, long failing, long disabled) {}
}
