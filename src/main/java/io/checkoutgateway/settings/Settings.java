package io.checkoutgateway.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may be configured. A value of this type has been checked: the gateway can start with it.
 *
 * @param oidc {@code null} when only API keys are taken
 */
public record Settings(
        HttpSettings http,
        ManagementSettings management,
        DatabaseSettings database,
        SecretsSettings secrets,
        StripeSettings stripe,
        CheckoutSettings checkout,
        AppSettings apps,
        EventSettings events,
        MirrorSettings mirror,
        FeedSettings feed,
        OutgoingSettings outgoing,
        @Nullable OidcSettings oidc,
        RateSettings rates,
        LogSettings log) {

    /**
     * Reads the process's environment, system properties (which win) and the file named by
     * {@code GATEWAY_CONFIG_FILE} (which loses).
     *
     * @throws SettingsException with every mistake that there is
     */
    public static Settings fromEnvironment() {
        return new SettingsReader(Sources.ofProcess()).read();
    }

    /**
     * Reads the given values only.
     *
     * @throws SettingsException with every mistake that there is
     */
    public static Settings of(Map<String, String> values) {
        return new SettingsReader(Sources.of(values)).read();
    }

    /** What may be set, in the order of the README's table. */
    public static List<Setting> catalogue() {
        SettingsReader reader = new SettingsReader(Sources.of(Map.of()));
        return reader.catalogue();
    }
}
