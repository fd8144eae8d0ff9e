package io.checkoutgateway.outgoing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.resolver.NameResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Asks the name servers that the system names, after its hosts file and with its search domains, and remembers what they
 * answer for as long as they say. Nothing waits in a thread: the JDK's own resolver keeps one for each question until
 * the name server has answered or the resolver has given up, which takes minutes, so that a few silent name servers
 * would hold up the questions about every other host.
 */
public final class SystemAddressLookup implements AddressLookup {
    // Vert.x shows no other door to its resolver; the one behind it also finds Postgres.
    private final NameResolver resolver;

    public SystemAddressLookup(Vertx vertx) {
        this.resolver = ((VertxInternal) vertx).nameResolver();
    }

    @Override
    public Future<List<InetAddress>> addressesOf(String host) {
        Promise<List<InetSocketAddress>> found = Promise.promise();
        resolver.resolveAll(host, found::handle);
        return found.future()
                .map(addresses ->
                        addresses.stream().map(InetSocketAddress::getAddress).toList());
    }
}
