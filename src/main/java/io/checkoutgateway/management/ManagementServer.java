package io.checkoutgateway.management;

import io.checkoutgateway.settings.ManagementSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/**
 * Probes and metrics. Alive means that the event loops turn, nothing more: a database that is away is no reason to
 * kill a process. Ready means that requests would succeed now.
 */
public final class ManagementServer {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final Supplier<Future<Void>> check;
    private final PrometheusMeterRegistry metrics;
    private volatile boolean started;
    private volatile boolean draining;

    private ManagementServer(HttpServer server, Supplier<Future<Void>> check, PrometheusMeterRegistry metrics) {
        this.server = server;
        this.check = check;
        this.metrics = metrics;
    }

    /**
     * Starts listening, before anything else does, so that a start can be watched.
     *
     * @param check whether requests would succeed now
     * @return fails with host and port in the message when it cannot listen
     */
    public static Future<ManagementServer> start(
            Vertx vertx, ManagementSettings settings, Supplier<Future<Void>> check, PrometheusMeterRegistry metrics) {
        HttpServer http = vertx.createHttpServer();
        ManagementServer server = new ManagementServer(http, check, metrics);
        return http.requestHandler(server::answer)
                .listen(settings.port(), settings.host())
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "Management cannot listen on %s:%d (GATEWAY_MANAGEMENT_HOST, GATEWAY_MANAGEMENT_PORT): %s"
                                .formatted(settings.host(), settings.port(), failure.getMessage()),
                        failure)))
                .map(server);
    }

    public int port() {
        return server.actualPort();
    }

    /** From now on the process counts as started. */
    public void started() {
        started = true;
    }

    /** From now on the process counts as not ready, so that no new requests are sent to it. */
    public void draining() {
        draining = true;
    }

    public Future<Void> close() {
        return server.close();
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/livez" -> probe(request, true, "alive");
            case "/startupz" -> probe(request, started, started ? "started" : "starting");
            case "/readyz" -> ready(request);
            case "/metrics" ->
                request.response().putHeader("Content-Type", PROMETHEUS).end(metrics.scrape());
            default -> request.response().setStatusCode(404).end();
        }
    }

    private void ready(HttpServerRequest request) {
        if (!started || draining) {
            probe(request, false, draining ? "draining" : "starting");
            return;
        }
        check.get()
                .onSuccess(fine -> probe(request, true, "ready"))
                .onFailure(failure -> probe(request, false, "the database cannot be used"));
    }

    private static void probe(HttpServerRequest request, boolean passed, String status) {
        request.response()
                .setStatusCode(passed ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("status", status).encode());
    }
}
