package io.checkoutgateway.sandbox.resources;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/** Ends sessions: when their time has come, or because the API says so. */
public final class Expirations {
    /** "If a recovery URL is generated, it will be active for 30 days." */
    private static final long RECOVERY_SECONDS = 30L * 24 * 60 * 60;

    private final World world;
    private final EventLog events;
    private final SetupIntents setupIntents;
    private final boolean cancelIntents;
    private final Supplier<URI> base;
    private final PriorityQueue<Watched> watched = new PriorityQueue<>(Comparator.comparingLong(Watched::expiresAt));

    /**
     * Watches nothing yet.
     *
     * @param cancelIntents whether the setup intent of an expired session is canceled; Stripe's guides do not say
     */
    public Expirations(
            World world, EventLog events, SetupIntents setupIntents, boolean cancelIntents, Supplier<URI> base) {
        this.world = world;
        this.events = events;
        this.setupIntents = setupIntents;
        this.cancelIntents = cancelIntents;
        this.base = base;
    }

    /** Expires every open session whose time has come; returns how many. */
    @CanIgnoreReturnValue
    public int runOnce() {
        long now = world.clock().seconds();
        int expired = 0;
        while (!watched.isEmpty() && watched.peek().expiresAt <= now) {
            Watched next = watched.remove();
            if ("open".equals(next.session.getString("status"))) {
                expire(next.account, Origin.NONE, next.session);
                expired++;
            }
        }
        return expired;
    }

    /** Forgets all sessions. */
    public void clear() {
        watched.clear();
    }

    void watch(Account account, JsonObject session) {
        watched.add(new Watched(account, session, session.getLong("expires_at")));
    }

    void expire(Account account, Origin origin, JsonObject session) {
        session.put("status", "expired").put("url", null);
        JsonObject recovery = Requests.object(Requests.object(session, "after_expiration"), "recovery");
        if (recovery.getBoolean("enabled", false)) {
            recovery.put("url", base.get() + "/r/" + session.getString("id"))
                    .put("expires_at", world.clock().seconds() + RECOVERY_SECONDS);
            session.put("after_expiration", new JsonObject().put("recovery", recovery));
        }
        String intent = session.getString("setup_intent");
        if (cancelIntents && intent != null) {
            account.all(Kind.SETUP_INTENT).find(intent).ifPresent(found -> setupIntents.cancel(account, origin, found));
        }
        events.add(account, origin, "checkout.session.expired", session);
    }

    private record Watched(Account account, JsonObject session, long expiresAt) {}
}
