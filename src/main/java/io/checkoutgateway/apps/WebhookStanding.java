package io.checkoutgateway.apps;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the endpoint at Stripe was found that an app hears through.
 *
 * @param connect whether it is the one that hears of connected accounts
 * @param since when it was found so first
 * @param endpointId Stripe's {@code we_…}; {@code null} while none was ever seen
 * @param checkedAt when was looked last; {@code null} when never
 */
public record WebhookStanding(
        boolean connect, State state, Instant since, @Nullable String endpointId, @Nullable Instant checkedAt) {
    /** What may be found. */
    public enum State {
        /** It is there, enabled, and tells of all that the gateway wants to hear. */
        SOUND(false),
        /** Stripe delivers nothing to it, by itself after days of failures or because somebody said so. */
        DISABLED(true),
        /** It was there, and is not any more. */
        MISSING(true),
        /** It delivers to another address than the one that was registered. */
        OTHER_URL(true),
        /** It does not tell of all types of events that the gateway wants to hear of. */
        LACKS_TYPES(true),
        /** Its events are written in an older API version; each is read from Stripe anew, so that none is lost. */
        OTHER_VERSION(false),
        /** Stripe lists none of this app, and never did: somebody forwards deliveries. */
        UNLISTED(false),
        /** The app's key may not read webhook endpoints. */
        UNREADABLE(false);

        private final boolean losing;

        State(boolean losing) {
            this.losing = losing;
        }

        /** Whether events go by that Stripe will never list as undelivered. */
        public boolean losing() {
            return losing;
        }

        /** The words of all states that are {@link #losing}. */
        public static List<String> losingWords() {
            return Stream.of(values()).filter(State::losing).map(State::word).toList();
        }

        /** Whether the state is known and nothing is lost in it. */
        public boolean hears() {
            return this == SOUND || this == OTHER_VERSION;
        }

        /** The word that the contract uses. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The state of this word. */
        public static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * What a look found.
     *
     * @param endpointId the endpoint that the state is of; {@code null} when there is none to name
     */
    public record Judgement(State state, Optional<String> endpointId) {
        static Judgement of(State state, String endpointId) {
            return new Judgement(state, Optional.of(endpointId));
        }

        static Judgement of(State state) {
            return new Judgement(state, Optional.empty());
        }
    }
}
