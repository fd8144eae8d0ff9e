package io.checkoutgateway.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a credential allows. Each operation of the contract names the one scope that it needs. */
public enum Scope {
    CUSTOMERS_READ("customers", 1),
    CUSTOMERS_WRITE("customers", 2),
    SESSIONS_READ("sessions", 1),
    SESSIONS_WRITE("sessions", 2),
    APPS_READ("apps", 1),
    APPS_WRITE("apps", 2),
    WEBHOOKS_READ("webhooks", 1),
    WEBHOOKS_WRITE("webhooks", 2),
    EVENTS_READ("events", 1),
    EVENTS_REPLAY("events", 2),
    /** Everything, that of all other scopes included. */
    ADMIN("", 3);

    private static final Map<String, Scope> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Scope::word, Function.identity()));

    private final String area;
    private final int rank;

    Scope(String area, int rank) {
        this.area = area;
        this.rank = rank;
    }

    /** The contract's word, such as {@code sessions:read}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ':');
    }

    /** The scope of this word; empty when there is none. */
    public static Optional<Scope> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** Whether who holds this scope may do what the other allows: who may change a thing may read it. */
    public boolean allows(Scope needed) {
        return this == ADMIN || (area.equals(needed.area) && rank >= needed.rank);
    }
}
