package io.checkoutgateway.bench;

import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * The npm package {@code @supabase/stripe-sync-engine} behind a minimal server, with a database of its own on a given
 * Postgres. For each completed session it asks Stripe for the line items; a stub answers at once that there are none.
 */
final class SyncEngine implements AutoCloseable {
    static final List<String> NEEDS = List.of("node", "npm");

    private static final Path SOURCES = Path.of("src", "bench", "node");
    private static final Path DIRECTORY = Path.of("target", "bench", "node");
    private static final String DATABASE = "sync_engine";
    private static final String NO_LINE_ITEMS =
            """
            {"object": "list", "data": [], "has_more": false, "url": "/v1/checkout/sessions/line_items"}""";

    private final Vertx vertx = Vertx.vertx();
    private final Sql sql;
    private final Process node;
    private final int port;

    private SyncEngine(EmbeddedDatabase server) throws IOException {
        sql = new Sql(server.jdbcUrl(server.createDatabase(DATABASE)));
        node = launch(server, Stage.await(stub(vertx)).actualPort());
        BufferedReader output =
                new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null) {
            throw new IllegalStateException("stripe-sync-engine did not start; see " + log());
        }
        port = Integer.parseInt(line);
    }

    /** Installs the packages, makes the tables and waits until it listens. */
    static SyncEngine start(EmbeddedDatabase server) {
        try {
            install();
            return new SyncEngine(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install() throws IOException {
        Files.createDirectories(DIRECTORY);
        for (String file : List.of("package.json", "sync-engine.cjs")) {
            Files.copy(SOURCES.resolve(file), DIRECTORY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        String ignored = Programs.output(
                new ProcessBuilder("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")
                        .directory(DIRECTORY.toFile()));
    }

    private static Future<HttpServer> stub(Vertx vertx) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .end(NO_LINE_ITEMS)
                        .onFailure(failure -> request.connection().close()))
                .listen(0, "127.0.0.1");
    }

    private static Process launch(EmbeddedDatabase server, int stubPort) throws IOException {
        ProcessBuilder program = new ProcessBuilder("node", "sync-engine.cjs")
                .directory(DIRECTORY.toFile())
                .redirectError(log().toFile());
        program.environment().put("DATABASE_URL", url(server));
        program.environment().put("POOL_SIZE", Integer.toString(Stage.POOL_SIZE));
        program.environment().put("STRIPE_WEBHOOK_SECRET", Stage.SIGNING_SECRET);
        program.environment().put("STUB_PORT", Integer.toString(stubPort));
        return program.start();
    }

    private static Path log() {
        return DIRECTORY.resolve("sync-engine.log");
    }

    private static String url(EmbeddedDatabase server) {
        return "postgres://%s:%s@%s:%d/%s?sslmode=disable&search_path=stripe"
                .formatted(server.user(), server.password(), server.host(), server.port(), DATABASE);
    }

    int port() {
        return port;
    }

    /** How many sessions it has stored. */
    long sessions() {
        return sql.number("SELECT count(*) FROM stripe.checkout_sessions");
    }

    /** Removes what it has stored. */
    void empty() {
        sql.run("TRUNCATE stripe.checkout_sessions CASCADE");
    }

    /** What its process has taken of the processors so far. */
    long cpuNanos() {
        return node.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    @Override
    public void close() {
        node.destroy();
        Stage.await(vertx.close());
    }
}
