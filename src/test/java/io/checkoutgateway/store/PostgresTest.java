package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transactions on a pool of one connection: who keeps it, keeps everybody out. */
class PostgresTest {
    private interface Transaction
            extends BiFunction<Postgres, Function<SqlConnection, Future<RowSet<Row>>>, Future<RowSet<Row>>> {}

    private static StoreScene scene;

    @BeforeAll
    static void start() {
        scene = new StoreScene();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static Stream<Named<Transaction>> transactions() {
        return Stream.of(
                Named.of("of the client", Postgres::inTransaction),
                Named.of("with savepoints", Postgres::inTransactionWithSavepoints));
    }

    @ParameterizedTest
    @MethodSource("transactions")
    void transaction_stepsThrow_isRolledBackAndItsConnectionIsFreeAgain(Transaction transaction) {
        Throwable failure = await(transaction
                .apply(scene.narrow, connection -> {
                    throw new IllegalStateException("a fault of ours");
                })
                .transform(done -> Future.succeededFuture(done.cause())));

        assertThat(failure).hasMessage("a fault of ours");
        // A transaction that was left open would answer both with the same time.
        assertThat(now()).isNotEqualTo(now());
    }

    private static Object now() {
        return await(scene.narrow.query("SELECT now() AS at", Map.of()))
                .iterator()
                .next()
                .getValue("at");
    }
}
