package io.checkoutgateway.store;

import io.checkoutgateway.settings.DatabaseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schema up to date, and lets the role that serves use it. Flyway speaks JDBC and blocks, so it runs on a worker
 * thread, once, at start.
 */
public final class Migrations {
    /**
     * SQLSTATE 55P03, lock_not_available, and 40P01, deadlock_detected: nothing was done, and later it may be.
     * (PostgreSQL, appendix A.)
     */
    private static final Set<String> IN_USE = Set.of("55P03", "40P01");

    private Migrations() {}

    /**
     * How long a migration may wait for a table that is in use. While it waits, everybody else who wants the table waits
     * behind it, also those who only read.
     *
     * @param atOnce how long in one try
     * @param pause between two tries, for those who waited behind it
     * @param tries how often
     */
    record LockWait(Duration atOnce, Duration pause, int tries) {
        /** Half of the preset of {@code DATABASE_STATEMENT_TIMEOUT}: who waits behind it is late, and not given up. */
        static final LockWait PRESET = new LockWait(Duration.ofSeconds(5), Duration.ofSeconds(2), 5);
    }

    /**
     * Runs the migrations that are missing; replicas that start together wait for each other. Where they run by a role of
     * their own, the role of {@code DATABASE_URL} gets what serving needs.
     *
     * @return how many ran in the last try; fails with an {@link IllegalStateException} for the operator, the migration that failed undone
     */
    public static Future<Integer> run(Vertx vertx, DatabaseSettings settings) {
        String owner = Credentials.of(settings.migrationUri()).user();
        String service = Credentials.of(settings.uri()).user();
        return run(vertx, settings, owner.equals(service) ? Optional.empty() : Optional.of(service));
    }

    /** Like {@link #run(Vertx, DatabaseSettings)}; then this role gets what serving needs. */
    public static Future<Integer> run(Vertx vertx, DatabaseSettings settings, Optional<String> serviceRole) {
        return run(vertx, settings, serviceRole, LockWait.PRESET);
    }

    static Future<Integer> run(
            Vertx vertx, DatabaseSettings settings, Optional<String> serviceRole, LockWait lockWait) {
        Jdbc jdbc = Jdbc.ofMigrations(settings);
        return migrate(vertx, jdbc, lockWait, lockWait.tries())
                .compose(count -> vertx.executeBlocking(
                        () -> {
                            serviceRole.ifPresent(role -> grant(jdbc, role));
                            return count;
                        },
                        false));
    }

    private static Future<Integer> migrate(Vertx vertx, Jdbc jdbc, LockWait lockWait, int tries) {
        return vertx.executeBlocking(() -> migrate(jdbc, lockWait.atOnce()), false)
                .recover(failure -> {
                    if (tries > 1 && isInUse(failure)) {
                        return vertx.timer(lockWait.pause().toMillis(), TimeUnit.MILLISECONDS)
                                .compose(rested -> migrate(vertx, jdbc, lockWait, tries - 1));
                    }
                    return Future.failedFuture(explained(jdbc, failure));
                });
    }

    private static int migrate(Jdbc jdbc, Duration lockTimeout) {
        return jdbc.flyway()
                .initSql("SET lock_timeout = " + lockTimeout.toMillis())
                .validateMigrationNaming(true)
                .load()
                .migrate()
                .migrationsExecuted;
    }

    /**
     * Whether the schema has every migration that this version brings; a newer one is fine, since migrations leave what
     * the version before them needs.
     *
     * @return fails with an {@link IllegalStateException} for the operator when one is missing
     */
    public static Future<Void> check(Vertx vertx, DatabaseSettings settings) {
        Jdbc jdbc = Jdbc.ofService(settings);
        return vertx.<@Nullable Void>executeBlocking(
                        () -> {
                            requireAll(jdbc, jdbc.flyway().load().info());
                            return null;
                        },
                        false)
                .recover(failure -> Future.failedFuture(explained(jdbc, failure)))
                .mapEmpty();
    }

    private static void requireAll(Jdbc jdbc, MigrationInfoService known) {
        MigrationInfo[] missing = known.pending();
        if (missing.length > 0) {
            throw new IllegalStateException("Postgres at %s: %s; %s"
                    .formatted(
                            jdbc.place(),
                            standing(known.current(), missing[missing.length - 1]),
                            PostgresFailure.TO_MIGRATE));
        }
    }

    private static String standing(@Nullable MigrationInfo current, MigrationInfo newest) {
        return current == null
                ? "the schema does not exist"
                : "the schema is at %s, this version needs %s"
                        .formatted(
                                current.getVersion().getMajor(),
                                newest.getVersion().getMajor());
    }

    private static void grant(Jdbc jdbc, String serviceRole) {
        // The schema's name has been checked: letters, digits and underscores.
        String grant = "SELECT %s.grant_service_role(?::name)"
                .formatted(jdbc.settings().schema());
        try (Connection connection = jdbc.connect();
                PreparedStatement statement = connection.prepareStatement(grant)) {
            statement.setString(1, serviceRole);
            boolean ignored = statement.execute();
        } catch (SQLException refused) {
            throw new IllegalStateException(
                    "The role \"%s\" could not be given what serving needs: %s"
                            .formatted(serviceRole, refused.getMessage()),
                    refused);
        }
    }

    private static boolean isInUse(Throwable failure) {
        return refusals(failure)
                .map(SQLException::getSQLState)
                .anyMatch(state -> state != null && IN_USE.contains(state));
    }

    /** What of it an operator can use; as it is where it was made for one. */
    private static Throwable explained(Jdbc jdbc, Throwable failure) {
        if (isInUse(failure)) {
            return new IllegalStateException(
                    "Postgres at %s: a table is in use, by a dump or a long transaction; the migration was undone, repeat it"
                            .formatted(jdbc.place()),
                    failure);
        }
        boolean refused = failure instanceof FlywayException;
        return refused
                ? new IllegalStateException("Postgres at %s: %s".formatted(jdbc.place(), reason(failure)), failure)
                : failure;
    }

    /** Postgres' own words, and those of the network where it was not reached; else Flyway's. */
    private static String reason(Throwable failure) {
        String said = refusals(failure)
                .map(refusal -> String.valueOf(refusal.getMessage()))
                .findFirst()
                .orElse(String.valueOf(failure.getMessage()));
        Throwable root = causes(failure).reduce((outer, inner) -> inner).orElse(failure);
        if (root instanceof ConnectException) {
            return String.valueOf(root.getMessage());
        }
        return root instanceof SQLException || root instanceof FlywayException ? said : said + " (" + root + ")";
    }

    private static Stream<SQLException> refusals(Throwable failure) {
        return causes(failure).filter(SQLException.class::isInstance).map(SQLException.class::cast);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }
}
