package io.checkoutgateway.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a backup by {@code pg_dump} does to everybody else: it looks at the database as it was when it began, so that
 * Postgres can take nothing away that was there then or came since.
 */
final class Backup implements AutoCloseable {
    private final Connection connection;

    private Backup(Connection connection) {
        this.connection = connection;
    }

    static Backup begin(String jdbcUrl) {
        try {
            Connection connection = DriverManager.getConnection(jdbcUrl);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try (Statement first = connection.createStatement()) {
                first.execute("SELECT count(*) FROM checkout_gateway.apps");
            }
            return new Backup(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
