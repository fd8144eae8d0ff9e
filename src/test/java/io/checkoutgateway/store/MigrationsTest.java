package io.checkoutgateway.store;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.Gateway;
import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.FreePorts;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class MigrationsTest {
    private static final String WAITING =
            """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'relation'
            """;

    private static final String NEWEST =
            "SELECT version FROM checkout_gateway.flyway_schema_history ORDER BY installed_rank DESC LIMIT 1";

    private static DatabaseSettings settings(String url, String schema) {
        return Settings.of(Map.of("DATABASE_URL", url, "DATABASE_SCHEMA", schema, "STRIPE_API_KEY", "sk_test_none"))
                .database();
    }

    @Test
    void run_twiceAndSideBySide_runsEachOnce() {
        DatabaseSettings settings = settings(TestDatabase.empty().url(), "checkout_gateway");
        Vertx vertx = Vertx.vertx();
        try {
            Future<Integer> first = Migrations.run(vertx, settings);
            Future<Integer> beside = Migrations.run(vertx, settings);

            int ran = TestGateway.await(first) + TestGateway.await(beside);

            assertThat(ran).isPositive();
            assertThat(TestGateway.await(Migrations.run(vertx, settings))).isZero();
        } finally {
            TestGateway.await(vertx.close());
        }
    }

    /** In production the gateway is no superuser, owns no database, and may be given any schema. */
    @Test
    void gateway_anotherSchemaAndAPlainRole_migratesAndWorks() {
        TestDatabase database = TestDatabase.empty();
        String name = URI.create(database.url()).getPath().substring(1);
        String role = "plain_" + name;
        database.execute("CREATE ROLE %s LOGIN PASSWORD 'p@ss:/word'".formatted(role));
        database.execute("GRANT CREATE ON DATABASE %s TO %s".formatted(name, role));
        String url = database.url().replaceFirst("//[^@]*@", "//" + role + ":p%40ss%3A%2Fword@");

        try (TestGateway gateway =
                TestGateway.start(Map.of("DATABASE_URL", url, "DATABASE_SCHEMA", "another_schema"))) {
            gateway.client()
                    .post(checkoutSessionsOf(gateway.customer()), hosted())
                    .expect(201);
        }

        assertThat(database.rows("SELECT status FROM another_schema.checkout_sessions"))
                .hasSize(1);
        assertThat(database.rows("SELECT schemaname FROM pg_tables WHERE tableowner = '" + role
                        + "' AND schemaname <> 'another_schema'"))
                .isEmpty();
    }

    /** Kept answers that open a door are read as sealed from V015 on: what was kept before, of any status, is not. */
    @Test
    void run_overKeptAnswersThatOpenADoor_forgetsThemAndLeavesWhatIsUnderWay() {
        TestDatabase database = TestDatabase.empty();
        migrateTo("14", database);
        keep(database, "link", "create-customer-stripe-portal-session", "200");
        keep(database, "refusal", "create-customer-stripe-portal-session", "422");
        keep(database, "endpoint", "create-webhook-endpoint", "201");
        keep(database, "under-way", "create-customer-stripe-portal-session", "NULL");
        keep(database, "session", "create-checkout-session", "201");
        Vertx vertx = Vertx.vertx();
        try {
            assertThat(TestGateway.await(Migrations.run(vertx, settings(database.url(), "checkout_gateway"))))
                    .isPositive();
        } finally {
            TestGateway.await(vertx.close());
        }

        assertThat(database.rows("SELECT key FROM checkout_gateway.idempotency_keys ORDER BY key"))
                .containsExactly(List.of("session"), List.of("under-way"));
    }

    /** Waiting for a table keeps everybody else from it, also those who only read. */
    @Test
    void run_tableInUse_givesUpAndIsDoneLater() throws SQLException {
        TestDatabase database = TestDatabase.empty();
        migrateTo("14", database);
        Vertx vertx = Vertx.vertx();
        try (Connection dump = holding(database, "idempotency_keys")) {
            assertThatThrownBy(() -> await(runImpatiently(vertx, database, 2)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching(
                            "Postgres at 127\\.0\\.0\\.1:\\d+/test_\\d+ \\(DATABASE_URL\\): a table is in use.*");
            dump.rollback();

            assertThat(await(runImpatiently(vertx, database, 2))).isPositive();
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void run_tableThatIsFreeBeforeTheLastTry_isDone() throws SQLException {
        TestDatabase database = TestDatabase.empty();
        migrateTo("14", database);
        Vertx vertx = Vertx.vertx();
        try (Connection dump = holding(database, "idempotency_keys")) {
            Future<Integer> running = runImpatiently(vertx, database, Integer.MAX_VALUE);
            Set<List<String>> waited = new HashSet<>();
            // Each try has a connection of its own.
            Awaitility.await().until(() -> waited.addAll(database.rows(WAITING)) && waited.size() > 1);
            dump.rollback();

            assertThat(await(running)).isPositive();
        } finally {
            await(vertx.close());
        }
    }

    private static Connection holding(TestDatabase database, String table) throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            boolean ignored = statement.execute("LOCK TABLE " + table);
        }
        return connection;
    }

    private static Future<Integer> runImpatiently(Vertx vertx, TestDatabase database, int tries) {
        return Migrations.run(
                vertx,
                database.settings().database(),
                Optional.empty(),
                new Migrations.LockWait(Duration.ofMillis(200), Duration.ofMillis(20), tries));
    }

    @Test
    void run_nobodyListens_namesThePlaceAndNoPassword() {
        Vertx vertx = Vertx.vertx();
        try {
            String nowhere = "postgresql://gateway:canary@127.0.0.1:%d/gateway".formatted(FreePorts.next());
            assertThatThrownBy(() -> await(Migrations.run(vertx, settings(nowhere, "checkout_gateway"))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("(?s)Postgres at 127\\.0\\.0\\.1:\\d+/gateway \\(DATABASE_URL\\): .*refused.*")
                    .hasMessageNotContaining("canary");
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void run_byARoleOfItsOwnThatIsNotThere_namesItsSetting() {
        TestDatabase database = TestDatabase.empty();
        DatabaseSettings settings = Settings.of(Map.of(
                        "DATABASE_URL",
                        database.url(),
                        "DATABASE_MIGRATION_URL",
                        database.url().replaceFirst("//[^@]*@", "//nobody:canary@")))
                .database();
        Vertx vertx = Vertx.vertx();
        try {
            assertThatThrownBy(() -> await(Migrations.run(vertx, settings)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("(DATABASE_MIGRATION_URL): FATAL: role \"nobody\" does not exist")
                    .hasMessageNotContaining("canary");
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void gateway_thatDoesNotMigrate_refusesAnOlderSchemaOnly() {
        TestDatabase database = TestDatabase.create();
        String newest = database.rows(NEWEST).get(0).get(0);
        Map<String, String> values = new HashMap<>(TestDatabase.LIMITS);
        values.putAll(Map.of(
                "DATABASE_URL", database.url(),
                "DATABASE_MIGRATE", "false",
                "GATEWAY_SECRETS_KEY", TestGateway.SECRETS_KEY,
                "GATEWAY_HTTP_HOST", "127.0.0.1",
                "GATEWAY_HTTP_PORT", "0",
                "GATEWAY_MANAGEMENT_HOST", "127.0.0.1",
                "GATEWAY_MANAGEMENT_PORT", "0"));
        Settings settings = Settings.of(values);

        database.execute("UPDATE checkout_gateway.flyway_schema_history SET version = '999' WHERE version = '%s'"
                .formatted(newest));
        database.execute(
                """
                INSERT INTO checkout_gateway.flyway_schema_history
                SELECT installed_rank + 1, '%s', description, type, script, checksum, installed_by, installed_on,
                       execution_time, success
                FROM checkout_gateway.flyway_schema_history WHERE version = '999'
                """
                        .formatted(newest));
        await(await(Gateway.start(settings)).close());

        database.execute(
                "DELETE FROM checkout_gateway.flyway_schema_history WHERE version IN ('999', '%s')".formatted(newest));
        String older = database.rows(NEWEST).get(0).get(0);
        assertThatThrownBy(() -> await(Gateway.start(settings)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the schema is at %d, this version needs %d; `gateway migrate`"
                        .formatted(Integer.valueOf(older), Integer.valueOf(newest)));
    }

    @Test
    void check_emptyDatabase_tellsSo() {
        Vertx vertx = Vertx.vertx();
        try {
            assertThatThrownBy(() -> await(Migrations.check(
                            vertx, TestDatabase.empty().settings().database())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the schema does not exist; `gateway migrate`");
        } finally {
            await(vertx.close());
        }
    }

    static void migrateTo(String version, TestDatabase database) {
        URI uri = URI.create(database.url());
        String[] credentials = uri.getUserInfo().split(":", 2);
        assertThat(Flyway.configure()
                        .dataSource(
                                "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath()),
                                credentials[0],
                                credentials[1])
                        .schemas("checkout_gateway")
                        .locations("classpath:db")
                        .target(version)
                        .load()
                        .migrate()
                        .success)
                .isTrue();
    }

    private static void keep(TestDatabase database, String key, String operation, String status) {
        database.execute(
                """
                INSERT INTO checkout_gateway.idempotency_keys
                    (namespace, operation, key, request_hash, status, content_type, body)
                SELECT 'test', '%s', '%s', sha256('x'), kept.status,
                       CASE WHEN kept.status IS NOT NULL THEN 'application/json' END,
                       CASE WHEN kept.status IS NOT NULL THEN '{}'::bytea END
                FROM (VALUES (%s::int)) AS kept (status)
                """
                        .formatted(operation, key, status));
    }
}
