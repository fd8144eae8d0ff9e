package io.checkoutgateway.sandbox.world;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Everything that exists at the sandbox. Touched from its event loop only. */
public final class World {
    private final SandboxClock clock;
    private final Ids ids;
    private final Map<String, Account> accounts = new LinkedHashMap<>();

    public World(SandboxClock clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    public SandboxClock clock() {
        return clock;
    }

    public Ids ids() {
        return ids;
    }

    /** The account of that id, made when it is met for the first time. */
    public Account account(String id) {
        return accounts.computeIfAbsent(id, unknown -> new Account(unknown, false));
    }

    /** A connected account of that id, made when it is met for the first time. */
    public Account connected(String id) {
        return accounts.computeIfAbsent(id, unknown -> new Account(unknown, true));
    }

    public Collection<Account> accounts() {
        return accounts.values();
    }

    /** Who has the object of that id, for pages and controls that come without a key. */
    public Optional<Account> ownerOf(Kind kind, String id) {
        return accounts.values().stream()
                .filter(account -> account.all(kind).find(id).isPresent())
                .findFirst();
    }

    /** An immutable picture of what exists now. */
    public Ledger ledger() {
        return Ledger.of(accounts.values());
    }

    /** Forgets everything. */
    public void clear() {
        accounts.clear();
    }

    /** The members every object starts with. */
    public JsonObject object(String id, String object) {
        return new JsonObject().put("id", id).put("object", object);
    }
}
