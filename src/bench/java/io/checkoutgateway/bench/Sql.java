package io.checkoutgateway.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Statements to a database, each on a connection of its own. */
record Sql(String jdbcUrl) {

    /** The first column of a query's rows, as text. */
    List<String> rows(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of a query's only row, as text. */
    String value(String sql) {
        return rows(sql).get(0);
    }

    long number(String sql) {
        return Long.parseLong(value(sql));
    }

    /** Runs statements one after the other, each a transaction of its own, in one session. */
    void run(String... statements) {
        run(List.of(statements));
    }

    /** Like {@link #run(String...)}. */
    void run(List<String> statements) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
