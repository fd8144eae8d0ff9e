package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.events.EventStore.Settled;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looking for the next event costs the same however many were settled before. */
class InboxFrontTest {
    /** PostgreSQL, src/include/access/htup_details.h: HEAP_XMAX_IS_MULTI. */
    private static final int XMAX_IS_MULTI = 0x1000;

    private final InboxOnPostgres inbox = new InboxOnPostgres();

    @AfterEach
    void close() {
        inbox.close();
    }

    private void come(String session) {
        assertThat(inbox.add(event(
                        "checkout.session.expired",
                        5,
                        session(session, "seti_of_" + session).put("status", "expired"))))
                .isTrue();
    }

    private List<String> settled() {
        return inbox.settle().stream().map(Settled::eventId).toList();
    }

    @Test
    void settleNext_settledAndSetAside_leavesNoRowOfAMultixact() {
        inbox.execute("CREATE EXTENSION pageinspect");
        come("cs_1");
        assertThat(inbox.add(event("checkout.session.completed", 5, new JsonObject())))
                .isTrue();
        assertThat(inbox.settle()).hasSize(2);

        assertThat(inbox.rows("SELECT DISTINCT t_infomask & %d FROM heap_page_items(get_raw_page('stripe_events', 0))"
                        .formatted(XMAX_IS_MULTI)))
                .containsExactly(List.of("0"));
    }

    @Test
    void settleNext_eventThatCameToLightLate_isSettledWithinSeconds() {
        for (int i = 0; i < 4; i++) {
            come("cs_" + i);
            assertThat(settled()).hasSize(1);
            inbox.pass(Front.DISTANCE);
        }
        come("cs_late");
        come("cs_later");
        inbox.execute("UPDATE stripe_events SET next_attempt_at = now() - interval '1 minute' WHERE state = 'pending'");
        assertThat(settled()).isEmpty();

        inbox.pass(Front.LOOK_BACK_INTERVAL);

        assertThat(settled()).hasSize(2);
    }
}
