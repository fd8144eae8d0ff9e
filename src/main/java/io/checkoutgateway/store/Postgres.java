package io.checkoutgateway.store;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.UnstorableException;
import io.checkoutgateway.settings.DatabaseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The connections to Postgres, and the one place where its failures become the gateway's. */
public final class Postgres {
    static final int DEFAULT_PORT = 5432;

    /** What a caller is told to wait while Postgres is away: a restart takes a few seconds. */
    private static final Duration WHEN_AWAY = Duration.ofSeconds(2);

    /** SQLSTATE 23505, unique_violation. (PostgreSQL, appendix A.) */
    private static final String UNIQUE_VIOLATION = "23505";

    /** SQLSTATE 40P01, deadlock_detected. (PostgreSQL, appendix A.) */
    private static final String DEADLOCK = "40P01";

    /** SQLSTATE class 22, data exception, such as text that holds a zero byte. (PostgreSQL, appendix A.) */
    private static final String DATA_EXCEPTION = "22";

    /** SQLSTATE class 23, integrity constraint violation, such as an app that is gone. (PostgreSQL, appendix A.) */
    private static final String CONSTRAINT_VIOLATION = "23";

    /**
     * Besides the classes 08, 53 and 57 (connection exception, insufficient resources, operator intervention), what is
     * over when a failover or somebody else's transaction is: read_only_sql_transaction,
     * idle_in_transaction_session_timeout, serialization_failure, deadlock_detected, lock_not_available. (PostgreSQL, appendix A.)
     */
    private static final Set<String> AWAY = Set.of("25006", "25P03", "40001", DEADLOCK, "55P03");

    private static final String BEGIN_WITHOUT_WAITING = "BEGIN; SET LOCAL synchronous_commit = off";

    private final Pool pool;
    private final Duration patience;
    private final Supplier<Future<PgConnection>> connect;
    private volatile Runnable committed = () -> {};

    private Postgres(Pool pool, Duration patience, Supplier<Future<PgConnection>> connect) {
        this.pool = pool;
        this.patience = patience;
        this.connect = connect;
    }

    /** Makes the pool; connections are opened when they are needed, so this succeeds while Postgres is away. */
    public static Postgres of(Vertx vertx, DatabaseSettings settings) {
        Duration patience = patience(settings);
        PoolOptions poolOptions = new PoolOptions()
                .setName("postgres")
                .setMaxSize(settings.poolSize())
                .setMaxWaitQueueSize(settings.poolWaitQueue())
                .setConnectionTimeout((int) settings.connectTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) patience.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        // A peer that is gone without a word leaves its connection in use until silence ends it. The pool drops unused
        // connections before, so that this never meets one that is about to be used.
        NetClientOptions netOptions = new NetClientOptions()
                .setConnectTimeout((int) settings.connectTimeout().toMillis())
                .setIdleTimeout((int) patience.multipliedBy(2).toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        Pool pool = PgBuilder.pool()
                .with(poolOptions)
                .with(netOptions)
                .connectingTo(ConnectOptions.of(settings))
                .using(vertx)
                .build();
        return new Postgres(
                pool,
                patience,
                () -> PgConnection.connect(
                        vertx,
                        ConnectOptions.of(settings)
                                .addProperty(ConnectOptions.APPLICATION_NAME, "checkout-gateway listener")));
    }

    /** A wait for a connection and two slow statements: a Postgres that lives has answered or given up by then. */
    private static Duration patience(DatabaseSettings settings) {
        return settings.connectTimeout().plus(settings.statementTimeout().multipliedBy(2));
    }

    /** Whether Postgres answers and holds the tables; fails with the reason when not. */
    public Future<Void> check() {
        return query("SELECT 1 FROM checkout_sessions LIMIT 1", Map.of()).mapEmpty();
    }

    public Future<Void> close() {
        return pool.close();
    }

    /** Whom to tell of each transaction that was committed here: it may have written something for others to hear. */
    public void onCommit(Runnable bell) {
        this.committed = bell;
    }

    /** Opens a connection outside the pool, for one who keeps it; one that opens too late for that is closed again. */
    Future<PgConnection> connect() {
        Future<PgConnection> opening = connect.get();
        return guarded(opening).onFailure(tooLate -> opening.onSuccess(PgConnection::close));
    }

    /** Runs one statement with named parameters, {@code #{name}}. */
    Future<RowSet<Row>> query(String sql, Map<String, Object> parameters) {
        return guarded(on(pool, sql, parameters));
    }

    /** Runs the steps in one transaction, which is rolled back when a step fails. */
    <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> steps) {
        return guarded(pool.withTransaction(steps)).onSuccess(done -> committed.run());
    }

    /**
     * Runs the steps in one transaction that may go back to a savepoint. The client's own transactions are lost with the
     * first statement that fails, so this one is begun and ended by statements.
     *
     * <p>Only for steps that are done again when their outcome is lost: the commit does not wait for the disk, and a
     * Postgres that crashes may forget the last half second of such transactions, each of them whole. It cannot forget
     * what a later commit that did wait has built on. (PostgreSQL, "Asynchronous Commit".)
     */
    <T> Future<T> inTransactionWithSavepoints(Function<SqlConnection, Future<T>> steps) {
        return guarded(pool.withConnection(connection -> begun(connection, steps)
                        .compose(result -> statement(connection, "COMMIT").map(result))
                        .recover(failure ->
                                statement(connection, "ROLLBACK").transform(undone -> Future.failedFuture(failure)))))
                .onSuccess(done -> committed.run());
    }

    /** The steps' first statement is sent behind the beginning, without waiting for it. */
    private static <T> Future<T> begun(SqlConnection connection, Function<SqlConnection, Future<T>> steps) {
        Future<Void> begun = statement(connection, BEGIN_WITHOUT_WAITING);
        // Composed, so that steps which throw fail: the client closes no connection of a transaction that throws.
        Future<T> result = Future.succeededFuture(connection).compose(steps);
        return begun.compose(ready -> result);
    }

    /** Runs a statement without parameters. */
    static Future<Void> statement(SqlConnection connection, String sql) {
        return connection.query(sql).execute().mapEmpty();
    }

    /** Runs one statement on this connection, as a step of a transaction. */
    static Future<RowSet<Row>> on(SqlClient client, String sql, Map<String, Object> parameters) {
        NamedStatement statement = NamedStatement.of(sql);
        return client.preparedQuery(statement.sql()).execute(statement.values(parameters));
    }

    /**
     * The same with a plan for these values and for the tables as they are now, rather than the one that was made for
     * any: until the end of the transaction.
     */
    static Future<RowSet<Row>> planned(SqlConnection connection, String sql, Map<String, Object> parameters) {
        Future<Void> asked = statement(connection, "SET LOCAL plan_cache_mode = force_custom_plan");
        Future<RowSet<Row>> found = on(connection, sql, parameters);
        return asked.compose(ready -> found);
    }

    /** Whether the failure is this constraint's refusal of a second row. */
    static boolean violates(Throwable failure, String constraint) {
        return failure instanceof PgException refused
                && UNIQUE_VIOLATION.equals(refused.getSqlState())
                && constraint.equals(refused.getConstraint());
    }

    /** Whether Postgres gave this transaction up, because it and another waited for each other. */
    static boolean isDeadlock(Throwable failure) {
        Throwable known = failure instanceof GatewayException ? failure.getCause() : failure;
        return known instanceof PgException refused && DEADLOCK.equals(refused.getSqlState());
    }

    /**
     * Whether it is over by itself, for a statement of a transaction: Postgres is away, short of something, or waited too
     * long for somebody's lock. What a statement is refused for its own sake is not.
     */
    static boolean passes(Throwable failure) {
        boolean away = failure instanceof GatewayException known && known.reason() == Reason.DATABASE_UNAVAILABLE;
        return away || isDeadlock(failure) || !(failure instanceof Error || isAnswer(failure));
    }

    /** Whether Postgres read the rows and refused what one of them says: it would have taken others. */
    static boolean isOfTheData(Throwable failure) {
        String state = failure instanceof PgException refused ? refused.getSqlState() : null;
        return state != null && (state.startsWith(DATA_EXCEPTION) || state.startsWith(CONSTRAINT_VIOLATION));
    }

    /** Fails with an {@link UnstorableException} where {@link #isOfTheData}; else as it failed. */
    static <T> Future<T> explained(Throwable failure) {
        return Future.failedFuture(
                isOfTheData(failure)
                        ? new UnstorableException("The database refuses it: " + failure.getMessage(), failure)
                        : failure);
    }

    private <T> Future<T> guarded(Future<T> work) {
        return work.timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(isAnswer(failure) ? failure : away(failure)));
    }

    /** Whether Postgres itself, or one of our own steps, said no; everything else is a lost or missing connection. */
    private static boolean isAnswer(Throwable failure) {
        if (failure instanceof PgException refused) {
            String state = refused.getSqlState();
            return state == null
                    || !(AWAY.contains(state)
                            || state.startsWith("08")
                            || state.startsWith("53")
                            || state.startsWith("57"));
        }
        // The client's own failures are VertxExceptions or checked; whatever else is unchecked came from our steps.
        return failure instanceof RuntimeException && !(failure instanceof VertxException);
    }

    private static GatewayException away(Throwable cause) {
        return GatewayException.retryable(
                Reason.DATABASE_UNAVAILABLE, "The database cannot be used at the moment", WHEN_AWAY, cause);
    }
}
