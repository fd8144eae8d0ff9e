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
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrationsTest {

    private static DatabaseSettings settings(String url, String schema) {
        return Settings.of(Map.of("DATABASE_URL", url, "DATABASE_SCHEMA", schema, "STRIPE_API_KEY", "sk_test_none"))
                .database();
    }

    @Test
    void run_twiceAndSideBySide_runsEachOnce() {
        DatabaseSettings settings = settings(TestDatabase.create().url(), "checkout_gateway");
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
        TestDatabase database = TestDatabase.create();
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
}
