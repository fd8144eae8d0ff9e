package io.checkoutgateway.outgoing;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** Finds out where a host's name leads. */
public interface AddressLookup {
    /** The host's addresses, at least one; fails with {@link java.net.UnknownHostException} when it has none. */
    Future<List<InetAddress>> addressesOf(String host);
}
