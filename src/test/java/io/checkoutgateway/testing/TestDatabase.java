package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.checkoutgateway.sandbox.EmbeddedDatabaseOptions;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.Migrations;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One Postgres for all tests of a run, and a database of its own for each that asks. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int CONNECTIONS_MAX = 300;
    private static final int STARTS_MAX = 5;

    /** A busy machine would reach the presets; those who test limits set others. */
    public static final Map<String, String> LIMITS =
            Map.of("DATABASE_CONNECT_TIMEOUT", "PT1M", "DATABASE_STATEMENT_TIMEOUT", "PT1M");

    /** What is vacuumed when, and which plan follows from it, is the test's own affair. */
    private static final Map<String, String> BY_THE_TEST_ONLY = Map.of("autovacuum", "off");

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** Started when the first test asks, stopped when the JVM ends. */
    private static final class Server {
        static final EmbeddedDatabase INSTANCE = start();

        /** Postgres cannot be told to take any port: somebody may be there first. */
        private static EmbeddedDatabase start() {
            for (int tries = 1; ; tries++) {
                try {
                    return EmbeddedDatabase.start(new EmbeddedDatabaseOptions(
                            FreePorts.next(), false, false, CONNECTIONS_MAX, Patience.LIMIT, true, BY_THE_TEST_ONLY));
                } catch (UncheckedIOException | IllegalStateException e) {
                    if (tries == STARTS_MAX) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Migrated once; copies of it take a fraction of the time that its migrations would. */
    private static final class Migrated {
        static final TestDatabase INSTANCE = migrate(new TestDatabase(Server.INSTANCE.createDatabase("migrated")));

        private static TestDatabase migrate(TestDatabase empty) {
            Vertx vertx = Vertx.vertx();
            assertThat(TestGateway.await(Migrations.run(vertx, empty.settings().database())))
                    .isPositive();
            TestGateway.await(vertx.close());
            return empty;
        }
    }

    /** A new database with today's schema and nothing in it. */
    public static TestDatabase create() {
        String name = "test_" + COUNT.incrementAndGet();
        String template = Migrated.INSTANCE.name;
        try (Connection connection = DriverManager.getConnection(Server.INSTANCE.jdbcUrl());
                Statement statement = connection.createStatement()) {
            boolean ignored = statement.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
            return new TestDatabase(name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new database without a schema. */
    public static TestDatabase empty() {
        return new TestDatabase(Server.INSTANCE.createDatabase("test_" + COUNT.incrementAndGet()));
    }

    /** What {@code DATABASE_URL} is set to. */
    public String url() {
        return url(Server.INSTANCE.port());
    }

    /** Of a process that works with this database and with no account. */
    public Settings settings() {
        return settings(url());
    }

    /** The same where the database is reached in another way. */
    public static Settings settings(String url) {
        Map<String, String> values = new HashMap<>(LIMITS);
        values.put("DATABASE_URL", url);
        values.put("STRIPE_API_KEY", "sk_test_none");
        return Settings.of(values);
    }

    /** The same database by way of a relay, which leads to it from now on. */
    public String urlBy(Relay relay) {
        return url(relay.leadTo(Server.INSTANCE.port()).port());
    }

    private String url(int port) {
        EmbeddedDatabase server = Server.INSTANCE;
        return "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
                .formatted(server.user(), server.password(), server.host(), port, name);
    }

    /** The rows of a query, each as its columns' texts; for looking behind the gateway's back. */
    public List<List<String>> rows(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(found.getString(column)));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a statement, for making a past or a damage that the gateway did not make. */
    public int execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection of the test's own, for locks. */
    public Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(Server.INSTANCE.jdbcUrl(name));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path TO checkout_gateway");
        }
        return connection;
    }
}
