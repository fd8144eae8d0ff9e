package io.checkoutgateway.apps;

/**
 * The app that serves a namespace's customers who name no other.
 *
 * @param version names the choice: another app has another
 */
public record DefaultApp(String appId, long version) {}
