package io.checkoutgateway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway reaches Postgres.
 *
 * @param url {@code postgresql://user:password@host:port/database?sslmode=…}
 * @param migrationUrl the same by the role that owns the tables; {@code null} when that is the one of {@code url}
 * @param rootCertificate a PEM file with the authorities that Postgres' certificate is checked against; there when a
 *     URL's {@code sslmode} checks it
 * @param schema the schema that holds the gateway's tables
 * @param poolSize how many connections a process keeps at most
 * @param poolWaitQueue how many operations may wait for a connection before the next one is refused
 * @param connectTimeout how long a connection may take to open, and an operation may wait for one
 * @param statementTimeout after how long Postgres gives up on a statement
 * @param migrate whether migrations run at start
 */
public record DatabaseSettings(
        Secret url,
        @Nullable Secret migrationUrl,
        @Nullable Path rootCertificate,
        String schema,
        int poolSize,
        int poolWaitQueue,
        Duration connectTimeout,
        Duration statementTimeout,
        boolean migrate) {

    /** The URL's parts; the user information must not be logged. */
    public URI uri() {
        return URI.create(url.reveal());
    }

    /** The parts of the URL that migrations run with; the user information must not be logged. */
    public URI migrationUri() {
        return migrationUrl == null ? uri() : URI.create(migrationUrl.reveal());
    }

    /** How much of TLS connections of {@link #uri()} ask for. */
    public SslMode sslMode() {
        return sslMode(uri());
    }

    /** How much of TLS those of {@link #migrationUri()} ask for. */
    public SslMode migrationSslMode() {
        return sslMode(migrationUri());
    }

    /** {@code require} with a root certificate checks it, as libpq does. (PostgreSQL, "SSL Support", note on table 32.1.) */
    private SslMode sslMode(URI of) {
        SslMode asked = DatabaseUrl.sslMode(of);
        return asked == SslMode.REQUIRE && rootCertificate != null ? SslMode.VERIFY_CA : asked;
    }
}
