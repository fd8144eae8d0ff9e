package io.checkoutgateway.sandbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Postgres server of our own: its files live in a temporary directory, it listens on 127.0.0.1 only and both
 * are gone after {@link #close()}, or when the JVM ends. Anyone on this machine may log in without a password,
 * so it is for the demo and for tests, never for data that matters. Starting it blocks for seconds: never call
 * it on an event loop.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String SUPERUSER = "postgres";

    /** In the directory of the server's own. */
    private static final String DATA = "data";

    /** What Postgres allows without quotes, so that the name means the same in every client. */
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** Any port that is free may be taken by somebody else before Postgres has it; hardly ever thrice. */
    private static final int STARTS_MAX = 3;

    /** What {@code pg_ctl stop} waits by itself. (PostgreSQL, reference pages, pg_ctl.) */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    /** How often to look whether it has stopped; most servers have when they are first looked at. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    private final EmbeddedPostgres server;
    private final Path directory;
    private final Thread closer;

    private EmbeddedDatabase(EmbeddedPostgres server, Path directory) {
        this.server = server;
        this.directory = directory;
        this.closer = new Thread(this::stop, "embedded-database-closer");
    }

    /** Starts a server with {@link EmbeddedDatabaseOptions#defaults()}. */
    public static EmbeddedDatabase start() {
        return start(EmbeddedDatabaseOptions.defaults());
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @throws UncheckedIOException when it does not, with the port it was to listen on
     */
    public static EmbeddedDatabase start(EmbeddedDatabaseOptions options) {
        for (int tries = 1; ; tries++) {
            try {
                return startOnce(options);
            } catch (IOException | IllegalStateException failure) {
                if (options.port() != 0 || tries == STARTS_MAX) {
                    throw new UncheckedIOException(
                            "the embedded database did not start on " + where(options), asOfTheMachine(failure));
                }
            }
        }
    }

    private static EmbeddedDatabase startOnce(EmbeddedDatabaseOptions options) throws IOException {
        Path directory = Files.createTempDirectory("checkout-gateway-postgres-");
        EmbeddedDatabase database = new EmbeddedDatabase(launch(options, directory), directory);
        if (options.closedWithJvm()) {
            Runtime.getRuntime().addShutdownHook(database.closer);
        }
        return database;
    }

    /** The library tells of directories that cannot be made, and of an initdb that fails, by the other kind. */
    private static IOException asOfTheMachine(Exception failure) {
        return failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
    }

    private static EmbeddedPostgres launch(EmbeddedDatabaseOptions options, Path directory) throws IOException {
        try {
            return configure(EmbeddedPostgres.builder(), options)
                    .setDataDirectory(directory.resolve(DATA))
                    .start();
        } catch (IOException | RuntimeException failure) {
            deleteTree(directory);
            throw failure;
        }
    }

    private static EmbeddedPostgres.Builder configure(
            EmbeddedPostgres.Builder builder, EmbeddedDatabaseOptions options) {
        options.parameters().forEach(builder::setServerConfig);
        return builder.setPort(options.port())
                // Theirs does not wait for the end of the server; close() removes the directory around it.
                .setCleanDataDirectory(false)
                // Ours is taken away again by close(); theirs would keep every closed server in memory.
                .setRegisterShutdownHook(false)
                .setPGStartupWait(options.startTimeout())
                .setServerConfig("listen_addresses", HOST)
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("timezone", "UTC")
                .setServerConfig("fsync", onOff(options.fsync()))
                .setServerConfig("full_page_writes", onOff(options.fsync()))
                .setServerConfig("synchronous_commit", onOff(options.synchronousCommit()))
                .setServerConfig("max_connections", Integer.toString(options.maxConnections()));
    }

    /** Where JDBC finds {@link #database()}, user included. */
    public String jdbcUrl() {
        return jdbcUrl(database());
    }

    /** Where JDBC finds the database of that name, user included. */
    public String jdbcUrl(String name) {
        return "jdbc:postgresql://" + HOST + ":" + port() + "/" + name + "?user=" + SUPERUSER;
    }

    /** Always 127.0.0.1. */
    public String host() {
        return HOST;
    }

    public int port() {
        return server.getPort();
    }

    /** The superuser: a demo may migrate, a test may inspect. */
    public String user() {
        return SUPERUSER;
    }

    /** Anything will do; this is for clients that insist on one. */
    public String password() {
        return SUPERUSER;
    }

    /** The database that exists from the start. */
    public String database() {
        return "postgres";
    }

    /**
     * Adds an empty database, so that tests can share a server and nothing else.
     *
     * @param name lower-case letters, digits and underscores, at most 63
     * @return the same name
     * @throws IllegalArgumentException when it is no such name
     * @throws IllegalStateException when Postgres refuses, for instance because it exists
     */
    public String createDatabase(String name) {
        return create("DATABASE", name, "");
    }

    /**
     * Adds a role that may log in, owns nothing and has been granted nothing.
     *
     * @param name lower-case letters, digits and underscores, at most 63
     * @return the same name
     * @throws IllegalArgumentException when it is no such name
     * @throws IllegalStateException when Postgres refuses, for instance because it exists
     */
    public String createRole(String name) {
        return create("ROLE", name, " LOGIN");
    }

    private String create(String what, String name, String options) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a name is at most 63 lower-case letters, digits and underscores, was " + name);
        }
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE " + what + " " + name + options);
            return name;
        } catch (SQLException refusal) {
            throw new IllegalStateException("could not create " + name, refusal);
        }
    }

    /** Stops the server and removes its files; a second call does nothing. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(closer);
        } catch (IllegalStateException shuttingDown) {
            // The JVM is ending and runs the hook itself.
            return;
        }
    }

    private void stop() {
        try {
            server.close();
            awaitEnd();
            deleteTree(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException("could not clear away " + directory, failure);
        }
    }

    /** It may take longer than its owner waits, and writes until it ends into what is deleted next. */
    private void awaitEnd() throws IOException {
        long begun = System.nanoTime();
        while (isRunning()) {
            if (System.nanoTime() - begun > STOP_TIMEOUT.toNanos()) {
                throw new IOException("Postgres still runs " + STOP_TIMEOUT + " after it was told to stop");
            }
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
    }

    /** As {@code pg_ctl} finds out: the server removes the file that names its process when nothing else is left to do. */
    private boolean isRunning() throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve(DATA).resolve("postmaster.pid"))) {
            return lines.findFirst()
                    .map(Long::valueOf)
                    .flatMap(ProcessHandle::of)
                    .filter(ProcessHandle::isAlive)
                    .isPresent();
        } catch (NoSuchFileException ended) {
            return false;
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.notExists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.sorted((left, right) -> right.compareTo(left)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String onOff(boolean value) {
        return value ? "on" : "off";
    }

    private static String where(EmbeddedDatabaseOptions options) {
        return HOST + ":" + (options.port() == 0 ? "<any free port>" : options.port());
    }
}
