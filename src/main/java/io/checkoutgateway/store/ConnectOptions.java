package io.checkoutgateway.store;

import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.settings.SslMode;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import java.net.URI;
import java.nio.file.Path;

/** How the client of requests connects: where, as whom, how well hidden, and with which limits. */
final class ConnectOptions {
    static final String APPLICATION_NAME = "application_name";

    /** The client's word for comparing the host of the URL with the names in the certificate. (RFC 2818, section 3.1.) */
    private static final String BY_NAME = "HTTPS";

    private static final String NOT_BY_NAME = "";

    private ConnectOptions() {}

    static PgConnectOptions of(DatabaseSettings settings) {
        Credentials credentials = Credentials.of(settings.uri());
        // Without user and password, which a URL that it does not understand would take into its message.
        PgConnectOptions options = PgConnectOptions.fromUri("postgresql://" + address(settings.uri()));
        options.setUser(credentials.user())
                .setPassword(credentials.password())
                .setCachePreparedStatements(true)
                .setSslMode(io.vertx.pgclient.SslMode.of(settings.sslMode().text()))
                .setSslOptions(tls(settings));
        String statementTimeout = Long.toString(settings.statementTimeout().toMillis());
        return options.addProperty("search_path", settings.schema())
                .addProperty(APPLICATION_NAME, "checkout-gateway")
                .addProperty("statement_timeout", statementTimeout)
                .addProperty("idle_in_transaction_session_timeout", statementTimeout);
    }

    /** Host, port, database and parameters, as they are written in a URL of either client. */
    static String address(URI uri) {
        int port = uri.getPort() < 0 ? Postgres.DEFAULT_PORT : uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return "%s:%d%s%s".formatted(uri.getHost(), port, uri.getRawPath(), query);
    }

    /** Of no account where the mode is {@code disable}; every other one needs it. */
    private static ClientSSLOptions tls(DatabaseSettings settings) {
        ClientSSLOptions options = new ClientSSLOptions()
                .setHostnameVerificationAlgorithm(settings.sslMode() == SslMode.VERIFY_FULL ? BY_NAME : NOT_BY_NAME);
        Path authorities = settings.rootCertificate();
        if (authorities == null || !settings.sslMode().verifies()) {
            return options.setTrustAll(true);
        }
        return options.setTrustOptions(new PemTrustOptions().addCertPath(authorities.toString()));
    }
}
