package io.checkoutgateway.sandbox;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How an {@link EmbeddedDatabase} treats the disk and its clients.
 *
 * @param port the port to listen on, 0 for any free one
 * @param fsync whether a commit is forced to the disk; a benchmark says yes, a test has no use for it
 * @param synchronousCommit whether a commit waits for its log record to be written
 * @param maxConnections how many clients may be connected at once
 * @param startTimeout how long the server may take until it answers
 * @param closedWithJvm whether it is stopped when the JVM ends, or left to its owner, who has others to stop first
 * @param parameters what else is set in {@code postgresql.conf}, by Postgres' names
 */
public record EmbeddedDatabaseOptions(
        int port,
        boolean fsync,
        boolean synchronousCommit,
        int maxConnections,
        Duration startTimeout,
        boolean closedWithJvm,
        Map<String, String> parameters) {

    /** Enough for two gateways with their pools, a migration and a person with psql. */
    private static final int MAX_CONNECTIONS = 100;

    /** Postgres reserves three connections for the superuser, so fewer than this would leave none. */
    private static final int FEWEST_CONNECTIONS = 10;

    /** A cold two-core machine takes about three seconds; a busy one may take ten times that. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private static final int HIGHEST_PORT = 65_535;

    /** Refuses what Postgres would refuse later, and less clearly. */
    public EmbeddedDatabaseOptions {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port must be between 0 and 65535, was " + port);
        }
        if (maxConnections < FEWEST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "maxConnections must be at least " + FEWEST_CONNECTIONS + ", was " + maxConnections);
        }
        if (startTimeout.isNegative() || startTimeout.isZero()) {
            throw new IllegalArgumentException("startTimeout must be positive, was " + startTimeout);
        }
        parameters = Map.copyOf(parameters);
    }

    /** With Postgres' presets for everything else. */
    public EmbeddedDatabaseOptions(
            int port,
            boolean fsync,
            boolean synchronousCommit,
            int maxConnections,
            Duration startTimeout,
            boolean closedWithJvm) {
        this(port, fsync, synchronousCommit, maxConnections, startTimeout, closedWithJvm, Map.of());
    }

    /** Any free port; commits survive the death of the gateway, though not a power cut. */
    public static EmbeddedDatabaseOptions defaults() {
        return new EmbeddedDatabaseOptions(0, false, true, MAX_CONNECTIONS, START_TIMEOUT, true);
    }

    /** Every commit reaches the disk, as in production: for measurements. */
    public static EmbeddedDatabaseOptions durable() {
        return new EmbeddedDatabaseOptions(0, true, true, MAX_CONNECTIONS, START_TIMEOUT, true);
    }

    /** The same options on a fixed port. */
    public EmbeddedDatabaseOptions withPort(int fixedPort) {
        return new EmbeddedDatabaseOptions(
                fixedPort, fsync, synchronousCommit, maxConnections, startTimeout, closedWithJvm, parameters);
    }

    /** The same, but whoever starts it stops it. */
    public EmbeddedDatabaseOptions closedByOwner() {
        return new EmbeddedDatabaseOptions(
                port, fsync, synchronousCommit, maxConnections, startTimeout, false, parameters);
    }

    /** The same, with one more line in {@code postgresql.conf}. */
    public EmbeddedDatabaseOptions withParameter(String name, String value) {
        Map<String, String> more = new TreeMap<>(parameters);
        more.put(name, value);
        return new EmbeddedDatabaseOptions(
                port, fsync, synchronousCommit, maxConnections, startTimeout, closedWithJvm, more);
    }
}
