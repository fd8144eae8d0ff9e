package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.START;
import static io.checkoutgateway.store.InboxOnPostgres.app;
import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.payment;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.mirror.MirrorSessions.Applied;
import io.checkoutgateway.mirror.MirrorSessions.Kept;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows as a backfill and a drift report see and mend them. */
class MirroredRowsTest {
    private static final JsonObject PAID = payment("cs_1", "paid");
    private static final String WISHES = "SELECT kind, subject FROM follow_ups";
    private static final String VERSION = "SELECT version FROM checkout_sessions";

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    private static final PgMirrorSessions SESSIONS = new PgMirrorSessions(INBOX.postgres);

    /** A session that was told, and whose line items never came. */
    private static void keepPaid() {
        INBOX.hear(List.of(event("checkout.session.completed", 5, PAID)));
        INBOX.execute("DELETE FROM follow_ups");
    }

    private static Kept kept() {
        return await(SESSIONS.find(app(), "cs_1")).orElseThrow();
    }

    private static Observation listed(JsonObject object) {
        return new Observation(
                StripeSession.of(object),
                null,
                START.plus(Duration.ofDays(1)),
                Observation.Source.BACKFILL,
                null,
                "backfill");
    }

    @Test
    void overwrite_columnsThatSayMoreThanTheObject_areStaleAndCleared() {
        keepPaid();
        INBOX.execute("UPDATE checkout_sessions SET customer_email = 'old@example.com', payment_intent_id = 'pi_old'");
        assertThat(kept().staleColumns()).containsExactlyInAnyOrder("customer_email", "payment_intent_id");

        assertThat(await(SESSIONS.overwrite(kept(), listed(PAID)))).isTrue();

        assertThat(kept().staleColumns()).isEmpty();
        assertThat(INBOX.rows("SELECT customer_email, payment_intent_id FROM checkout_sessions"))
                .containsExactly(List.of("null", "null"));
    }

    @Test
    void find_lineItemsThatNobodyFetches_areLacking() {
        INBOX.hear(List.of(
                event("checkout.session.completed", 5, PAID),
                event("checkout.session.completed", 5, session("cs_2", "seti_1").put("status", "complete"))));

        assertThat(kept().lacksLineItems()).as("they are being fetched").isFalse();
        INBOX.execute("UPDATE follow_ups SET state = 'given_up'");
        assertThat(kept().lacksLineItems()).isTrue();
        INBOX.execute("UPDATE checkout_sessions SET line_items = '[]'");
        assertThat(kept().lacksLineItems())
                .as("it sells nothing that is listed")
                .isFalse();
        assertThat(await(SESSIONS.find(app(), "cs_2")).orElseThrow().lacksLineItems())
                .as("in setup mode there are none")
                .isFalse();
    }

    @Test
    void overwrite_onlyLineItemsAreLacking_wishesForThemAndChangesNothing() {
        keepPaid();
        List<List<String>> version = INBOX.rows(VERSION);

        assertThat(await(SESSIONS.overwrite(kept(), listed(PAID)))).isTrue();
        assertThat(await(SESSIONS.overwrite(kept(), listed(PAID)))).isTrue();

        assertThat(INBOX.rows(WISHES)).containsExactly(List.of("fetch_line_items", "cs_1"));
        assertThat(INBOX.rows("SELECT generation FROM follow_ups")).containsExactly(List.of("1"));
        assertThat(INBOX.rows(VERSION)).isEqualTo(version);
    }

    @Test
    void apply_lineItemsAreLacking_wishesForThem() {
        keepPaid();

        assertThat(await(SESSIONS.apply(app(), listed(PAID)))).isEqualTo(Applied.UNCHANGED);

        assertThat(INBOX.rows(WISHES)).containsExactly(List.of("fetch_line_items", "cs_1"));
    }

    @Test
    void apply_memberThatStripeAddedAndSaysNothing_isNoChangeAndNoNews() {
        keepPaid();
        INBOX.execute("DELETE FROM outbox");

        assertThat(await(SESSIONS.apply(app(), listed(PAID.copy().putNull("added")))))
                .isEqualTo(Applied.UNCHANGED);

        assertThat(INBOX.rows("SELECT id FROM outbox")).isEmpty();
    }
}
