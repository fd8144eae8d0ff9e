package io.checkoutgateway.store;

import io.checkoutgateway.settings.DatabaseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** Brings the schema up to date. Flyway speaks JDBC and blocks, so it runs on a worker thread, once, at start. */
public final class Migrations {
    private Migrations() {}

    /**
     * Runs the migrations that are missing; replicas that start together wait for each other.
     *
     * @return how many ran; fails, and leaves the database as it was, when one of them fails
     */
    public static Future<Integer> run(Vertx vertx, DatabaseSettings settings) {
        return vertx.executeBlocking(() -> migrate(settings), false);
    }

    private static int migrate(DatabaseSettings settings) {
        URI uri = settings.uri();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        int port = uri.getPort() < 0 ? Postgres.DEFAULT_PORT : uri.getPort();
        String jdbcUrl = "jdbc:postgresql://%s:%d%s%s".formatted(uri.getHost(), port, uri.getPath(), query);
        Credentials credentials = Credentials.of(uri);
        Path rootCertificate = settings.rootCertificate();
        return Flyway.configure()
                .jdbcProperties(rootCertificate == null ? Map.of() : Map.of("sslrootcert", rootCertificate.toString()))
                .dataSource(jdbcUrl, credentials.user(), credentials.password())
                .schemas(settings.schema())
                .createSchemas(true)
                .locations("classpath:db")
                .validateMigrationNaming(true)
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
