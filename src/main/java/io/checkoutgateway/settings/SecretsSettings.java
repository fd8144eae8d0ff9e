package io.checkoutgateway.settings;

import java.util.List;

/**
 * What secrets in the database are sealed under.
 *
 * @param keys each 32 random bytes in base64; the first seals, the others only open. Empty for commands that need none:
 *     what serves refuses to start without one
 */
public record SecretsSettings(List<Secret> keys) {
    public SecretsSettings {
        keys = List.copyOf(keys);
    }
}
