package io.checkoutgateway.sandbox;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.sandbox.control.ControlApi;
import io.checkoutgateway.sandbox.control.Controls;
import io.checkoutgateway.sandbox.events.Deliveries;
import io.checkoutgateway.sandbox.events.Endpoints;
import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.faults.Faults;
import io.checkoutgateway.sandbox.http.Credentials;
import io.checkoutgateway.sandbox.http.Expansion;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.http.StripeHttp;
import io.checkoutgateway.sandbox.pages.CheckoutPages;
import io.checkoutgateway.sandbox.resources.Accounts;
import io.checkoutgateway.sandbox.resources.CheckoutSessions;
import io.checkoutgateway.sandbox.resources.Completion;
import io.checkoutgateway.sandbox.resources.Connections;
import io.checkoutgateway.sandbox.resources.Customers;
import io.checkoutgateway.sandbox.resources.Events;
import io.checkoutgateway.sandbox.resources.Expirations;
import io.checkoutgateway.sandbox.resources.LineItems;
import io.checkoutgateway.sandbox.resources.PaymentMethods;
import io.checkoutgateway.sandbox.resources.PortalConfigurations;
import io.checkoutgateway.sandbox.resources.PortalSessions;
import io.checkoutgateway.sandbox.resources.Purchases;
import io.checkoutgateway.sandbox.resources.SetupIntents;
import io.checkoutgateway.sandbox.resources.WebhookEndpoints;
import io.checkoutgateway.sandbox.world.EventLoop;
import io.checkoutgateway.sandbox.world.Ids;
import io.checkoutgateway.sandbox.world.SandboxClock;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the sandbox together on one event loop and listens. */
final class SandboxServer extends VerticleBase {
    /** More than a hundred times the largest sensible request. */
    private static final int MAX_BODY = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SandboxServer.class);

    private final SandboxOptions options;
    private @Nullable Parts parts;
    private @Nullable HttpServer server;

    SandboxServer(SandboxOptions options) {
        this.options = options;
    }

    @Override
    public Future<?> start() {
        Parts assembled = new Parts();
        parts = assembled;
        if (!options.tick().isZero()) {
            vertx.setPeriodic(options.tick().toMillis(), tick -> runOnce());
        }
        // Keep-alive stays on: a client that opens a connection per request measures the operating system.
        HttpServerOptions listening =
                new HttpServerOptions().setHost(options.host()).setPort(options.port());
        return vertx.createHttpServer(listening)
                .requestHandler(request -> receive(request, assembled))
                .listen()
                .onSuccess(listener -> server = listener)
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "The Stripe sandbox cannot listen on %s:%d: %s"
                                .formatted(options.host(), options.port(), failure.getMessage()),
                        failure)));
    }

    @Override
    public Future<?> stop() {
        parts().deliveries.close();
        return Future.succeededFuture();
    }

    @CanIgnoreReturnValue // The timer has nobody to tell.
    Future<Void> runOnce() {
        parts().loop.run(parts()::endWhatIsDue);
        return parts().deliveries.runOnce().mapEmpty();
    }

    int port() {
        return Objects.requireNonNull(server).actualPort();
    }

    URI base() {
        return options.publicBase().orElseGet(() -> URI.create("http://" + options.host() + ":" + port()));
    }

    String addEndpoint(URI url, List<String> enabledEvents, Optional<String> secret) {
        return parts().loop.call(() -> parts().webhookEndpoints.listen(url, enabledEvents, secret));
    }

    void reset() {
        parts().reset();
    }

    EventLoop loop() {
        return parts().loop;
    }

    SandboxClock clock() {
        return parts().clock;
    }

    Faults faults() {
        return parts().faults;
    }

    World world() {
        return parts().world;
    }

    Deliveries deliveries() {
        return parts().deliveries;
    }

    Endpoints endpoints() {
        return parts().endpoints;
    }

    Credentials credentials() {
        return parts().credentials;
    }

    Connections connections() {
        return parts().connections;
    }

    private Parts parts() {
        return Objects.requireNonNull(parts, "the sandbox has not started");
    }

    /** Every {@code new} of the sandbox. */
    final class Parts {
        private final EventLoop loop = new EventLoop(context);
        private final SandboxClock clock = new SandboxClock(loop);
        private final World world = new World(clock, new Ids(options.seed()));
        private final Faults faults = new Faults(loop);
        private final Endpoints endpoints = new Endpoints(world.ids());
        private final Deliveries deliveries =
                new Deliveries(vertx, loop, world, endpoints, options.delivery(), options.seed());
        private final EventLog events = new EventLog(world, deliveries, StripeHttp.DEFAULT_VERSION);
        private final Credentials credentials =
                new Credentials(world, options.apiKeys(), options.accounts(), options.connectedAccounts());

        private final Connections connections = new Connections(world, events, credentials);
        private final SetupIntents setupIntents = new SetupIntents(world, events);
        private final Expirations expirations =
                new Expirations(world, events, setupIntents, options.cancelSetupIntents(), SandboxServer.this::base);
        private final LineItems lineItems = new LineItems(world);
        private final CheckoutSessions sessions =
                new CheckoutSessions(world, setupIntents, lineItems, expirations, SandboxServer.this::base);
        private final Customers customers = new Customers(world, events);
        private final PaymentMethods methods = new PaymentMethods(world, events);
        private final Purchases purchases = new Purchases(world, events, lineItems);
        private final WebhookEndpoints webhookEndpoints = new WebhookEndpoints(world, endpoints);
        private final Completion completion =
                new Completion(events, customers, setupIntents, methods, purchases, SandboxServer.this::base);

        private final StripeHttp api = new StripeHttp(
                vertx,
                world,
                credentials,
                faults,
                new Expansion(lineItems::list),
                routes(),
                options.latency(),
                this::endWhatIsDue);
        private final CheckoutPages pages = new CheckoutPages(
                vertx, world, sessions, lineItems, completion, deliveries, options.redirectWait(), this::endWhatIsDue);
        private final ControlApi control = new ControlApi(
                new Controls(
                                world,
                                faults,
                                deliveries,
                                endpoints,
                                webhookEndpoints,
                                completion,
                                purchases,
                                expirations,
                                credentials,
                                connections,
                                SandboxServer.this::base,
                                this::reset)
                        .commands(),
                options.remoteControl());

        private Parts() {
            clock.onMove(this::endWhatIsDue);
            clock.onMove(deliveries::start);
        }

        private void endWhatIsDue() {
            expirations.runOnce();
            purchases.runOnce();
        }

        private List<Route> routes() {
            List<Route> routes = new ArrayList<>(sessions.routes());
            routes.addAll(customers.routes());
            routes.addAll(setupIntents.routes());
            routes.addAll(methods.routes());
            routes.addAll(purchases.routes());
            routes.addAll(webhookEndpoints.routes());
            PortalConfigurations portals = new PortalConfigurations(world);
            routes.addAll(portals.routes());
            routes.addAll(new PortalSessions(world, portals, SandboxServer.this::base).routes());
            routes.addAll(new Events(world, deliveries).routes());
            routes.addAll(new Accounts(world).routes());
            return routes;
        }

        private void reset() {
            faults.clear();
            deliveries.clear();
            endpoints.clear();
            expirations.clear();
            purchases.clear();
            api.clear();
            world.clear();
            credentials.resetConnections();
            clock.reset();
        }
    }

    /** Collects the body of a request and shows it to the right door. */
    private static void receive(HttpServerRequest request, Parts parts) {
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() <= MAX_BODY) {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> {
            if (body.length() > MAX_BODY) {
                request.response()
                        .setStatusCode(413)
                        .putHeader("Content-Type", "application/json")
                        .end(
                                "{\"error\":{\"message\":\"Request body too large.\",\"type\":\"invalid_request_error\"}}");
            } else {
                show(request, body, parts);
            }
        });
    }

    @SuppressWarnings("CatchingUnchecked") // Without an answer the caller would wait for ever.
    private static void show(HttpServerRequest request, Buffer body, Parts parts) {
        try {
            if (parts.pages.owns(request.path())) {
                parts.pages.handle(request, body);
            } else if (parts.control.owns(request.path())) {
                parts.control.handle(request, body);
            } else {
                parts.api.handle(request, body);
            }
        } catch (RuntimeException bug) {
            LOG.error("sandbox request failed path={}", request.path(), bug);
            if (!request.response().ended()) {
                request.response().setStatusCode(500).end("The sandbox failed; see its log.");
            }
        }
    }
}
