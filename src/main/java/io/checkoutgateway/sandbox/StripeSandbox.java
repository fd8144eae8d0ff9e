package io.checkoutgateway.sandbox;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.sandbox.events.Deliveries;
import io.checkoutgateway.sandbox.events.Endpoints;
import io.checkoutgateway.sandbox.faults.Faults;
import io.checkoutgateway.sandbox.http.Credentials;
import io.checkoutgateway.sandbox.world.Ledger;
import io.checkoutgateway.sandbox.world.SandboxClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A Stripe of our own: an HTTP server that keeps everything in memory and answers as Stripe's API does, with a hosted
 * checkout page, signed webhooks, a clock that can be moved, scripted faults and a ledger. All state is touched on one
 * event loop; the methods here may be called from any thread and hand their work over to it. The same can be done
 * over HTTP under {@code /_sandbox}.
 */
public final class StripeSandbox {
    private final Vertx vertx;
    private final SandboxServer server;
    private final String deployment;

    private StripeSandbox(Vertx vertx, SandboxServer server, String deployment) {
        this.vertx = vertx;
        this.server = server;
        this.deployment = deployment;
    }

    /** Starts a sandbox; fails with host and port in the message when it cannot listen there. */
    public static Future<StripeSandbox> start(Vertx vertx, SandboxOptions options) {
        SandboxServer server = new SandboxServer(options);
        return vertx.deployVerticle(server).map(deployment -> new StripeSandbox(vertx, server, deployment));
    }

    /** Where it listens. */
    public int port() {
        return server.port();
    }

    /** What {@code apiBase} of a Stripe client is set to; without a slash at the end. */
    public URI baseUri() {
        return server.base();
    }

    public SandboxClock clock() {
        return server.clock();
    }

    public Faults faults() {
        return server.faults();
    }

    /** What exists at this moment. */
    public Ledger ledger() {
        return server.loop().call(server.world()::ledger);
    }

    public Deliveries deliveries() {
        return server.deliveries();
    }

    /** The keys; on the event loop of the sandbox only, or before it is used. */
    public Credentials credentials() {
        return server.credentials();
    }

    /**
     * Adds an endpoint that hears of every account.
     *
     * @param enabledEvents event types, or {@code *}
     * @return the signing secret, {@code whsec_…}
     */
    @CanIgnoreReturnValue
    public String addWebhookEndpoint(URI url, List<String> enabledEvents) {
        return server.addEndpoint(url, enabledEvents, Optional.empty());
    }

    /** Adds an endpoint that hears of every account and whose signing secret is known already. */
    @CanIgnoreReturnValue
    public String addWebhookEndpoint(URI url, List<String> enabledEvents, String secret) {
        return server.addEndpoint(url, enabledEvents, Optional.of(secret));
    }

    /** The webhook endpoints, for rolling a secret; on the event loop of the sandbox only. */
    public Endpoints endpoints() {
        return server.endpoints();
    }

    /** Expires what is due, then delivers what is due: what the timer does. */
    public Future<Void> runOnce() {
        return server.runOnce();
    }

    /** The page of a session, also of an embedded one, which has no address of its own. */
    public URI pageOf(String sessionId) {
        return URI.create(baseUri() + "/c/pay/" + sessionId);
    }

    /** Forgets everything: objects, keys, faults, endpoints, time. */
    public void reset() {
        server.loop().run(server::reset);
    }

    /** Stops; held requests are never answered. */
    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }
}
