package io.checkoutgateway.store;

import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.SslMode;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * How migrations connect: as {@link ConnectOptions}, in JDBC's words.
 *
 * @param variable the setting that names the database, for people
 */
record Jdbc(String variable, URI uri, SslMode sslMode, DatabaseSettings settings) {
    private static final String SSL_MODE = "sslmode";

    /** As the role that owns the tables. */
    static Jdbc ofMigrations(DatabaseSettings settings) {
        Secret own = settings.migrationUrl();
        return own == null
                ? ofService(settings)
                : new Jdbc("DATABASE_MIGRATION_URL", settings.migrationUri(), settings.migrationSslMode(), settings);
    }

    /** As the role that serves. */
    static Jdbc ofService(DatabaseSettings settings) {
        return new Jdbc("DATABASE_URL", settings.uri(), settings.sslMode(), settings);
    }

    /** The setting and what it names, without a secret: {@code db.internal:5432/checkout (DATABASE_URL)}. */
    String place() {
        return "%s:%d%s (%s)".formatted(uri.getHost(), port(), uri.getPath(), variable);
    }

    Credentials credentials() {
        return Credentials.of(uri);
    }

    /** A Flyway of the gateway's migrations and schema. */
    FluentConfiguration flyway() {
        return Flyway.configure()
                .jdbcProperties(tls())
                .dataSource(url(), credentials().user(), credentials().password())
                .schemas(settings.schema())
                .locations("classpath:db");
    }

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(tls());
        properties.put("user", credentials().user());
        properties.put("password", credentials().password());
        return DriverManager.getConnection(url(), properties);
    }

    private int port() {
        return uri.getPort() < 0 ? Postgres.DEFAULT_PORT : uri.getPort();
    }

    /** Without the mode: a URL's would win over the one that takes the root certificate into account. */
    private String url() {
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        return Arrays.stream(query.split("&"))
                .filter(parameter -> !parameter.isEmpty() && !parameter.startsWith(SSL_MODE + "="))
                .collect(Collectors.joining(
                        "&", "jdbc:postgresql://%s:%d%s?".formatted(uri.getHost(), port(), uri.getRawPath()), ""));
    }

    private Map<String, String> tls() {
        Map<String, String> properties = new TreeMap<>(Map.of(SSL_MODE, sslMode.text()));
        Path rootCertificate = settings.rootCertificate();
        if (rootCertificate != null) {
            properties.put("sslrootcert", rootCertificate.toString());
        }
        return properties;
    }
}
