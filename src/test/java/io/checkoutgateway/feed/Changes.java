package io.checkoutgateway.feed;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Writes changes of sessions the way the gateway does, in transactions that the test begins and ends. */
final class Changes implements AutoCloseable {
    private static final String WRITE =
            """
            WITH noted AS (
                INSERT INTO checkout_session_transitions (
                    session_id, sequence, from_status, to_status, reason, source, occurred_at)
                VALUES (?, ?, 'open', 'open', 'made up', 'api', now())
                RETURNING session_id, sequence
            )
            INSERT INTO outbox (namespace, session_id, sequence)
            SELECT 'test', session_id, sequence FROM noted
            """;

    private final Connection connection;

    Changes(TestDatabase database) throws SQLException {
        this.connection = database.connect();
        connection.setAutoCommit(false);
    }

    /** Writes a change; it is there for others once it is committed. */
    @CanIgnoreReturnValue
    Changes write(String sessionId, long sequence) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setString(1, sessionId);
            statement.setLong(2, sequence);
            statement.executeUpdate();
        }
        return this;
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
