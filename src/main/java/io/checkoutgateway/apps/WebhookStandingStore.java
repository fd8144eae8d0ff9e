package io.checkoutgateway.apps;

import io.checkoutgateway.apps.WebhookStanding.Judgement;
import io.checkoutgateway.apps.WebhookStanding.State;
import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where it is remembered what endpoints apps hear through, and how they were found last. */
public interface WebhookStandingStore {
    /**
     * An endpoint that the gateway registered, or is registering.
     *
     * @param connect whether it hears of connected accounts
     * @param parameters what Stripe was asked to create
     * @param endpointId Stripe's; {@code null} while its answer is awaited
     * @param retiring whether another one has taken its place
     */
    record Registered(
            String id, boolean connect, JsonObject parameters, @Nullable String endpointId, boolean retiring) {}

    /**
     * What an app hears through, as far as is known here.
     *
     * @param registered by the gateway
     * @param hasConnected whether the app has connected accounts
     * @param seen endpoints made by somebody that were seen at Stripe, by kind: for connected accounts or not
     */
    record Known(List<Registered> registered, boolean hasConnected, Map<Boolean, String> seen) {
        public Known {
            registered = List.copyOf(registered);
            seen = Map.copyOf(seen);
        }
    }

    /**
     * Begins a look at an app's endpoints.
     *
     * @param idle how long ago the last look must have begun, unless events are being lost
     * @return empty when it is too early
     */
    Future<Optional<Known>> begin(String appId, Duration idle);

    /**
     * What a look changed.
     *
     * @param was the state before; the same as now when nothing changed
     */
    record Change(State was, State now) {
        boolean news() {
            return was != now;
        }
    }

    /**
     * Notes what a look found. When events begin to be lost, or cease to be, it is written down with it that all of the
     * time between are to be asked for.
     *
     * @param mended whether the gateway brought the state about
     * @param lookedFor how long ago the look began
     */
    Future<Change> note(
            Actor actor, String appId, boolean connect, Judgement found, boolean mended, Duration lookedFor);

    /** How the app's endpoints stand, its own first; empty before the first look. */
    Future<List<WebhookStanding>> of(String appId);

    /** How many endpoints of installed apps are in each state. */
    Future<Map<State, Long>> countByState();
}
