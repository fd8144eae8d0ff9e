package io.checkoutgateway.bench;

import io.checkoutgateway.sandbox.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Postgres itself can do: {@code pgbench} stores the row of an event again and again, a transaction each, in a
 * table with the columns, checks and indexes of the gateway's. No HTTP, no signature, no JSON.
 */
final class PgBench {
    static final List<String> NEEDS = List.of("pgbench");

    private static final List<String> TABLE = List.of(
            "CREATE SCHEMA pgbench",
            "CREATE TABLE pgbench.stripe_events (LIKE checkout_gateway.stripe_events INCLUDING ALL)");

    /** Of the transactions' number and the client's, so that no two are the same. */
    private static final String SCRIPT =
            """
            \\set id random(1, 9000000000000000000)
            INSERT INTO pgbench.stripe_events (app_id, event_id, type, api_version, livemode, created, body, object_id)
            VALUES (:app_id, 'evt_bench_' || :id::text, 'checkout.session.completed', '2026-07-29.dahlia', false, now(),
                    decode(:body, 'hex'), 'cs_test_' || :id::text);
            """;

    private static final Pattern PER_SECOND = Pattern.compile("tps = ([\\d.]+)");

    private final EmbeddedDatabase server;
    private final String database;
    private final String appId;
    private final String body;
    private final Sql sql;

    /**
     * @param database the gateway's
     * @param body of every row, as the gateway stores it, in hexadecimal digits
     */
    PgBench(EmbeddedDatabase server, String database, String appId, String body) {
        this.server = server;
        this.database = database;
        this.appId = appId;
        this.body = body;
        this.sql = new Sql(server.jdbcUrl(database));
        sql.run(TABLE);
    }

    /** Inserts for this long; answers how many rows a second were committed. */
    double perSecond(int clients, Duration time) {
        try {
            Path script = Files.createTempFile("checkout-gateway-bench-", ".sql");
            try {
                Files.writeString(script, SCRIPT);
                return perSecond(Programs.output(program(script, clients, time)));
            } finally {
                Files.delete(script);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder program(Path script, int clients, Duration time) {
        return new ProcessBuilder(
                "pgbench",
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + clients,
                "--time=" + time.toSeconds(),
                "--file=" + script,
                "--define=app_id=" + appId,
                "--define=body=" + body,
                "--host=" + server.host(),
                "--port=" + server.port(),
                "--username=" + server.user(),
                database);
    }

    private static double perSecond(String output) {
        Matcher found = PER_SECOND.matcher(output);
        if (!found.find()) {
            throw new IllegalStateException("pgbench told no rate: " + output);
        }
        return Double.parseDouble(found.group(1));
    }

    /** Removes the rows. */
    void empty() {
        sql.run("TRUNCATE pgbench.stripe_events");
    }
}
