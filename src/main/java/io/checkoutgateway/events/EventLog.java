package io.checkoutgateway.events;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.listing.Repeated;
import io.checkoutgateway.listing.Stretch;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The inbox as a person looks at it. */
public interface EventLog {
    /** The words for what became of an event. */
    List<String> STATES = List.of("pending", "applied", "ignored", "quarantined");

    /** Those of {@link #STATES} that nothing comes after by itself. */
    List<String> SETTLED = List.of("applied", "ignored", "quarantined");

    /** How many events one call replays at most: few enough that their locks are gone in a moment. */
    int REPLAYED_MAX = 1_000;

    /**
     * A stored event and what became of it, without its body.
     *
     * @param row its place in the inbox
     * @param eventId Stripe's {@code evt_…}
     * @param state one of {@link #STATES}
     * @param nextAttemptAt when a pending event is tried next
     * @param settledAt when it was settled last; {@code null} before the first time
     * @param outcome the changed session's id, or why there is none; {@code null} before the first attempt
     */
    record Entry(
            long row,
            String appId,
            String eventId,
            String type,
            @Nullable String apiVersion,
            @Nullable String account,
            @Nullable Boolean livemode,
            Instant created,
            @Nullable String objectId,
            Instant receivedAt,
            Delivery.Origin origin,
            String state,
            int attempts,
            Instant nextAttemptAt,
            @Nullable Instant settledAt,
            @Nullable String outcome) {}

    /** The same with what was delivered: the headers that matter, and the body as it was signed. */
    record Detail(Entry entry, Map<String, String> headers, Buffer body) {
        public Detail {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * One event. Several apps of a namespace may have been told of it: an app of the same account that was installed
     * before, or that of a platform.
     *
     * @param eventId Stripe's {@code evt_…}
     * @param appId the app that it was delivered to; {@code null} for one that is installed, where there is one, and the
     *     newest of those
     */
    record Which(String eventId, @Nullable String appId) {}

    /**
     * Which events are wanted; a {@code null} condition is none.
     *
     * @param objectId of the object that the event is about
     * @param session a session's id, ours or Stripe's: events about it, its SetupIntent or its PaymentIntent, and those
     *     that changed it
     * @param from the earliest arrival
     * @param to the latest arrival, exclusive
     */
    record Filter(
            @Nullable String state,
            @Nullable String type,
            @Nullable String appId,
            @Nullable String eventId,
            @Nullable String objectId,
            @Nullable String session,
            @Nullable Instant from,
            @Nullable Instant to) {

        /** All there are. */
        public static final Filter ALL = new Filter(null, null, null, null, null, null, null, null);

        /** Whether only a state is asked for that most events end in: applied or ignored. */
        public boolean isNearlyAll() {
            return !"quarantined".equals(state) && equals(new Filter(state, null, null, null, null, null, null, null));
        }
    }

    /**
     * Which part of a list is wanted.
     *
     * @param after the place to go on after, in the order of the list; 0 at its beginning
     * @param age how long ago an event must have arrived. Places are given before transactions end, so whoever follows
     *     the inbox asks for what is a little older than a transaction lasts
     */
    record Part(boolean newestFirst, long after, int most, Duration age) {
        /** However young they are. */
        public Part(boolean newestFirst, long after, int most) {
            this(newestFirst, after, most, Duration.ZERO);
        }
    }

    /** The namespace's events, in the order of their arrival or the other way round. */
    Future<Stretch<Entry>> list(String namespace, Filter filter, Part part);

    /** The event; empty for another namespace's. */
    Future<Optional<Detail>> find(String namespace, Which which);

    /** Makes the event pending again, with all its attempts ahead of it; empty for another namespace's. */
    Future<Optional<Detail>> replay(Actor actor, Which which);

    /**
     * Sets a quarantined event aside for good: it is ignored, and its outcome says who wished so, and why it was
     * quarantined.
     *
     * @return empty for another namespace's; fails with {@link Reason#CONFLICT} when it is not quarantined
     */
    Future<Optional<Detail>> drop(Actor actor, Which which);

    /**
     * Makes events pending again, {@value #REPLAYED_MAX} at most, the oldest first. Those that somebody else is changing
     * at this moment are left out.
     *
     * @param filter its state is one of {@link #SETTLED}
     * @param after the place to go on after; 0 at the beginning
     * @param dryRun whether they are only counted
     */
    Future<Repeated> replayAll(Actor actor, Filter filter, long after, boolean dryRun);
}
