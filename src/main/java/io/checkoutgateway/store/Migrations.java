package io.checkoutgateway.store;

import io.checkoutgateway.settings.DatabaseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema up to date, and lets the role that serves use it. Flyway speaks JDBC and blocks, so it runs on a worker
 * thread, once, at start.
 */
public final class Migrations {
    private Migrations() {}

    /**
     * Runs the migrations that are missing; replicas that start together wait for each other. Where they run by a role of
     * their own, the role of {@code DATABASE_URL} gets what serving needs.
     *
     * @return how many ran; fails, and leaves the database as it was, when one of them fails
     */
    public static Future<Integer> run(Vertx vertx, DatabaseSettings settings) {
        String owner = Credentials.of(settings.migrationUri()).user();
        String service = Credentials.of(settings.uri()).user();
        return run(vertx, settings, owner.equals(service) ? Optional.empty() : Optional.of(service));
    }

    /** Like {@link #run(Vertx, DatabaseSettings)}; then this role gets what serving needs. */
    public static Future<Integer> run(Vertx vertx, DatabaseSettings settings, Optional<String> serviceRole) {
        return vertx.executeBlocking(
                () -> {
                    int count = migrate(settings);
                    if (serviceRole.isPresent()) {
                        grant(settings, serviceRole.get());
                    }
                    return count;
                },
                false);
    }

    private static int migrate(DatabaseSettings settings) {
        Credentials credentials = Credentials.of(settings.migrationUri());
        return Flyway.configure()
                .jdbcProperties(certificate(settings))
                .dataSource(jdbcUrl(settings), credentials.user(), credentials.password())
                .schemas(settings.schema())
                .createSchemas(true)
                .locations("classpath:db")
                .validateMigrationNaming(true)
                .load()
                .migrate()
                .migrationsExecuted;
    }

    private static String jdbcUrl(DatabaseSettings settings) {
        URI uri = settings.migrationUri();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        int port = uri.getPort() < 0 ? Postgres.DEFAULT_PORT : uri.getPort();
        return "jdbc:postgresql://%s:%d%s%s".formatted(uri.getHost(), port, uri.getPath(), query);
    }

    private static Map<String, String> certificate(DatabaseSettings settings) {
        Path rootCertificate = settings.rootCertificate();
        return rootCertificate == null ? Map.of() : Map.of("sslrootcert", rootCertificate.toString());
    }

    private static void grant(DatabaseSettings settings, String serviceRole) {
        Credentials credentials = Credentials.of(settings.migrationUri());
        Properties properties = new Properties();
        properties.putAll(certificate(settings));
        properties.put("user", credentials.user());
        properties.put("password", credentials.password());
        // The schema's name has been checked: letters, digits and underscores.
        String grant = "SELECT %s.grant_service_role(?::name)".formatted(settings.schema());
        try (Connection connection = DriverManager.getConnection(jdbcUrl(settings), properties);
                PreparedStatement statement = connection.prepareStatement(grant)) {
            statement.setString(1, serviceRole);
            boolean ignored = statement.execute();
        } catch (SQLException refused) {
            throw new IllegalStateException(
                    "The role \"%s\" could not be given what serving needs: %s"
                            .formatted(serviceRole, refused.getMessage()),
                    refused);
        }
    }
}
