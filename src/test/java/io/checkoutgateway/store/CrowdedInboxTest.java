package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventStore.Outcome;
import io.checkoutgateway.events.EventWorker;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.settings.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Acknowledgements come first while events arrive in a crowd; what was acknowledged is applied all the same. */
class CrowdedInboxTest {
    private static final int MANY = 250;
    private static final int BATCH = 32;

    private final InboxOnPostgres inbox = new InboxOnPostgres();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final EventWorker worker = new EventWorker(
            inbox.events,
            inbox.reader(),
            Settings.of(Map.of(
                            "DATABASE_URL", inbox.database().url(),
                            "STRIPE_API_KEY", "sk_test_none",
                            "GATEWAY_EVENTS_BATCH", Integer.toString(BATCH)))
                    .events(),
            metrics);

    @AfterEach
    void close() {
        inbox.close();
    }

    private void comeAtOnce() {
        inbox.addAll(IntStream.range(0, MANY)
                .mapToObj(number -> event(
                        "checkout.session.expired",
                        5,
                        session("cs_" + number, "seti_" + number).put("status", "expired")))
                .toList());
    }

    /** As if all that is there had come just now; a slow machine may have taken long since. */
    private void comeNow() {
        inbox.execute("UPDATE stripe_events SET received_at = now(), next_attempt_at = now()");
    }

    private int applied() {
        return await(worker.runOnce()).of(Outcome.APPLIED);
    }

    @Test
    void runOnce_eventsComeByTheThousandASecond_appliesAFewAndAsksForAPause() {
        comeAtOnce();

        assertThat(worker.yields()).isTrue();
        comeNow();
        assertThat(applied()).isEqualTo(4);
        comeNow();
        assertThat(applied()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "22, 200", "23, 207", "100, 900", "222, 1998", "223, 2000", "60000, 2000"})
    void pauseAfter_inACrowd_isNineTimesTheRound(long round, long pause) {
        comeAtOnce();

        assertThat(worker.pauseAfter(Duration.ofMillis(round))).isEqualTo(Duration.ofMillis(pause));
        inbox.pass(Duration.ofSeconds(1));
        assertThat(worker.pauseAfter(Duration.ofMillis(round))).isZero();
    }

    @Test
    void runOnce_crowdIsOver_appliesAllThatIsLeft() {
        comeAtOnce();
        comeNow();
        assertThat(applied()).isEqualTo(4);

        inbox.pass(Duration.ofSeconds(1));

        assertThat(worker.yields()).isFalse();
        assertThat(applied()).isEqualTo(BATCH);
        assertThat(IntStream.range(0, MANY / BATCH).map(round -> applied()).sum())
                .isEqualTo(MANY - 4 - BATCH);
        assertThat(applied()).isZero();
    }

    @Test
    void runOnce_oldestWaitedForHalfAMinute_yieldsNoMore() {
        comeAtOnce();
        waitInTheDatabase("31 seconds");
        assertThat(applied()).isPositive();

        assertThat(worker.yields()).isFalse();
        assertThat(applied()).isEqualTo(BATCH);
        assertThat(metrics.get("gateway.events.wait").timer().max(TimeUnit.SECONDS))
                .isBetween(31.0, 900.0);
    }

    @Test
    void runOnce_replayedOnesWaitedForHalfAMinute_yieldsNoMore() {
        comeAtOnce();
        inbox.execute("UPDATE stripe_events SET settled_at = received_at");
        waitInTheDatabase("31 seconds");
        assertThat(applied()).isPositive();

        assertThat(worker.yields()).isFalse();
    }

    @Test
    void runOnce_replayedALongTimeAfterTheyCame_yieldsAsToOthers() {
        comeAtOnce();
        inbox.execute(
                "UPDATE stripe_events SET received_at = now() - interval '1 year', settled_at = now(), next_attempt_at = now()");
        assertThat(applied()).isPositive();

        assertThat(worker.yields()).isTrue();
    }

    /** As if all that is there had come so long ago; whoever applies it may have any clock. */
    private void waitInTheDatabase(String interval) {
        inbox.execute(
                "UPDATE stripe_events SET received_at = received_at - interval '%s', next_attempt_at = next_attempt_at - interval '%<s'"
                        .formatted(interval));
    }

    @Test
    void backlog_moreThanAnybodyNeedsToKnow_isCountedUpToTenThousand() {
        inbox.execute(
                """
                INSERT INTO stripe_events (app_id, event_id, type, created, body, received_at)
                SELECT '%s', 'evt_' || i, 'checkout.session.expired', now(), '{}', now() - interval '90 seconds'
                FROM generate_series(1, 10001) i
                """
                        .formatted(InboxOnPostgres.APP));

        assertThat(await(inbox.events.backlog())).satisfies(backlog -> {
            assertThat(backlog.pending()).isEqualTo(10_000);
            assertThat(backlog.quarantined()).isZero();
            assertThat(backlog.oldestSeconds()).isBetween(90.0, 900.0);
        });
    }

    @Test
    void add_oneOfManyCannotBeStored_failsAlone() {
        List<Future<Boolean>> added = IntStream.range(0, 20)
                .mapToObj(number -> StripeEvent.of(event("invoice.paid", 1, new JsonObject().put("id", "in_" + number))
                        .toBuffer()))
                .map(told -> "in_13".equals(told.objectId()) ? ofTooLongAType(told) : told)
                .map(told -> inbox.events.add(InboxOnPostgres.APP, told, Delivery.webhook(Map.of())))
                .toList();
        await(Future.join(added).otherwiseEmpty());

        assertThat(added.get(13).cause()).hasMessageContaining("stripe_events_type_check");
        assertThat(added).filteredOn(Future::succeeded).hasSize(19);
        assertThat(inbox.rows("SELECT count(*) FROM stripe_events")).containsExactly(List.of("19"));
    }

    /** Which reading it would have refused. */
    private static StripeEvent ofTooLongAType(StripeEvent told) {
        return new StripeEvent(
                told.id(),
                "long".repeat(64),
                told.apiVersion(),
                told.account(),
                told.livemode(),
                told.created(),
                told.objectId(),
                told.body());
    }
}
