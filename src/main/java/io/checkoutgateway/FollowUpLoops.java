package io.checkoutgateway;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.followup.DefaultSetting;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.followup.FollowUps;
import io.checkoutgateway.followup.FollowUps.Means;
import io.checkoutgateway.followup.Readings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgDefaultChoices;
import io.checkoutgateway.store.PgFindings;
import io.checkoutgateway.store.PgFollowUps;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.stripe.StripeFollowUpCalls;
import io.checkoutgateway.stripe.StripeSessions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;

/** The follow-ups' work in the background. Each line has lanes of its own: what nobody waits for may take minutes. */
final class FollowUpLoops {
    private final FollowUps followUps;
    private final Lanes news;
    private final Lanes patient;
    private final Loop backlogLoop;

    FollowUpLoops(
            Vertx vertx,
            Settings settings,
            Postgres postgres,
            StripeCalls calls,
            Apps apps,
            MeterRegistry metrics,
            Clock clock) {
        PgFollowUps store = new PgFollowUps(postgres);
        this.followUps = new FollowUps(
                vertx,
                store,
                apps,
                means(settings, postgres, calls, clock),
                means(settings, postgres, calls.background(), clock),
                settings.stripe(),
                FollowUps.ATTEMPTS_MAX,
                metrics);
        this.news = lanes(vertx, metrics, settings, "follow-ups", Line.NEWS);
        this.patient = lanes(vertx, metrics, settings, "follow-ups-background", Line.BACKGROUND);
        FollowUpMetrics depth = new FollowUpMetrics(store, metrics, System::nanoTime);
        this.backlogLoop = new Loop(vertx, metrics, "follow-ups-backlog", Recent.INTERVAL, depth::runOnce);
    }

    private static Means means(Settings settings, Postgres postgres, StripeCalls calls, Clock clock) {
        StripeFollowUpCalls followUpCalls = new StripeFollowUpCalls(calls, settings.stripe(), clock);
        return new Means(
                new Readings(
                        new StripeSessions(calls, settings.stripe(), clock), followUpCalls, new PgFindings(postgres)),
                new DefaultSetting(new PgDefaultChoices(postgres), followUpCalls));
    }

    private Lanes lanes(Vertx vertx, MeterRegistry metrics, Settings settings, String name, Line line) {
        return new Lanes(
                vertx,
                metrics,
                name,
                settings.events().workInterval(),
                followUps.lanes(line),
                () -> followUps.next(line));
    }

    void start() {
        news.start();
        patient.start();
        backlogLoop.start().wake();
    }

    /** Something was learnt, and may call for more to be done. */
    void wake() {
        news.wake();
        patient.wake();
    }

    /** Ends the pause between two counts. */
    void countSoon() {
        backlogLoop.wake();
    }

    /** Begins no further follow-up; those under way end. */
    void beginToStop() {
        followUps.stop();
    }

    Future<?> stop() {
        return Future.join(news.stop(), patient.stop(), backlogLoop.stop());
    }
}
