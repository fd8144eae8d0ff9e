package io.checkoutgateway;

import io.checkoutgateway.apps.Apps;
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

/** The follow-ups' work in the background. Each line has a loop of its own: what nobody waits for may take minutes. */
final class FollowUpLoops {
    private final FollowUps followUps;
    private final Loop newsLoop;
    private final Loop patientLoop;
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
                store,
                apps,
                means(settings, postgres, calls, clock),
                means(settings, postgres, calls.background(), clock),
                settings.stripe(),
                FollowUps.ATTEMPTS_MAX,
                metrics);
        this.newsLoop = loop(vertx, settings, "follow-ups", Line.NEWS);
        this.patientLoop = loop(vertx, settings, "follow-ups-background", Line.BACKGROUND);
        FollowUpMetrics depth = new FollowUpMetrics(store, metrics, System::nanoTime);
        this.backlogLoop = new Loop(vertx, "follow-ups-backlog", Recent.INTERVAL, depth::runOnce);
    }

    private static Means means(Settings settings, Postgres postgres, StripeCalls calls, Clock clock) {
        StripeFollowUpCalls followUpCalls = new StripeFollowUpCalls(calls, settings.stripe(), clock);
        return new Means(
                new Readings(
                        new StripeSessions(calls, settings.stripe(), clock), followUpCalls, new PgFindings(postgres)),
                new DefaultSetting(new PgDefaultChoices(postgres), followUpCalls));
    }

    private Loop loop(Vertx vertx, Settings settings, String name, Line line) {
        return new Loop(vertx, name, settings.events().workInterval(), () -> followUps
                .runOnce(line)
                .map(counts -> counts.total() > 0));
    }

    void start() {
        newsLoop.start();
        patientLoop.start();
        backlogLoop.start().wake();
    }

    /** Something was learnt, and may call for more to be done. */
    void wake() {
        newsLoop.wake();
        patientLoop.wake();
    }

    /** Meets follow-ups, once, now. */
    Future<FollowUps.Counts> runNow() {
        return followUps.runOnce();
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
        return Future.join(newsLoop.stop(), patientLoop.stop(), backlogLoop.stop());
    }
}
