package io.checkoutgateway.apps;

import io.checkoutgateway.apps.StripeAccountCalls.Endpoint;
import io.checkoutgateway.apps.WebhookStanding.Judgement;
import io.checkoutgateway.apps.WebhookStanding.State;
import io.checkoutgateway.apps.WebhookStandingStore.Known;
import io.checkoutgateway.apps.WebhookStandingStore.Registered;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says how an app's endpoints stand. A pure function of what Stripe lists and what is known here.
 *
 * @param apiVersion the version that the gateway speaks, such as {@code 2026-07-29.dahlia}
 * @param eventTypes what it wants to hear of
 * @param connectEventTypes the same of connected accounts
 */
record EndpointJudge(String apiVersion, List<String> eventTypes, List<String> connectEventTypes) {
    private static final String EVERYTHING = "*";
    private static final Pattern PAST_THE_PATH = Pattern.compile("[?#]");

    EndpointJudge {
        eventTypes = List.copyOf(eventTypes);
        connectEventTypes = List.copyOf(connectEventTypes);
    }

    List<String> typesOf(boolean connect) {
        return connect ? connectEventTypes : eventTypes;
    }

    /** The endpoint of a kind that the gateway registered and that is to stay, if there is one. */
    static Optional<Registered> registered(Known known, boolean connect) {
        return known.registered().stream()
                .filter(one -> one.connect() == connect && !one.retiring())
                .reduce((older, newer) -> newer);
    }

    /**
     * The state of a kind.
     *
     * @return empty when it cannot be told yet, or there is nothing to hear of
     */
    Optional<Judgement> judge(String appId, Known known, boolean connect, List<Endpoint> listed) {
        Optional<Registered> ours = registered(known, connect);
        if (ours.isPresent()) {
            return Optional.ofNullable(ours.get().endpointId()).map(id -> ofRegistered(ours.get(), id, listed));
        }
        return connect && !known.hasConnected()
                ? Optional.empty()
                : Optional.of(ofOthers(appId, known, connect, listed));
    }

    private Judgement ofRegistered(Registered ours, String endpointId, List<Endpoint> listed) {
        return listed.stream()
                .filter(endpoint -> endpoint.id().equals(endpointId))
                .findFirst()
                .map(endpoint -> Judgement.of(stateOf(ours, endpoint), endpointId))
                .orElseGet(() -> Judgement.of(State.MISSING, endpointId));
    }

    private State stateOf(Registered ours, Endpoint endpoint) {
        if (!endpoint.enabled()) {
            return State.DISABLED;
        }
        if (!endpoint.url().equals(ours.parameters().getString("url"))) {
            return State.OTHER_URL;
        }
        if (lacks(Set.copyOf(endpoint.eventTypes()), typesOf(ours.connect()))) {
            return State.LACKS_TYPES;
        }
        return isOlder(endpoint) ? State.OTHER_VERSION : State.SOUND;
    }

    /**
     * Stripe does not tell which of the endpoints that somebody made hear of connected accounts: all at the app's address
     * have to be in order, and together tell of everything.
     */
    private Judgement ofOthers(String appId, Known known, boolean connect, List<Endpoint> listed) {
        Set<String> registered = known.registered().stream()
                .map(Registered::endpointId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        List<Endpoint> others = listed.stream()
                .filter(endpoint -> !registered.contains(endpoint.id()) && deliversTo(endpoint, appId))
                .toList();
        return others.isEmpty()
                ? Optional.ofNullable(known.seen().get(connect))
                        .map(seen -> Judgement.of(State.MISSING, seen))
                        .orElseGet(() -> Judgement.of(State.UNLISTED))
                : ofOthers(others);
    }

    private Judgement ofOthers(List<Endpoint> others) {
        Optional<Endpoint> disabled =
                others.stream().filter(endpoint -> !endpoint.enabled()).findFirst();
        if (disabled.isPresent()) {
            return Judgement.of(State.DISABLED, disabled.get().id());
        }
        Set<String> told = new HashSet<>();
        others.forEach(endpoint -> told.addAll(endpoint.eventTypes()));
        if (lacks(told, eventTypes)) {
            return Judgement.of(State.LACKS_TYPES, others.get(0).id());
        }
        return others.stream()
                .filter(this::isOlder)
                .findFirst()
                .map(endpoint -> Judgement.of(State.OTHER_VERSION, endpoint.id()))
                .orElseGet(() -> Judgement.of(State.SOUND, others.get(0).id()));
    }

    /** Others' addresses need not be what this machine takes for one. */
    private static boolean deliversTo(Endpoint endpoint, String appId) {
        return PAST_THE_PATH.split(endpoint.url(), 2)[0].endsWith(AppInstalls.webhookPathOf(appId));
    }

    private static boolean lacks(Set<String> told, List<String> wanted) {
        return !told.contains(EVERYTHING) && !told.containsAll(wanted);
    }

    /**
     * Within a release train nothing breaks, and one that is newer was registered by a newer gateway, which an older one
     * beside it must not undo. Versions begin with their date. One without a version has the account's, which events tell.
     */
    private boolean isOlder(Endpoint endpoint) {
        return endpoint.apiVersion()
                .filter(version -> !trainOf(version).equals(trainOf(apiVersion)) && version.compareTo(apiVersion) < 0)
                .isPresent();
    }

    private static String trainOf(String version) {
        return version.substring(version.indexOf('.') + 1);
    }
}
