package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Credentials;
import io.checkoutgateway.sandbox.world.World;

/** What somebody does in a connected account's dashboard: connect it to the platform, and disconnect it again. */
public final class Connections {
    private final World world;
    private final EventLog events;
    private final Credentials credentials;

    public Connections(World world, EventLog events, Credentials credentials) {
        this.world = world;
        this.events = events;
        this.credentials = credentials;
    }

    /** Any key may speak for the account from now on. */
    public void connect(String account) {
        credentials.connect(account);
    }

    /**
     * No key may speak for the account any more; endpoints for connected accounts are told. ("Types of events",
     * {@code account.application.deauthorized}: the only one of an account that is connected no more.)
     *
     * @return false when it was not connected
     */
    public boolean deauthorize(String account) {
        boolean was = credentials.disconnect(account);
        if (was) {
            events.add(
                    world.connected(account),
                    Origin.NONE,
                    "account.application.deauthorized",
                    world.object("ca_Sandbox", "application").put("name", "Sandbox platform"));
        }
        return was;
    }
}
