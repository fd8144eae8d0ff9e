package io.checkoutgateway.settings;

/**
 * Where probes and metrics are served, apart from the API so that a cluster can keep them private.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes any free one
 */
public record ManagementSettings(String host, int port) {}
