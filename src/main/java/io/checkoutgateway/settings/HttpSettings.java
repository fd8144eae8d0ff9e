package io.checkoutgateway.settings;

import java.time.Duration;

/**
 * How callers reach the gateway.
 *
 * @param host the address that the API listens on
 * @param port the API's port; 0 takes any free one
 * @param eventLoops how many event loops serve the API
 * @param connectionsMax how many connections may be open at once
 * @param bodyMaxBytes the largest request body of the API
 * @param webhookBodyMaxBytes the largest webhook body
 * @param bodyTimeout how long a request body may take to arrive
 * @param idleTimeout after how long a silent connection is closed
 * @param shutdownGrace how long requests in flight may take to finish when the process is asked to stop
 */
public record HttpSettings(
        String host,
        int port,
        int eventLoops,
        int connectionsMax,
        int bodyMaxBytes,
        int webhookBodyMaxBytes,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration shutdownGrace) {}
