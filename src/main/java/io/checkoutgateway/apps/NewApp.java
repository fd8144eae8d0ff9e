package io.checkoutgateway.apps;

import org.jspecify.annotations.Nullable;

/**
 * An app that somebody wants to be installed.
 *
 * @param billingProfile whether customers can be served by it
 * @param key the account's key; {@code null} for a sandbox, which gets one
 */
public record NewApp(AppType type, String name, boolean billingProfile, @Nullable StripeKey key) {}
