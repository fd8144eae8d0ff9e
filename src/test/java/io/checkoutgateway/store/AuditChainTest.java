package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.audit.Chain;
import io.checkoutgateway.audit.Link;
import io.checkoutgateway.audit.Verification;
import io.checkoutgateway.cache.Recent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuditChainTest {
    /** Lets a superuser do what no constraint allows. */
    private static final String WITHOUT_RULES = "SET session_replication_role = replica; ";

    private static final StoreScene SCENE = new StoreScene();

    private final PgAuditChain store = new PgAuditChain(SCENE.postgres);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private long nanos;
    private final Chain chain = new Chain(store, metrics, () -> nanos);

    @BeforeEach
    void empty() {
        SCENE.database.execute("TRUNCATE audit_log, audit_chain, audit_unchained RESTART IDENTITY");
    }

    @AfterAll
    static void close() {
        SCENE.close();
    }

    private void append(int count) {
        await(Future.all(IntStream.range(0, count)
                .mapToObj(i -> SCENE.postgres.inTransaction(connection -> AuditRows.append(
                        connection,
                        new Actor("test", "api_key:1", "request"),
                        "thing.changed",
                        "thing:" + i,
                        null,
                        "{}")))
                .toList()));
    }

    /** Entries 1 to 10, at the positions 1 to 10. */
    private void tenLinked() {
        append(10);
        await(chain.runOnce());
    }

    private void tamper(String sql) throws SQLException {
        try (Connection connection = SCENE.database.connect();
                Statement statement = connection.createStatement()) {
            boolean ignored = statement.execute(WITHOUT_RULES + sql);
        }
    }

    private Verification.Outcome verify(@Nullable Link expected) {
        return await(new Verification(store, Duration.ofMinutes(5), expected).run());
    }

    static Stream<Arguments> tamperings() {
        return Stream.of(
                argumentSet(
                        "altered column",
                        "UPDATE audit_log SET actor = 'api_key:2' WHERE id = 4",
                        3,
                        "entry 4 at position 4 is not what was linked"),
                argumentSet(
                        "altered time",
                        "UPDATE audit_log SET at = at + interval '1 microsecond' WHERE id = 10",
                        9,
                        "entry 10 at position 10 is not what was linked"),
                argumentSet(
                        "hash that is gone",
                        "UPDATE audit_log SET after_hash = NULL WHERE id = 1",
                        0,
                        "entry 1 at position 1 is not what was linked"),
                argumentSet(
                        "deleted entry", "DELETE FROM audit_log WHERE id = 5", 4, "entry 5 at position 5 is missing"),
                argumentSet(
                        "deleted entry and link",
                        "DELETE FROM audit_log WHERE id = 5; DELETE FROM audit_chain WHERE entry_id = 5",
                        4,
                        "link at position 5 is missing"),
                argumentSet(
                        "deleted entry, the links moved up",
                        """
                        DELETE FROM audit_log WHERE id = 5; DELETE FROM audit_chain WHERE entry_id = 5;
                        UPDATE audit_chain SET position = position - 1 + 100 WHERE position > 5;
                        UPDATE audit_chain SET position = position - 100 WHERE position > 100
                        """,
                        4,
                        "entry 6 at position 5 is not what was linked"),
                argumentSet(
                        "swapped entries",
                        """
                        UPDATE audit_chain SET entry_id = 99 WHERE position = 2;
                        UPDATE audit_chain SET entry_id = 2 WHERE position = 3;
                        UPDATE audit_chain SET entry_id = 3 WHERE position = 2
                        """,
                        1,
                        "entry 3 at position 2 is not what was linked"),
                argumentSet(
                        "altered link",
                        "UPDATE audit_chain SET hash = sha256('x') WHERE position = 7",
                        6,
                        "entry 7 at position 7 is not what was linked"),
                argumentSet(
                        "inserted entry",
                        "INSERT INTO audit_log (namespace, actor, action, resource, request_id)"
                                + " VALUES ('test', 'a', 'b', 'c', 'd')",
                        10,
                        "entry 11 was inserted"),
                argumentSet(
                        "entry that is never linked",
                        """
                        INSERT INTO audit_log (namespace, actor, action, resource, request_id, at)
                        VALUES ('test', 'a', 'b', 'c', 'd', now() - interval '6 minutes');
                        INSERT INTO audit_unchained SELECT max(id) FROM audit_log
                        """,
                        10,
                        "1 entries have waited"));
    }

    @ParameterizedTest
    @MethodSource("tamperings")
    void verify_afterSomebodyTampered_namesTheFirstPlace(String sql, int soundUntil, String problem)
            throws SQLException {
        tenLinked();
        tamper(sql);

        Verification.Outcome outcome = verify(null);

        assertThat(outcome.problem())
                .hasValueSatisfying(text -> assertThat(text).contains(problem));
        assertThat(outcome.head().position()).isEqualTo(soundUntil);
    }

    @Test
    void verify_untouched_findsNothingAndTellsTheHead() {
        tenLinked();

        Verification.Outcome outcome = verify(null);

        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.head().position()).isEqualTo(10);
        assertThat(verify(outcome.head()).problem()).isEmpty();
    }

    @Test
    void verify_endWasCutOff_isFoundWithAKnownHead() throws SQLException {
        tenLinked();
        Link head = verify(null).head();
        tamper("DELETE FROM audit_chain WHERE position > 8; DELETE FROM audit_log WHERE id > 8");

        assertThat(verify(null).problem()).as("nothing shows it from inside").isEmpty();
        assertThat(verify(head).problem())
                .hasValueSatisfying(text -> assertThat(text).contains("ends at position 8", "reached 10"));
    }

    @Test
    void verify_endWasRewritten_isFoundWithAKnownHead() throws SQLException {
        tenLinked();
        Link head = verify(null).head();
        tamper("DELETE FROM audit_chain WHERE position > 8; DELETE FROM audit_log WHERE id > 8");
        append(4);
        await(chain.runOnce());

        assertThat(verify(null).problem()).isEmpty();
        assertThat(verify(head).problem())
                .hasValueSatisfying(text -> assertThat(text).contains("hash at position 10"));
    }

    @Test
    void runOnce_byTwoReplicasWhileEntriesAreWritten_makesOneUnbrokenChain() {
        Chain other = new Chain(new PgAuditChain(SCENE.postgres), new SimpleMeterRegistry(), System::nanoTime);
        for (int round = 0; round < 5; round++) {
            Future<?> linking = Future.all(chain.runOnce(), other.runOnce(), chain.runOnce());
            append(40);
            await(linking);
        }
        await(chain.runOnce());

        Verification.Outcome outcome = verify(null);

        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.head().position()).isEqualTo(200);
        assertThat(SCENE.database.rows("SELECT 1 FROM audit_unchained")).isEmpty();
        assertThat(metrics.get("gateway.audit.head").gauge().value()).isEqualTo(200);
    }

    /** A chain that is linked no more must not look as it did when it last was. */
    @Test
    void gauges_notCountedOfLate_areNoNumbers() {
        tenLinked();
        assertThat(metrics.get("gateway.audit.head").gauge().value()).isEqualTo(10);

        nanos += Recent.KNOWN_FOR.plusNanos(1).toNanos();

        assertThat(metrics.get("gateway.audit.head").gauge().value()).isNaN();
        assertThat(metrics.get("gateway.audit.unchained").gauge().value()).isNaN();
    }

    @Test
    void runOnce_entriesThatADeadProcessLeft_areLinked() {
        append(3);
        assertThat(SCENE.database.rows("SELECT 1 FROM audit_unchained")).hasSize(3);
        assertThat(verify(null).problem()).as("they are on their way").isEmpty();

        assertThat(await(chain.runOnce())).isFalse();

        assertThat(verify(null).head().position()).isEqualTo(3);
        assertThat(metrics.get("gateway.audit.linked").counter().count()).isEqualTo(3);
    }

    @Test
    void runOnce_moreThanABatch_saysThatThereIsMore() {
        SCENE.database.execute(
                """
                WITH entry AS (
                    INSERT INTO audit_log (namespace, actor, action, resource, request_id)
                    SELECT 'test', 'a', 'b', 'c:' || n, 'd' FROM generate_series(1, 501) n
                    RETURNING id
                )
                INSERT INTO audit_unchained SELECT id FROM entry
                """);

        assertThat(await(chain.runOnce())).isTrue();
        assertThat(await(chain.runOnce())).isFalse();
        assertThat(verify(null).head().position()).isEqualTo(501);
    }

    @Test
    void alterable_asTheOwner_isAdmitted() {
        assertThat(await(store.alterable())).isTrue();
    }

    @Test
    void append_changeThatIsRolledBack_leavesNoEntry() {
        Future<?> undone = SCENE.postgres.inTransaction(connection -> AuditRows.append(
                        connection, new Actor("test", "api_key:1", "request"), "thing.changed", "thing:1", null, "{}")
                .compose(noted -> Future.failedFuture(new IllegalStateException("undone"))));

        assertThatThrownBy(() -> await(undone)).hasMessage("undone");
        assertThat(SCENE.database.rows("SELECT id FROM audit_log")).isEqualTo(List.of());
    }
}
