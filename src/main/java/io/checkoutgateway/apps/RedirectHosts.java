package io.checkoutgateway.apps;

import io.checkoutgateway.settings.HostPattern;
import java.util.List;

/**
 * The hosts that an app's customers may be sent to when they leave Stripe's page. An empty list allows every public
 * host, as Stripe does.
 */
public record RedirectHosts(List<HostPattern> patterns) {
    /** What an app begins with. */
    public static final RedirectHosts ANY_PUBLIC = new RedirectHosts(List.of());

    public RedirectHosts {
        patterns = List.copyOf(patterns);
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether the list names this host; an empty list names none. */
    public boolean allow(String host) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(host));
    }

    /** The list as its owner reads it. */
    public List<String> words() {
        return patterns.stream().map(HostPattern::toString).toList();
    }
}
