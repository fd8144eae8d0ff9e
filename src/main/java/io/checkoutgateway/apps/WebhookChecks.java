package io.checkoutgateway.apps;

import io.checkoutgateway.apps.StripeAccountCalls.Endpoint;
import io.checkoutgateway.apps.WebhookStanding.Judgement;
import io.checkoutgateway.apps.WebhookStanding.State;
import io.checkoutgateway.apps.WebhookStandingStore.Change;
import io.checkoutgateway.apps.WebhookStandingStore.Known;
import io.checkoutgateway.apps.WebhookStandingStore.Registered;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Failures;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks whether Stripe still delivers to the endpoints that apps hear through, and mends those that the gateway
 * registered. Events that are made while an endpoint is disabled or gone are never listed as undelivered, so it is written
 * down that all events of that time are to be asked for before anything is mended. (Stripe, "Process undelivered webhook
 * events": events made while an endpoint is disabled are not sent again.)
 */
public final class WebhookChecks {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookChecks.class);

    /** Stands for the request in the audit trail. */
    private static final String REQUEST = "webhook-check";

    /** How long an endpoint of an older version stays beside its successor: what it has not delivered yet, it repeats. */
    private static final Duration STILL_DELIVERS = Duration.ofDays(1);

    private final WebhookStandingStore store;
    private final StripeAccountCalls stripe;
    private final InstalledApps installed;
    private final EndpointJudge judge;

    /** @param stripe calls that nobody waits for */
    WebhookChecks(WebhookStandingStore store, StripeAccountCalls stripe, InstalledApps installed, EndpointJudge judge) {
        this.store = store;
        this.stripe = stripe;
        this.installed = installed;
        this.judge = judge;
    }

    /**
     * Puts checks together.
     *
     * @param stripe calls that nobody waits for
     * @param apiVersion the version that the gateway speaks
     * @param eventTypes what it wants to hear of
     * @param connectEventTypes the same of connected accounts
     */
    public static WebhookChecks of(
            WebhookStandingStore store,
            StripeAccountCalls stripe,
            InstalledApps installed,
            String apiVersion,
            List<String> eventTypes,
            List<String> connectEventTypes) {
        return new WebhookChecks(
                store, stripe, installed, new EndpointJudge(apiVersion, eventTypes, connectEventTypes));
    }

    /**
     * Looks at an app's endpoints and mends what it may. What Stripe does not answer now is looked at later: it does not
     * fail because of Stripe.
     *
     * @param idle how long ago the last look must have begun, unless events are being lost
     */
    public Future<Void> check(StripeApp app, Duration idle) {
        return store.begin(app.id(), idle)
                .compose(begun -> begun.map(known -> look(app, known)).orElseGet(Future::succeededFuture));
    }

    /** How the app's endpoints stand; empty before the first look. */
    public Future<List<WebhookStanding>> of(String appId) {
        return store.of(appId);
    }

    private Future<Void> look(StripeApp app, Known known) {
        long began = System.nanoTime();
        return stripe.endpoints(app)
                .map(Optional::of)
                .recover(failure -> {
                    Failures.note(LOG.atWarn().addKeyValue("app", app.id()), failure)
                            .log("webhook endpoints could not be looked at");
                    return Future.succeededFuture(Optional.empty());
                })
                .compose(answer -> answer.map(listed -> settle(app, known, false, listed, began)
                                .compose(settled -> settle(app, known, true, listed, began)))
                        .orElseGet(Future::succeededFuture));
    }

    /** @param listed empty when the key may not read them */
    private Future<Void> settle(
            StripeApp app, Known known, boolean connect, Optional<List<Endpoint>> listed, long began) {
        Optional<Judgement> judgement = listed.map(all -> judge.judge(app.id(), known, connect, all))
                .orElseGet(() -> connect && !known.hasConnected()
                        ? Optional.empty()
                        : Optional.of(Judgement.of(State.UNREADABLE)));
        return judgement
                .map(found -> note(app, connect, found, false, began)
                        .compose(noted -> mend(app, known, connect, found, listed.orElse(List.of()))))
                .orElseGet(Future::succeededFuture);
    }

    private Future<Void> note(StripeApp app, boolean connect, Judgement found, boolean mended, long began) {
        Actor actor = Actor.gateway(app.namespace(), REQUEST);
        Duration lookedFor = Duration.ofNanos(System.nanoTime() - began);
        return store.note(actor, app.id(), connect, found, mended, lookedFor)
                .onSuccess(change -> tell(app, connect, found, mended, change))
                .mapEmpty();
    }

    private static void tell(StripeApp app, boolean connect, Judgement found, boolean mended, Change change) {
        if (change.news()) {
            LOG.atLevel(change.now() == State.SOUND || change.now() == State.UNLISTED ? Level.INFO : Level.WARN)
                    .addKeyValue("app", app.id())
                    .addKeyValue("connect", connect)
                    .addKeyValue("endpoint", found.endpointId().orElse("none"))
                    .addKeyValue("state", change.now().word())
                    .addKeyValue("was", change.was().word())
                    .addKeyValue("mended", mended)
                    .log("a webhook endpoint at Stripe was found in another state");
        }
    }

    /** Only what the gateway registered is its to change; what somebody made, he is told of. */
    private Future<Void> mend(StripeApp app, Known known, boolean connect, Judgement found, List<Endpoint> listed) {
        Optional<Registered> ours = EndpointJudge.registered(known, connect);
        if (ours.isEmpty() || !(found.state().losing() || found.state() == State.OTHER_VERSION)) {
            return Future.succeededFuture();
        }
        long began = System.nanoTime();
        return mend(app, ours.get(), found, listed)
                .compose(mended -> note(app, connect, mended, true, began))
                .recover(failure -> {
                    Failures.note(LOG.atWarn().addKeyValue("app", app.id()).addKeyValue("connect", connect), failure)
                            .log("a webhook endpoint could not be mended");
                    return Future.succeededFuture();
                });
    }

    private Future<Judgement> mend(StripeApp app, Registered ours, Judgement found, List<Endpoint> listed) {
        boolean connect = ours.connect();
        return switch (found.state()) {
            // Its version is given with its creation only, and so is its secret.
            case MISSING -> replace(app, ours, Duration.ZERO);
            case OTHER_VERSION -> replace(app, ours, STILL_DELIVERS);
            default ->
                stripe.mend(
                                app,
                                found.endpointId().orElseThrow(),
                                ours.parameters().getString("url"),
                                withWanted(found, listed, judge.typesOf(connect)))
                        .map(Judgement.of(State.SOUND, found.endpointId().orElseThrow()));
        };
    }

    private Future<Judgement> replace(StripeApp app, Registered ours, Duration overlap) {
        return installed
                .replaceWebhook(Actor.gateway(app.namespace(), REQUEST), app.id(), ours, overlap)
                .map(Judgement.of(State.SOUND));
    }

    /** What it told of besides, a newer gateway may want to hear. */
    private static List<String> withWanted(Judgement found, List<Endpoint> listed, List<String> wanted) {
        return listed.stream()
                .filter(endpoint -> endpoint.id().equals(found.endpointId().orElse("")))
                .findFirst()
                .map(endpoint -> endpoint.with(wanted))
                .orElse(wanted);
    }
}
