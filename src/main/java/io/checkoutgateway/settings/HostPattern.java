package io.checkoutgateway.settings;

import java.util.Locale;
import java.util.Optional;

/**
 * A host, or all hosts below one.
 *
 * @param name a full domain name in lower case
 * @param below whether the hosts below the name are meant, and not the name itself
 */
public record HostPattern(String name, boolean below) {
    private static final String ANY = "*.";

    /**
     * Reads {@code shop.example.com} or {@code *.example.com}.
     *
     * @return empty for anything else: a {@code *} in another place, a {@code *} below a single label, an address, a port
     */
    public static Optional<HostPattern> of(String text) {
        boolean below = text.startsWith(ANY);
        String name = (below ? text.substring(ANY.length()) : text).toLowerCase(Locale.ROOT);
        return HostName.isValid(name) ? Optional.of(new HostPattern(name, below)) : Optional.empty();
    }

    /** Whether this host is meant; upper and lower case are the same. */
    public boolean matches(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return below ? lower.endsWith("." + name) && lower.length() > name.length() + 1 : lower.equals(name);
    }

    /** As it is written. */
    @Override
    public String toString() {
        return below ? ANY + name : name;
    }
}
