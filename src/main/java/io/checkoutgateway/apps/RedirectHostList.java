package io.checkoutgateway.apps;

/**
 * An app's list as a resource.
 *
 * @param fixed whether the operator has set it in the settings, so that callers cannot change it
 * @param version counts the changes; 0 when it was never changed
 */
public record RedirectHostList(String appId, RedirectHosts hosts, boolean fixed, long version) {}
