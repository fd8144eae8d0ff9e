package io.checkoutgateway.store;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class MigrationsTest {

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
