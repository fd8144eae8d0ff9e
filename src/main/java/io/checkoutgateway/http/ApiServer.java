package io.checkoutgateway.http;

import io.checkoutgateway.access.Callers;
import io.checkoutgateway.limits.RateLimits;
import io.checkoutgateway.settings.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The API's port: one server for each event loop, all on the same port. */
public final class ApiServer {
    /** A request line holds a filter of every field; more is noise. */
    private static final int REQUEST_LINE_BYTES_MAX = 16_384;

    private static final int HEADERS_BYTES_MAX = 16_384;

    /** One free port for all servers; with 0 each would look for its own. (Vert.x, "Random port sharing".) */
    private static final int ANY_FREE_PORT = -1;

    private final List<HttpServer> servers = new ArrayList<>();
    private final HttpSettings settings;
    private final ConnectionLimit connections;

    private ApiServer(HttpSettings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.connections = new ConnectionLimit(settings.connectionsMax(), metrics);
    }

    /**
     * Starts listening.
     *
     * @return fails with host and port in the message when it cannot, and when an operation of the contract has no
     *     implementation
     */
    public static Future<ApiServer> start(
            Vertx vertx,
            HttpSettings settings,
            Callers callers,
            RateLimits limits,
            List<Operation> operations,
            MeterRegistry metrics) {
        ApiServer server = new ApiServer(settings, metrics);
        return Contract.load(vertx)
                .compose(contract -> server.listen(vertx, contract, callers, limits, operations, metrics))
                .map(server);
    }

    /** The first server binds the port, which the others then share. */
    private Future<?> listen(
            Vertx vertx,
            Contract contract,
            Callers callers,
            RateLimits limits,
            List<Operation> operations,
            MeterRegistry metrics) {
        return deploy(vertx, contract, callers, limits, operations, metrics).compose(first -> {
            List<Future<?>> others = new ArrayList<>();
            for (int loop = 1; loop < settings.eventLoops(); loop++) {
                others.add(deploy(vertx, contract, callers, limits, operations, metrics));
            }
            return Future.join(others);
        });
    }

    private Future<String> deploy(
            Vertx vertx,
            Contract contract,
            Callers callers,
            RateLimits limits,
            List<Operation> operations,
            MeterRegistry metrics) {
        int port = settings.port() == 0 ? ANY_FREE_PORT : settings.port();
        return vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                HttpServerOptions options = options();
                Handler<HttpServerRequest> router =
                        new ApiRouter(vertx, contract, settings, callers, limits, operations, metrics).build();
                HttpServer server = vertx.createHttpServer(options)
                        .connectionHandler(connection -> admit(connection, options))
                        .invalidRequestHandler(MalformedRequests::refuse)
                        .requestHandler(router);
                return server.listen(port, settings.host())
                        .onSuccess(listening -> add(server))
                        .recover(failure -> Future.failedFuture(new IllegalStateException(
                                "The API cannot listen on %s:%d (GATEWAY_HTTP_HOST, GATEWAY_HTTP_PORT): %s"
                                        .formatted(settings.host(), settings.port(), failure.getMessage()),
                                failure)));
            }
        });
    }

    private void admit(HttpConnection connection, HttpServerOptions options) {
        Framing.guard(connection, options);
        connections.admit(connection);
    }

    private synchronized void add(HttpServer server) {
        servers.add(server);
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADERS_BYTES_MAX)
                .setIdleTimeout((int) settings.idleTimeout().toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                // An upgrade in clear text was seen to answer in HTTP/1.1 what the client read as HTTP/2.
                .setHttp2ClearTextEnabled(false)
                // Bodies are limited; inflating one would undo that. Answers are small, and what compresses them would
                // look at each; an ingress does it for the page of documentation.
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                // No WebSocket is spoken here; what would agree on how to compress one would see every message.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }

    /** Where it listens. */
    public synchronized int port() {
        return servers.get(0).actualPort();
    }

    /** Stops taking requests, lets those under way finish for a while, then ends. */
    public synchronized Future<?> shutdown() {
        return Future.join(servers.stream()
                .map(server -> server.shutdown(settings.shutdownGrace().toMillis(), TimeUnit.MILLISECONDS))
                .toList());
    }
}
