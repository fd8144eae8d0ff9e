package io.checkoutgateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EmbeddedDatabaseTest {

    @Test
    void start_withOptions_servesLoopbackWithThoseSettings() throws SQLException {
        EmbeddedDatabaseOptions options = new EmbeddedDatabaseOptions(0, true, false, 20, Patience.LIMIT, true);

        try (EmbeddedDatabase database = EmbeddedDatabase.start(options)) {
            String url = database.jdbcUrl();
            assertThat(setting(url, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(setting(url, "unix_socket_directories")).isEmpty();
            assertThat(setting(url, "fsync")).isEqualTo("on");
            assertThat(setting(url, "synchronous_commit")).isEqualTo("off");
            assertThat(setting(url, "max_connections")).isEqualTo("20");
        }
    }

    @Test
    void createDatabase_twoNames_areSeparateAndGoneAfterClose() throws SQLException {
        EmbeddedDatabase database = EmbeddedDatabase.start();
        Path files = Path.of(setting(database.jdbcUrl(), "data_directory"));

        String url = database.jdbcUrl(database.createDatabase("first_tenant"));
        assertThat(setting(url, "server_encoding")).isEqualTo("UTF8");
        assertThatThrownBy(() -> database.createDatabase("first_tenant"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("first_tenant");
        assertThatThrownBy(() -> database.createDatabase("x; drop database postgres"))
                .isInstanceOf(IllegalArgumentException.class);

        database.close();
        database.close();
        assertThat(files.getParent())
                .satisfies(parent -> assertThat(Files.exists(parent)).isFalse());
        assertThatThrownBy(() -> setting(url, "server_encoding")).isInstanceOf(SQLException.class);
    }

    @Test
    void createRole_logsInAndOwnsNothing() throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.start()) {
            String url = database.jdbcUrl().replace("user=" + database.user(), "user=" + database.createRole("guest"));

            assertThat(setting(url, "is_superuser")).isEqualTo("off");
            assertThatThrownBy(() -> database.createRole("guest")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void options_outOfRange_areRefusedWithTheValue() {
        assertThatThrownBy(() -> EmbeddedDatabaseOptions.defaults().withPort(70_000))
                .hasMessageContaining("70000");
        assertThatThrownBy(() -> new EmbeddedDatabaseOptions(0, true, true, 3, Duration.ofSeconds(1), true))
                .hasMessageContaining("maxConnections");
        assertThatThrownBy(() -> new EmbeddedDatabaseOptions(0, true, true, 20, Duration.ZERO, true))
                .hasMessageContaining("startTimeout");
    }

    private static String setting(String url, String name) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var answer = connection.createStatement().executeQuery("SHOW " + name)) {
            answer.next();
            return answer.getString(1);
        }
    }
}
