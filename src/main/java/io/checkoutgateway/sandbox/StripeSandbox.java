package io.checkoutgateway.sandbox;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.sandbox.events.Deliveries;
import io.checkoutgateway.sandbox.faults.Faults;
import io.checkoutgateway.sandbox.world.Ledger;
import io.checkoutgateway.sandbox.world.SandboxClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    /** From now on this key is refused as expired. */
    public void expireKey(String key) {
        server.loop().run(() -> server.credentials().expire(key));
    }

    /**
     * From now on this key may do only what is listed.
     *
     * @param permissions such as {@code checkout_session_write} or {@code customer_read}
     */
    public void restrictKey(String key, Set<String> permissions) {
        server.loop().run(() -> server.credentials().restrict(key, permissions));
    }

    /** From now on any key may speak for this account with the {@code Stripe-Account} header. */
    public void connect(String account) {
        server.loop().run(() -> server.connections().connect(account));
    }

    /** The account disconnects the platform: keys are refused for it, and endpoints for connected accounts hear of it. */
    @CanIgnoreReturnValue
    public boolean deauthorize(String account) {
        return server.loop().call(() -> server.connections().deauthorize(account));
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

    /**
     * Gives a webhook endpoint a second secret; both sign until {@link #retireOldSecret}.
     *
     * @param endpointId {@code we_…}
     * @throws IllegalArgumentException when there is no such endpoint
     */
    public String rollSecret(String endpointId) {
        return server.loop()
                .call(() -> server.endpoints().roll(endpointId))
                .orElseThrow(() -> new IllegalArgumentException("no webhook endpoint " + endpointId));
    }

    /** From now on only the newest secret of a webhook endpoint signs. */
    public void retireOldSecret(String endpointId) {
        server.loop().run(() -> server.endpoints().retireOldSecret(endpointId));
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

    /** Stops; held requests are never answered. A second call does nothing. */
    public Future<Void> close() {
        return vertx.deploymentIDs().contains(deployment) ? vertx.undeploy(deployment) : Future.succeededFuture();
    }
}
