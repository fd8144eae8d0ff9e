package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.events.EventStore.Backlog;
import io.checkoutgateway.events.EventStore.Outcome;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** For how long the oldest event has been waiting, wherever in the line it is. */
class InboxBacklogTest {
    private static final Offset<Double> A_MINUTE = Offset.offset(60.0);

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    private static void event(String id, String since, int attempts, String due) {
        INBOX.execute(
                """
                INSERT INTO stripe_events (
                    app_id, event_id, type, created, body, received_at, attempts, outcome, next_attempt_at)
                VALUES ('%s', '%s', 'invoice.paid', now(), '{}', now() - interval '%s', %d,
                    CASE WHEN %4$d > 0 THEN 'it failed' END, now() + interval '%s')
                """
                        .formatted(InboxOnPostgres.APP, id, since, attempts, due));
    }

    private static Backlog backlog() {
        return await(INBOX.events.backlog());
    }

    @Test
    void backlog_nothingWaits_isOfNoAge() {
        assertThat(backlog()).isEqualTo(new Backlog(0, 0, 0));
    }

    @Test
    void backlog_oldestWaitsForItsNextAttempt_isAsOldAsThat() {
        event("evt_old", "2 hours", 9, "10 minutes");
        event("evt_new", "1 second", 0, "-1 second");

        assertThat(backlog().oldestSeconds()).isCloseTo(7_200, A_MINUTE);
        assertThat(backlog().pending()).isEqualTo(2);
    }

    @Test
    void backlog_oldestWasNeverTried_isAsOldAsThat() {
        event("evt_failed", "1 hour", 3, "10 minutes");
        event("evt_old", "3 hours", 0, "-3 hours");
        event("evt_new", "1 second", 0, "-1 second");

        assertThat(backlog().oldestSeconds()).isCloseTo(10_800, A_MINUTE);
    }

    @Test
    void backlog_replayOfAnOldEvent_waitsSinceItWasWishedFor() {
        event("evt_replayed", "20 days", 0, "-5 minutes");
        INBOX.execute("UPDATE stripe_events SET settled_at = now() - interval '19 days',"
                + " replayed_at = now() - interval '5 minutes'");
        assertThat(backlog().oldestSeconds()).isCloseTo(300, A_MINUTE);

        INBOX.execute("UPDATE stripe_events SET attempts = 2, next_attempt_at = now() + interval '4 seconds'");

        assertThat(backlog().oldestSeconds()).isCloseTo(300, A_MINUTE);
    }

    @Test
    void backlog_replayThatFails_waitsOn() {
        event("evt_quarantined", "20 days", 10, "-19 days");
        INBOX.execute("UPDATE stripe_events SET state = 'quarantined', type = 'checkout.session.completed',"
                + " settled_at = now() - interval '19 days'");
        Actor somebody = new Actor("test", "api_key:1", "request-1");

        assertThat(await(new PgEventLog(INBOX.postgres).replay(somebody, new EventLog.Which("evt_quarantined", null))))
                .isPresent();
        INBOX.execute("UPDATE stripe_events SET replayed_at = replayed_at - interval '5 minutes'");
        assertThat(await(INBOX.events.settleNext(INBOX.reader()::read, 10)))
                .hasValueSatisfying(event -> assertThat(event.outcome()).isEqualTo(Outcome.RETRIED));

        assertThat(backlog().oldestSeconds()).isCloseTo(300, A_MINUTE);
    }
}
