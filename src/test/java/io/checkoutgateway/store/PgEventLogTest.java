package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.events.EventLog.Entry;
import io.checkoutgateway.events.EventLog.Filter;
import io.checkoutgateway.events.EventLog.Part;
import io.checkoutgateway.listing.Repeated;
import io.checkoutgateway.listing.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person's questions to a large inbox: 300,000 events, of which few are what is asked for. */
class PgEventLogTest {
    private static final String NAMESPACE = "test";
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final int EVENTS = 300_000;

    /** What few events are: quarantined, or of a rare type. */
    private static final int RARE_EVERY = 50_000;

    private static StoreScene scene;
    private static EventLog log;

    @BeforeAll
    static void fill() {
        scene = new StoreScene();
        scene.database.execute("INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured) VALUES ('"
                + APP + "', 'test', 'stripe', false, false)");
        scene.database.execute(
                """
                INSERT INTO checkout_gateway.stripe_events (
                    app_id, event_id, type, created, received_at, body, object_id, state)
                SELECT '%s', 'evt_' || n,
                       CASE WHEN n %% %d = 0 THEN 'rare.happened'
                            WHEN n %% 3 = 0 THEN 'setup_intent.succeeded' ELSE 'checkout.session.completed' END,
                       at, at, repeat('x', 200)::bytea,
                       CASE WHEN n %% 3 = 0 THEN 'seti_' ELSE 'cs_' END || n / 3,
                       CASE WHEN n %% %d = 1 THEN 'quarantined' ELSE 'applied' END
                FROM generate_series(1, %d) n,
                     LATERAL (SELECT timestamptz '%s' + n * interval '1 second' AS at) t
                """
                        .formatted(APP, RARE_EVERY, RARE_EVERY, EVENTS, START));
        scene.database.execute("ANALYZE checkout_gateway.stripe_events");
        scene.database.execute("ANALYZE checkout_gateway.apps");
        log = new PgEventLog(scene.postgres);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static Filter of(@Nullable String state, @Nullable String type, @Nullable String object) {
        return new Filter(state, type, null, null, object, null, null, null);
    }

    private static Stretch<Entry> look(Filter filter, Part part) {
        return await(log.list(NAMESPACE, filter, part));
    }

    private static List<Long> rows(Stretch<Entry> stretch) {
        return stretch.found().stream().map(Entry::row).toList();
    }

    /** How Postgres goes about it, with a plan for these values or one for any. */
    private static String plan(Filter filter, IdStretch stretch, String mode) {
        EventSelect select = EventSelect.of(
                NAMESPACE,
                filter,
                filter.objectId() == null ? null : new EventSelect.Subject(List.of(filter.objectId()), null, null));
        return Plans.of(scene.postgres, select.page(stretch, 51), select.parameters(stretch), mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"generic", "custom"})
    void list_ofAState_walksItsOwnIndex(String mode) {
        String plan = plan(of("quarantined", null, null), IdStretch.whole(0, false), mode);

        assertThat(plan).contains("stripe_events_quarantined").doesNotContain("Seq Scan on stripe_events", "Sort");
    }

    @ParameterizedTest
    @ValueSource(strings = {"generic", "custom"})
    void list_ofAnObject_isLookedUp(String mode) {
        String plan = plan(of(null, null, "seti_4711"), IdStretch.whole(0, false), mode);

        assertThat(plan).contains("stripe_events_object").doesNotContain("Seq Scan on stripe_events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"generic", "custom"})
    void list_ofOneEvent_isLookedUp(String mode) {
        Filter one = new Filter(null, null, null, "evt_4711", null, null, null, null);

        String plan = plan(one, IdStretch.whole(0, false), mode);

        assertThat(plan).contains("stripe_events_app_id_event_id_key").doesNotContain("Seq Scan on stripe_events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"generic", "custom"})
    void list_ofAType_walksNoFurtherThanItsStretch(String mode) {
        IdStretch stretch = new IdStretch(100_000, 100_001 + IdStretch.ROWS, false, 100_000L + IdStretch.ROWS);

        String plan = plan(of(null, "never.happened", null), stretch, mode);

        assertThat(plan)
                .contains("stripe_events_pkey", "Rows Removed by Filter: " + IdStretch.ROWS)
                .doesNotContain("Seq Scan on stripe_events", "Sort");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stretchEnd_readsTheIndexOnly(boolean descending) {
        String sql = NamedStatement.of(IdStretch.endOf(EventSelect.TABLE, "", descending))
                .sql()
                .replace("$1", "0")
                .replace("$2", Long.toString(Long.MAX_VALUE));

        String plan = scene.database.rows("EXPLAIN " + sql).toString();

        assertThat(plan).contains("stripe_events_pkey").doesNotContain("Seq Scan", "Sort");
    }

    @Test
    void list_ofARareType_findsAllOfThemFromLookToLook() {
        List<Long> found = new ArrayList<>();
        int looks = 0;
        Long after = 0L;
        while (after != null) {
            Stretch<Entry> stretch = look(of(null, "rare.happened", null), new Part(false, after, 20));
            found.addAll(rows(stretch));
            after = stretch.next();
            looks++;
        }

        assertThat(found).containsExactly(50_000L, 100_000L, 150_000L, 200_000L, 250_000L, 300_000L);
        assertThat(looks).isBetween(6, 7);
    }

    @Test
    void list_newestFirst_beginsAtTheEndAndGoesBack() {
        Stretch<Entry> first = look(Filter.ALL, new Part(true, 0, 2));
        Stretch<Entry> second = look(Filter.ALL, new Part(true, Objects.requireNonNull(first.next()), 2));

        assertThat(rows(first)).containsExactly(300_000L, 299_999L);
        assertThat(rows(second)).containsExactly(299_998L, 299_997L);
        assertThat(look(Filter.ALL, new Part(true, 1, 2))).isEqualTo(Stretch.<Entry>none());
    }

    @Test
    void list_quarantined_isFoundAtOnceHoweverFarApart() {
        assertThat(rows(look(of("quarantined", null, null), new Part(false, 0, 20))))
                .containsExactly(1L, 50_001L, 100_001L, 150_001L, 200_001L, 250_001L);
        assertThat(rows(look(of("quarantined", null, null), new Part(true, 0, 2))))
                .containsExactly(250_001L, 200_001L);
    }

    @Test
    void list_ofATime_beginsThere() {
        Filter late = new Filter(
                null, "rare.happened", null, null, null, null, START.plusSeconds(299_000), START.plusSeconds(300_001));

        assertThat(rows(look(late, new Part(false, 0, 20)))).containsExactly(300_000L);
        assertThat(look(late, new Part(false, 0, 20)).next()).isNull();
    }

    @Test
    void list_ofATime_edgesAreExact() {
        Filter two = new Filter(null, null, null, null, null, null, START.plusSeconds(1_000), START.plusSeconds(1_002));
        Filter before = new Filter(null, null, null, null, null, null, null, START.plusSeconds(2));
        Filter never = new Filter(null, null, null, null, null, null, START.plusSeconds(900_000), null);

        assertThat(rows(look(two, new Part(false, 0, 20)))).containsExactly(1_000L, 1_001L);
        assertThat(rows(look(two, new Part(true, 0, 20)))).containsExactly(1_001L, 1_000L);
        assertThat(rows(look(before, new Part(false, 0, 20)))).containsExactly(1L);
        assertThat(look(never, new Part(false, 0, 20))).isEqualTo(Stretch.<Entry>none());
    }

    @Test
    void list_wordThatIsNoState_findsNothing() {
        assertThat(look(of("' OR true --", null, null), new Part(false, 0, 20)).found())
                .isEmpty();
    }

    @Test
    void replayAll_moreThanOneCallTakes_goesOnWhereItEnded() {
        Filter some = new Filter(
                "applied", "setup_intent.succeeded", null, null, null, null, START, START.plusSeconds(4_500));
        Actor actor = Actor.gateway(NAMESPACE, "test");

        Repeated counted = await(log.replayAll(actor, some, 0, true));
        Repeated first = await(log.replayAll(actor, some, 0, false));
        Repeated second = await(log.replayAll(actor, some, Objects.requireNonNull(first.next()), false));

        assertThat(first).isEqualTo(counted).isEqualTo(new Repeated(EventLog.REPLAYED_MAX, 3_000L));
        assertThat(second).isEqualTo(new Repeated(499, null));
        assertThat(scene.database.rows("SELECT count(*) FROM checkout_gateway.stripe_events WHERE state = 'pending'"))
                .containsExactly(List.of("1499"));
        assertThat(scene.database.rows("SELECT resource FROM checkout_gateway.audit_log WHERE action ="
                        + " 'events.replayed' ORDER BY id"))
                .hasSize(2)
                .first()
                .isEqualTo(List.of("events:state=applied,type=setup_intent.succeeded,from=2026-11-01T00:00:00Z,"
                        + "to=2026-11-01T01:15:00Z"));
    }
}
