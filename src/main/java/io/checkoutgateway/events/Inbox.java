package io.checkoutgateway.events;

import com.github.f4b6a3.ulid.Ulid;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes deliveries in: check the signature, store, done. Stripe's page waits for the answer to some of them, so nothing
 * else happens before it.
 */
public final class Inbox {
    private final Apps apps;
    private final SignatureCheck signatures;
    private final EventStore events;
    private final EventWorker worker;
    private final Counter received;
    private final Counter duplicates;
    private final Refusals refusals;

    public Inbox(
            Apps apps,
            SignatureCheck signatures,
            EventStore events,
            EventWorker worker,
            RefusalLog refusalLog,
            MeterRegistry metrics) {
        this.apps = apps;
        this.signatures = signatures;
        this.events = events;
        this.worker = worker;
        this.received = metrics.counter("gateway.events.received", "duplicate", "false");
        this.duplicates = metrics.counter("gateway.events.received", "duplicate", "true");
        this.refusals = new Refusals(refusalLog, metrics);
    }

    /**
     * What a delivery was.
     *
     * @param eventId Stripe's {@code evt_…}
     * @param duplicate whether it was stored before
     */
    public record Receipt(String eventId, boolean duplicate) {}

    /**
     * Stores a delivery; it is durable when this succeeds.
     *
     * @param signature the {@code Stripe-Signature} header
     * @param headers those to be kept with the event
     * @param body the bytes as they arrived
     * @param address where the connection came from
     * @return fails with {@link Reason#NOT_FOUND} for an unknown app, {@link Reason#STRIPE_UNREACHABLE} for one whose key
     *     is not used, {@link Reason#SIGNATURE_INVALID},
     *     {@link Reason#SIGNATURE_TIMESTAMP}, or {@link Reason#INVALID_REQUEST} when it is no event
     */
    public Future<Receipt> receive(
            String appId, @Nullable String signature, Map<String, String> headers, Buffer body, String address) {
        return apps.byId(appId)
                .onFailure(failure -> refusals.countUnknown(appId, failure))
                .compose(apps::listening)
                .compose(app -> Future.succeededFuture(app)
                        .map(known -> verified(known, signature, body))
                        .onFailure(failure -> refusals.count(appId, address, failure)))
                .compose(event ->
                        events.add(appId, event, Delivery.webhook(headers)).map(added -> receipt(event, added)));
    }

    /**
     * A delivery was refused before it was looked into, for its size, say. It is counted where there is such an app.
     *
     * @param claimed what stood in the place of the app's id
     * @param address where the connection came from
     */
    public void refused(String claimed, String address, GatewayException failure) {
        Refusals.reasonOnTheWay(failure).filter(reason -> Ulid.isValid(claimed)).ifPresent(reason -> apps.byId(claimed)
                .onSuccess(app -> refusals.count(app.id(), address, reason))
                .onFailure(unknown -> refusals.countUnknown(claimed, unknown)));
    }

    /** Writes down which deliveries were refused since the last time, off their way. */
    public Future<Void> noteRefusals() {
        return refusals.note();
    }

    private StripeEvent verified(StripeApp app, @Nullable String signature, Buffer body) {
        signatures.check(signature, body, app.webhookSecrets());
        return StripeEvent.of(body);
    }

    private Receipt receipt(StripeEvent event, boolean added) {
        if (added) {
            received.increment();
            worker.announce();
        } else {
            duplicates.increment();
        }
        return new Receipt(event.id(), !added);
    }
}
