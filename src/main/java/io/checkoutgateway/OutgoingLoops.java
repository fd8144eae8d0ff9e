package io.checkoutgateway;

import io.checkoutgateway.outgoing.Courier;
import io.checkoutgateway.outgoing.DeliveryNotes;
import io.checkoutgateway.outgoing.DeliveryStore;
import io.checkoutgateway.outgoing.WebhookSender;
import io.checkoutgateway.secrets.Vault;
import io.checkoutgateway.settings.OutgoingSettings;
import io.checkoutgateway.store.PgWebhookDeliveries;
import io.checkoutgateway.store.Postgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What goes on in the background so that others are told: news become messages, messages are sent, old ones go. */
final class OutgoingLoops {
    /** Endpoints are disabled and removed seldom; what that leaves may lie for a minute. */
    private static final Duration TIDY_INTERVAL = Duration.ofMinutes(1);

    /** For messages under way when the process stops; those that take longer are sent again by another. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(3);

    private final DeliveryStore deliveries;
    private final DeliveryNotes notes;
    private final Courier courier;
    private final Loop delivering;
    private final Loop tidying;

    OutgoingLoops(
            Vertx vertx,
            Postgres postgres,
            Vault vault,
            WebhookSender sender,
            OutgoingSettings settings,
            SecureRandom random,
            MeterRegistry metrics) {
        this.deliveries = new PgWebhookDeliveries(postgres, vault);
        this.notes = new DeliveryNotes(metrics, TIDY_INTERVAL);
        this.courier = new Courier(deliveries, sender, settings, notes, random);
        this.delivering = new Loop(vertx, metrics, "outgoing", settings.interval(), courier::dispatch);
        this.tidying = new Loop(vertx, metrics, "outgoing-tidy", TIDY_INTERVAL, this::tidyNow);
    }

    void start() {
        courier.onRoom(delivering::wake);
        delivering.start();
        tidying.start();
    }

    /** There is something to tell. */
    void wake() {
        delivering.wake();
    }

    /** Tells endpoints of what is new and due, once; succeeds when all of them have answered or failed to. */
    Future<Void> deliverNow() {
        return courier.runOnce();
    }

    /** Settles what disabled endpoints left and forgets what is old; tells whether there may be more. */
    Future<Boolean> tidyNow() {
        return courier.tidy().compose(more -> deliveries
                .backlog(DeliveryNotes.COUNTED_MAX)
                .onSuccess(notes::show)
                .map(more));
    }

    /** Begins nothing new; succeeds when what is under way is settled or has had its time. */
    Future<Void> stop() {
        return Future.join(delivering.stop(), tidying.stop())
                .transform(stopped -> courier.quiet().timeout(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS));
    }
}
