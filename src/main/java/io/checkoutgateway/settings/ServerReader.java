package io.checkoutgateway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what the process itself stands on: its two servers, its database and the keys of its secrets. */
final class ServerReader {
    /** 32 bytes in base64: 43 digits, the last of which carries four bits, and the padding. */
    private static final Pattern SECRETS_KEY = Pattern.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=");

    private static final String ROOT_CERTIFICATE = "DATABASE_SSL_ROOT_CERT";

    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private final Values values;

    ServerReader(Values values) {
        this.values = values;
    }

    HttpSettings http() {
        return new HttpSettings(
                values.text("GATEWAY_HTTP_HOST", "0.0.0.0", "The address that the API listens on."),
                values.number("GATEWAY_HTTP_PORT", 8080, 0, 65_535, "The API's port; 0 takes any free one."),
                values.number(
                        "GATEWAY_EVENT_LOOPS",
                        Math.max(1, Runtime.getRuntime().availableProcessors()),
                        1,
                        64,
                        "How many event loops serve the API; the preset is the number of processors."),
                values.number(
                        "GATEWAY_CONNECTIONS_MAX",
                        4_000,
                        10,
                        1_000_000,
                        "Connections to the API that one process serves, streams included; one more is closed at once. Each may hold 80 KB."),
                values.number(
                        "GATEWAY_BODY_MAX_BYTES",
                        65_536,
                        1_024,
                        1_048_576,
                        "The largest request body. The largest legal create is about 40 KB. 1024 to 1048576."),
                values.number(
                        "GATEWAY_WEBHOOK_BODY_MAX_BYTES",
                        1_048_576,
                        65_536,
                        8_388_608,
                        "The largest webhook body. Stripe's events are 3 to 100 KB; more is refused with 413. 65536 to 8388608."),
                values.duration(
                        "GATEWAY_BODY_TIMEOUT",
                        "PT10S",
                        "PT1S",
                        "PT2M",
                        "How long a request may take to arrive whole; a slower one is answered 408."),
                values.duration(
                        "GATEWAY_IDLE_TIMEOUT",
                        "PT75S",
                        "PT5S",
                        "PT1H",
                        "After how long a silent connection is closed; longer than the 60 s of common load balancers."),
                values.duration(
                        "GATEWAY_SHUTDOWN_GRACE",
                        "PT25S",
                        "PT0S",
                        "PT5M",
                        "How long requests under way may take to finish when the process is asked to stop."));
    }

    ManagementSettings management() {
        return new ManagementSettings(
                values.text("GATEWAY_MANAGEMENT_HOST", "0.0.0.0", "The address that probes and metrics listen on."),
                values.number(
                        "GATEWAY_MANAGEMENT_PORT",
                        8081,
                        0,
                        65_535,
                        "The port of probes and metrics; 0 takes any free one."));
    }

    DatabaseSettings database() {
        String url = values.required(
                "DATABASE_URL",
                true,
                "Postgres: postgresql://user:password@host:5432/database, with sslmode as libpq knows it: "
                        + "?sslmode=verify-full; prefer without one.",
                DatabaseUrl::mistake);
        Secret migrationUrl = migrationUrl();
        return new DatabaseSettings(
                Secret.of(url),
                migrationUrl,
                rootCertificate(url, migrationUrl),
                values.matching(
                        "DATABASE_SCHEMA",
                        "checkout_gateway",
                        SCHEMA,
                        "a lower-case name of up to 63 characters",
                        "The schema of the gateway's tables; made when it is missing."),
                values.number(
                        "DATABASE_POOL_SIZE",
                        16,
                        1,
                        200,
                        "Connections of one process; replicas × this stays below Postgres' max_connections. 1 to 200."),
                values.number(
                        "DATABASE_POOL_QUEUE",
                        512,
                        0,
                        100_000,
                        "Operations that may wait for a connection; one more is answered 503."),
                values.duration(
                        "DATABASE_CONNECT_TIMEOUT",
                        "PT5S",
                        "PT0.1S",
                        "PT1M",
                        "How long opening a connection, or waiting for a free one, may take."),
                values.duration(
                        "DATABASE_STATEMENT_TIMEOUT",
                        "PT10S",
                        "PT0.1S",
                        "PT5M",
                        "After how long Postgres gives up on a statement."),
                values.flag(
                        "DATABASE_MIGRATE",
                        true,
                        "Whether migrations run at start; false where a job of its own does it; an older schema is then "
                                + "refused."));
    }

    private @Nullable Secret migrationUrl() {
        String name = "DATABASE_MIGRATION_URL";
        values.describe(
                name,
                null,
                false,
                true,
                "The same database by the role that owns the tables, for migrations; DATABASE_URL's role then gets what "
                        + "serving needs and no more.");
        Optional<String> value = values.value(name);
        value.map(DatabaseUrl::mistake).ifPresent(mistake -> values.refuse(name + " " + mistake));
        return value.map(Secret::of).orElse(null);
    }

    private @Nullable Path rootCertificate(String url, @Nullable Secret migrationUrl) {
        values.describe(
                ROOT_CERTIFICATE,
                null,
                false,
                false,
                "A PEM file of the authorities that may have signed Postgres' certificate; verify-ca and verify-full need "
                        + "it, and require checks against it.");
        Optional<Path> file = values.value(ROOT_CERTIFICATE).map(Path::of);
        file.map(RootCertificate::mistake).ifPresent(mistake -> values.refuse(ROOT_CERTIFICATE + " " + mistake));
        compare("DATABASE_URL", url, file.isPresent());
        if (migrationUrl != null) {
            compare("DATABASE_MIGRATION_URL", migrationUrl.reveal(), file.isPresent());
        }
        return file.orElse(null);
    }

    /** A check needs something to check against; and who gives that must not believe that it is used when it is not. */
    private void compare(String variable, String url, boolean given) {
        if (url.isEmpty() || DatabaseUrl.mistake(url) != null) {
            return;
        }
        SslMode mode = DatabaseUrl.sslMode(URI.create(url));
        if (mode.verifies() && !given) {
            values.refuse("%s is required where %s says sslmode=%s".formatted(ROOT_CERTIFICATE, variable, mode.text()));
        }
        if (!mode.encrypts() && given) {
            values.refuse(
                    "%s is of no use where %s says sslmode=%s, or says none: say require, verify-ca or verify-full"
                            .formatted(ROOT_CERTIFICATE, variable, mode.text()));
        }
    }

    SecretsSettings secretKeys() {
        String name = "GATEWAY_SECRETS_KEY";
        values.describe(
                name,
                null,
                false,
                true,
                "What secrets in the database are sealed under, as `gateway secrets generate-key` prints it; serve needs "
                        + "it. Several separated by commas while one replaces the other: the first seals, all open.");
        List<String> keys = values.listed(name);
        if (!keys.stream().allMatch(key -> SECRETS_KEY.matcher(key).matches())) {
            values.refuse(name + " must be 32 random bytes in base64, or several such, separated by commas");
        }
        return new SecretsSettings(keys.stream().map(Secret::of).toList());
    }
}
