package io.checkoutgateway;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.followup.DefaultSetting;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.followup.FollowUps;
import io.checkoutgateway.followup.Readings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgDefaultChoices;
import io.checkoutgateway.store.PgFindings;
import io.checkoutgateway.store.PgFollowUps;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.stripe.StripeFollowUpCalls;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;

/** The follow-ups' work in the background. Each line has a loop of its own: line items may take minutes. */
final class FollowUpLoops {
    private final FollowUps followUps;
    private final Loop newsLoop;
    private final Loop lineItemsLoop;

    /** @param stripe reads sessions as soon as callers' calls leave room */
    FollowUpLoops(
            Vertx vertx,
            Settings settings,
            Postgres postgres,
            StripeCalls calls,
            StripeCheckout stripe,
            Apps apps,
            MeterRegistry metrics,
            Clock clock) {
        StripeFollowUpCalls followUpCalls = new StripeFollowUpCalls(calls, settings.stripe(), clock);
        this.followUps = new FollowUps(
                new PgFollowUps(postgres),
                apps,
                new Readings(stripe, followUpCalls, new PgFindings(postgres)),
                new DefaultSetting(new PgDefaultChoices(postgres), followUpCalls),
                settings.stripe(),
                FollowUps.ATTEMPTS_MAX,
                metrics);
        this.newsLoop = loop(vertx, settings, "follow-ups", Line.NEWS);
        this.lineItemsLoop = loop(vertx, settings, "line-items", Line.LINE_ITEMS);
    }

    private Loop loop(Vertx vertx, Settings settings, String name, Line line) {
        return new Loop(vertx, name, settings.events().workInterval(), () -> followUps
                .runOnce(line)
                .map(counts -> counts.total() > 0));
    }

    void start() {
        newsLoop.start();
        lineItemsLoop.start();
    }

    /** Something was learnt, and may call for more to be done. */
    void wake() {
        newsLoop.wake();
        lineItemsLoop.wake();
    }

    /** Meets follow-ups, once, now. */
    Future<FollowUps.Counts> runNow() {
        return followUps.runOnce();
    }

    /** Begins no further follow-up; those under way end. */
    void beginToStop() {
        followUps.stop();
    }

    Future<?> stop() {
        return Future.join(newsLoop.stop(), lineItemsLoop.stop());
    }
}
