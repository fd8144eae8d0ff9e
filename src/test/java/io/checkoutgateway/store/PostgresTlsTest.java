package io.checkoutgateway.store;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.checkoutgateway.sandbox.EmbeddedDatabaseOptions;
import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.FreePorts;
import io.checkoutgateway.testing.TestCertificate;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three servers: one that knows itself by a name, one by its address, and the other tests' without TLS. The first two
 * refuse whoever comes in clear, so that to be connected is to be encrypted.
 */
class PostgresTlsTest {
    private static final String NO_AUTHORITY = "none";
    private static final String ITS_AUTHORITY = "its own";
    private static final String ANOTHER_AUTHORITY = "another's";

    private static Vertx vertx;
    private static TestCertificate named;
    private static TestCertificate numbered;
    private static EmbeddedDatabase byName;
    private static EmbeddedDatabase byAddress;

    @BeforeAll
    static void startServers(@TempDir Path directory) throws IOException {
        vertx = Vertx.vertx();
        named = TestCertificate.of("dns:localhost", Files.createDirectory(directory.resolve("named")));
        numbered = TestCertificate.of("ip:127.0.0.1", Files.createDirectory(directory.resolve("numbered")));
        Path clients = Files.writeString(
                directory.resolve("pg_hba.conf"), "hostssl all all all trust\nhostnossl all all all reject\n");
        byName = startWith(named, clients);
        byAddress = startWith(numbered, clients);
    }

    private static EmbeddedDatabase startWith(TestCertificate certificate, Path clients) {
        return EmbeddedDatabase.start(EmbeddedDatabaseOptions.defaults()
                .withPort(FreePorts.next())
                .withParameter("ssl", "on")
                .withParameter("ssl_cert_file", certificate.certificate().toString())
                .withParameter("ssl_key_file", certificate.key().toString())
                .withParameter("hba_file", clients.toString()));
    }

    @AfterAll
    static void stopServers() {
        await(vertx.close());
        byName.close();
        byAddress.close();
    }

    private static String url(EmbeddedDatabase server, String host, String mode) {
        return "postgresql://postgres:any@%s:%d/postgres%s".formatted(host, server.port(), mode);
    }

    private static DatabaseSettings settings(String url, String authority) {
        Map<String, String> values = new HashMap<>(TestDatabase.LIMITS);
        values.put("DATABASE_URL", url);
        if (!authority.equals(NO_AUTHORITY)) {
            TestCertificate trusted = authority.equals(ITS_AUTHORITY) ? named : numbered;
            values.put("DATABASE_SSL_ROOT_CERT", trusted.certificate().toString());
        }
        return Settings.of(values).database();
    }

    private static int byPool(DatabaseSettings settings) {
        Postgres postgres = Postgres.of(vertx, settings);
        return await(postgres.query("SELECT 1 AS one", Map.of())
                .map(rows -> rows.iterator().next().getInteger("one"))
                .eventually(postgres::close));
    }

    private static int byConnectionOfItsOwn(DatabaseSettings settings) {
        Postgres postgres = Postgres.of(vertx, settings);
        return await(postgres.connect()
                .compose(connection -> connection
                        .query("SELECT 1 AS one")
                        .execute()
                        .map(rows -> rows.iterator().next().getInteger("one"))
                        .eventually(connection::close))
                .eventually(postgres::close));
    }

    private static int byMigrations(DatabaseSettings settings) {
        return await(Migrations.run(vertx, settings));
    }

    /** Pool, listener and migrations: whoever gets in by one way gets in by all. */
    private static void assertConnects(DatabaseSettings settings) {
        assertThat(byPool(settings)).isEqualTo(1);
        assertThat(byConnectionOfItsOwn(settings)).isEqualTo(1);
        assertThat(byMigrations(settings)).isNotNegative();
    }

    /** By the network's failure, or by what the server says to those who come in clear; never by one of our own. */
    private static void assertIsRefused(DatabaseSettings settings) {
        String refusal = "(?s).*(database cannot be used|pg_hba.conf rejects connection).*";
        assertThatThrownBy(() -> byPool(settings)).hasMessageMatching(refusal);
        assertThatThrownBy(() -> byConnectionOfItsOwn(settings)).hasMessageMatching(refusal);
        assertThatThrownBy(() -> byMigrations(settings))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Postgres at ");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                      none",
        "?sslmode=allow,          none",
        "?sslmode=prefer,         none",
        "?sslmode=require,        none",
        "?sslmode=require,        its own",
        "?sslmode=verify-ca,      its own",
        "?sslmode=verify-full,    its own",
        "?sslmode=verify%2Dfull,  its own"
    })
    void connect_toAServerThatInsistsOnTls_isEncrypted(String mode, String authority) {
        assertConnects(settings(url(byName, "localhost", mode), authority));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, ?sslmode=disable,     none",
        "localhost, ?sslmode=require,     another's",
        "localhost, ?sslmode=verify-ca,   another's",
        "localhost, ?sslmode=verify-full, another's",
        "127.0.0.1, ?sslmode=verify-full, its own"
    })
    void connect_asTheServerWillNotHaveItOrTheCertificateDoesNotShow_isRefused(
            String host, String mode, String authority) {
        assertIsRefused(settings(url(byName, host, mode), authority));
    }

    @Test
    void connect_verifyCa_doesNotAskForTheName() {
        assertConnects(settings(url(byName, "127.0.0.1", "?sslmode=verify-ca"), ITS_AUTHORITY));
    }

    @Test
    void connect_verifyFullToAnAddress_needsItInTheCertificate() {
        assertConnects(settings(url(byAddress, "127.0.0.1", "?sslmode=verify-full"), ANOTHER_AUTHORITY));
        assertIsRefused(settings(url(byAddress, "localhost", "?sslmode=verify-full"), ANOTHER_AUTHORITY));
    }

    static Stream<Arguments> modesWithoutTls() {
        return Stream.of(
                arguments("", NO_AUTHORITY, true),
                arguments("?sslmode=disable", NO_AUTHORITY, true),
                arguments("?sslmode=allow", NO_AUTHORITY, true),
                arguments("?sslmode=prefer", NO_AUTHORITY, true),
                arguments("?sslmode=require", NO_AUTHORITY, false),
                arguments("?sslmode=verify-ca", ITS_AUTHORITY, false),
                arguments("?sslmode=verify-full", ITS_AUTHORITY, false));
    }

    @ParameterizedTest
    @MethodSource("modesWithoutTls")
    void connect_toAServerWithoutTls_onlyWhereTheModeAllowsIt(String mode, String authority, boolean allowed) {
        String plain = TestDatabase.create().url().replaceFirst("\\?.*", "");
        DatabaseSettings settings = settings(plain + mode, authority);

        if (allowed) {
            assertConnects(settings);
        } else {
            assertIsRefused(settings);
        }
    }

    @Test
    void gateway_byTls_servesAndHearsNews() {
        Map<String, String> overrides = Map.of(
                "DATABASE_URL", url(byName, "localhost", "?sslmode=verify-full"),
                "DATABASE_SSL_ROOT_CERT", named.certificate().toString());

        try (TestGateway gateway = TestGateway.start(overrides)) {
            gateway.client()
                    .post(checkoutSessionsOf(gateway.customer()), hosted())
                    .expect(201);
        }
    }
}
