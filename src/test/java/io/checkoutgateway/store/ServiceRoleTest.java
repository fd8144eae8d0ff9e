package io.checkoutgateway.store;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.audit.Verification;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One role owns the tables and migrates; another serves, and can do no more than that. */
class ServiceRoleTest {
    private static final List<String> REFUSED = List.of(
            "UPDATE audit_log SET actor = 'somebody'",
            "DELETE FROM audit_log",
            "TRUNCATE audit_log CASCADE",
            "UPDATE audit_chain SET hash = sha256('x')",
            "DELETE FROM audit_chain",
            "SELECT id FROM audit_log FOR UPDATE",
            "DELETE FROM secret_keyset",
            "INSERT INTO pseudonym_key (key) VALUES (sha256('x'))",
            "UPDATE pseudonym_key SET key = sha256('x')",
            "DELETE FROM pseudonym_key",
            "UPDATE flyway_schema_history SET success = false",
            "SELECT grant_service_role('postgres')",
            "CREATE TABLE mine (id int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "ALTER TABLE audit_log DISABLE TRIGGER ALL",
            "ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_pkey",
            "DROP TABLE audit_log CASCADE");

    private TestDatabase database;
    private String owner;
    private String service;

    @BeforeEach
    void makeRoles() {
        database = TestDatabase.empty();
        String name = URI.create(database.url()).getPath().substring(1);
        owner = "owner_" + name;
        service = "service_" + name;
        database.execute("CREATE ROLE %s LOGIN".formatted(owner));
        database.execute("CREATE ROLE %s LOGIN".formatted(service));
        database.execute("GRANT CREATE ON DATABASE %s TO %s".formatted(name, owner));
    }

    @AfterEach
    void dropRoles() {
        database.execute("DROP OWNED BY %s, %s CASCADE".formatted(owner, service));
        database.execute("DROP ROLE %s, %s".formatted(owner, service));
    }

    private String urlOf(String role) {
        return database.url().replaceFirst("//[^@]*@", "//" + role + ":any@");
    }

    private Map<String, String> twoRoles() {
        return Map.of("DATABASE_URL", urlOf(service), "DATABASE_MIGRATION_URL", urlOf(owner));
    }

    private void asService(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            boolean role = statement.execute("SET ROLE " + service);
            boolean done = statement.execute(sql);
        }
    }

    @Test
    void gateway_withTwoRoles_doesEverything() {
        Map<String, String> settings = new HashMap<>(twoRoles());
        settings.put("GATEWAY_OUTGOING_NETWORKS", "127.0.0.0/8");
        settings.put("GATEWAY_OUTGOING_INTERVAL", "PT10M");
        try (TestGateway gateway = TestGateway.start(settings);
                StandardReceiver receiver = new StandardReceiver()) {
            gateway.client()
                    .post("/api/v1/webhook-endpoints", new JsonObject().put("url", receiver.url()))
                    .expect(201);
            String session = gateway.client()
                    .post(checkoutSessionsOf(gateway.customer()), hosted())
                    .expect(201)
                    .json()
                    .getString("session_id");
            gateway.client()
                    .post("/api/v1/checkout-sessions/" + session + "/expire")
                    .expect(200);
            gateway.client().post("/api/v1/admin/backfills", new JsonObject()).expect(201);
            await(gateway.gateway().applyEventsNow());
            // By the gateway's own rounds, or by these if they are first.
            Awaitility.await().until(() -> {
                await(gateway.gateway().publishNow());
                await(gateway.gateway().deliverNow());
                return !receiver.received().isEmpty();
            });
            await(gateway.gateway().tidyDeliveriesNow());
            await(gateway.gateway().forgetNow());
            await(gateway.gateway().tendSecretsNow());
            await(gateway.gateway().linkAuditNow());
        }
        assertThat(database.rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'checkout_gateway'"))
                .containsExactly(List.of(owner));
        Vertx vertx = Vertx.vertx();
        Postgres postgres =
                Postgres.of(vertx, TestDatabase.settings(urlOf(service)).database());
        PgAuditChain chain = new PgAuditChain(postgres);
        assertThat(await(new Verification(chain, Duration.ofMinutes(5), null).run())
                        .problem())
                .isEmpty();
        assertThat(await(chain.alterable())).isFalse();
        await(postgres.close());
        await(vertx.close());
    }

    @Test
    void serviceRole_whatServingDoesNotNeed_isRefused() {
        migrate();

        for (String sql : REFUSED) {
            assertThatThrownBy(() -> asService(sql))
                    .as(sql)
                    .isInstanceOf(SQLException.class)
                    .hasMessageMatching("(?s).*(permission denied|must be owner).*");
        }
    }

    /** A process that serves and does not migrate looks which migrations ran. */
    @Test
    void serviceRole_maySeeWhetherTheSchemaIsNewEnough() {
        migrate();
        Vertx vertx = Vertx.vertx();
        try {
            assertThat(await(Migrations.check(
                                    vertx, TestDatabase.settings(urlOf(service)).database())
                            .map("new enough")))
                    .isEqualTo("new enough");
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void migrate_again_keepsWhatServingNeeds() throws SQLException {
        migrate();
        database.execute("CREATE TABLE later (id int)");
        database.execute("ALTER TABLE later OWNER TO " + owner);
        assertThatThrownBy(() -> asService("SELECT id FROM later")).hasMessageContaining("permission denied");

        migrate();

        asService("INSERT INTO later VALUES (1)");
    }

    @Test
    void migrate_roleThatIsNotThere_tellsSo() {
        Map<String, String> settings = Map.of(
                "DATABASE_URL", urlOf("nobody_" + service),
                "DATABASE_MIGRATION_URL", urlOf(owner),
                "STRIPE_API_KEY", "sk_test_none");
        Vertx vertx = Vertx.vertx();
        try {
            assertThatThrownBy(() ->
                            await(Migrations.run(vertx, Settings.of(settings).database())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("nobody_" + service);
        } finally {
            await(vertx.close());
        }
    }

    private void migrate() {
        Map<String, String> settings = new HashMap<>(twoRoles());
        settings.put("STRIPE_API_KEY", "sk_test_none");
        Vertx vertx = Vertx.vertx();
        try {
            await(Migrations.run(vertx, Settings.of(settings).database()));
        } finally {
            await(vertx.close());
        }
    }
}
