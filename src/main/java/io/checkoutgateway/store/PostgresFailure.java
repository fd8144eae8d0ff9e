package io.checkoutgateway.store;

import io.checkoutgateway.failure.Causes;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.DatabaseSettings;
import io.vertx.pgclient.PgException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** What the operator is told when a start or a command fails at Postgres: which one was asked, and what came of it. */
public final class PostgresFailure {
    /** SQLSTATE 42P01 and 3F000, undefined_table and invalid_schema_name. (PostgreSQL, appendix A.) */
    private static final Set<String> NOT_MIGRATED = Set.of("42P01", "3F000");

    static final String TO_MIGRATE = "`gateway migrate` makes what is missing, or DATABASE_MIGRATE=true at start";

    private PostgresFailure() {}

    /** A sentence about the failure, never with the password; empty where Postgres was not the reason. */
    public static Optional<IllegalStateException> of(DatabaseSettings settings, Throwable failure) {
        if (failure instanceof PgException refused) {
            String remedy = NOT_MIGRATED.contains(String.valueOf(refused.getSqlState())) ? "; " + TO_MIGRATE : "";
            return Optional.of(told(settings, Causes.told(failure) + remedy, failure));
        }
        boolean away = failure instanceof GatewayException refusal && refusal.reason() == Reason.DATABASE_UNAVAILABLE;
        return away
                ? Optional.of(
                        told(settings, Causes.told(failure.getCause() == null ? failure : failure.getCause()), failure))
                : Optional.empty();
    }

    private static IllegalStateException told(DatabaseSettings settings, String what, Throwable failure) {
        URI uri = settings.uri();
        int port = uri.getPort() < 0 ? Postgres.DEFAULT_PORT : uri.getPort();
        return new IllegalStateException(
                "Postgres at %s:%d%s (DATABASE_URL): %s".formatted(uri.getHost(), port, uri.getPath(), what), failure);
    }
}
