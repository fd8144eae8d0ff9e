package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was settled long ago is forgotten a step at a time, and no look costs more than its step. */
class ForgettingTest {
    private static final Duration RETENTION = Duration.ofDays(90);
    private static final String OLD = "100 days";
    private static final String YOUNG = "1 day";

    /** Of a step with its locks and deletions; the tables here have some thousand pages. */
    private static final int PAGES_FEW = 300;

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

    private final InboxOnPostgres inbox = new InboxOnPostgres();

    @AfterEach
    void close() {
        inbox.close();
    }

    private void events(int count, String state, String age) {
        inbox.execute(
                """
                INSERT INTO stripe_events (app_id, event_id, type, created, body, state, received_at)
                SELECT '%s', gen_random_uuid(), 'invoice.paid', now(), decode(repeat(md5(i::text), 64), 'hex'), '%s',
                       now() - interval '%s'
                FROM generate_series(1, %d) i
                """
                        .formatted(InboxOnPostgres.APP, state, age, count));
    }

    private boolean forget() {
        return await(inbox.events.forget(RETENTION));
    }

    private List<List<String>> left() {
        return inbox.rows("SELECT state, count(*) FROM stripe_events GROUP BY state ORDER BY state");
    }

    /** All pages of the table held what is old, and hold what is not. */
    private void usePagesAgain(Runnable fillOld, Runnable fillYoung, String table) {
        fillOld.run();
        inbox.execute("VACUUM ANALYZE " + table);
        inbox.execute("DELETE FROM " + table);
        inbox.execute("VACUUM (ANALYZE, TRUNCATE false) " + table);
        fillYoung.run();
        inbox.execute("VACUUM ANALYZE " + table);
    }

    /** The first line is of the whole statement; planning reads a catalogue's pages besides. */
    private int pagesOf(String sql, Map<String, Object> parameters, String mode) {
        String plan = Plans.of(inbox.postgres, sql, parameters, mode);
        return BUFFERS.matcher(plan)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1))
                        + (found.group(2) == null ? 0 : Integer.parseInt(found.group(2))))
                .findFirst()
                .orElseThrow(() -> new AssertionError(plan));
    }

    @Test
    void forget_settledLongAgo_isGoneAndWhatWaitsStays() {
        events(2, "applied", OLD);
        events(1, "quarantined", OLD);
        events(1, "pending", OLD);
        events(1, "ignored", OLD);
        events(1, "applied", YOUNG);

        assertThat(forget()).isFalse();

        assertThat(left())
                .containsExactly(List.of("applied", "1"), List.of("pending", "1"), List.of("quarantined", "1"));
    }

    @Test
    void forget_moreThanAStep_tellsUntilNoneIsLeft() {
        events(OldEvents.STEP + 1, "applied", OLD);

        assertThat(forget()).isTrue();
        assertThat(left()).containsExactly(List.of("applied", "1"));
        assertThat(forget()).isFalse();

        assertThat(left()).isEmpty();
    }

    @Test
    void forget_aStepOfThoseThatWaitForAPerson_isWalkedOverOnceADay() {
        events(OldEvents.STEP, "quarantined", OLD);
        events(1, "applied", OLD);
        assertThat(forget()).isTrue();
        assertThat(forget()).isFalse();
        assertThat(left()).containsExactly(List.of("quarantined", "1000"));

        inbox.execute("UPDATE stripe_events SET state = 'ignored'");
        assertThat(forget()).isFalse();
        assertThat(left()).containsExactly(List.of("ignored", "1000"));
        inbox.pass(OldEvents.WALK);

        assertThat(forget()).isTrue();
        assertThat(left()).isEmpty();
    }

    @Test
    void forget_nearlyOldEnough_staysUntilItSurelyIs() {
        events(1, "applied", "90 days");
        assertThat(forget()).isFalse();
        assertThat(left()).containsExactly(List.of("applied", "1"));

        inbox.execute("UPDATE stripe_events SET received_at = received_at - interval '2 minutes'");

        assertThat(forget()).isFalse();
        assertThat(left()).isEmpty();
    }

    /** A summary of page ranges by time says of each that it may hold what is old. */
    @ParameterizedTest
    @ValueSource(strings = {"generic", "custom"})
    void forget_pagesOfTheInboxAreUsedAgain_readsNoMoreThanItsStep(String mode) {
        usePagesAgain(() -> events(20_000, "applied", OLD), () -> events(20_000, "applied", YOUNG), "stripe_events");

        long place = await(new EventPlaces(inbox.postgres).before(RETENTION));

        assertThat(pagesOf(OldEvents.FORGET, Map.of("from", 0, "place", place), mode))
                .isLessThan(PAGES_FEW);
        assertThat(forget()).isFalse();
        assertThat(left()).containsExactly(List.of("applied", "20000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"generic", "custom"})
    void forgetHistory_pagesOfTheHistoryAreUsedAgain_readsNoMoreThanItsStep(String mode) {
        inbox.addOurs("01KAMZ2V5Q8XG6T4N9R3W7B1CF", "cs_1", "seti_1");
        usePagesAgain(() -> changes(OLD), () -> changes(YOUNG), "checkout_session_transitions");

        assertThat(pagesOf(
                        PgSessions.FORGET_HISTORY,
                        Map.of("retention_seconds", (double) RETENTION.toSeconds(), "most", 1_000),
                        mode))
                .isLessThan(PAGES_FEW);
    }

    private void changes(String age) {
        inbox.execute(
                """
                INSERT INTO checkout_session_transitions (
                    session_id, sequence, to_status, reason, source, occurred_at, recorded_at)
                SELECT '01KAMZ2V5Q8XG6T4N9R3W7B1CF', i, 'open', repeat('x', 100), 'event', now(),
                       now() - interval '%s'
                FROM generate_series(1, 100000) i
                """
                        .formatted(age));
    }
}
