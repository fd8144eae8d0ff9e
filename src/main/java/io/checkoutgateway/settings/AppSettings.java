package io.checkoutgateway.settings;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How apps are installed.
 *
 * @param publicUrl where Stripe reaches the API; {@code null}: no app can be installed
 * @param registerWebhooks whether installing registers a webhook endpoint at Stripe; else deliveries are signed with
 *     the secrets of the settings
 * @param sandboxApiBase the stand-in of Stripe that sandbox apps work against; {@code null}: there are none
 * @param workInterval how often is looked for installs and removals that nobody finished
 */
public record AppSettings(
        @Nullable URI publicUrl, boolean registerWebhooks, @Nullable URI sandboxApiBase, Duration workInterval) {}
