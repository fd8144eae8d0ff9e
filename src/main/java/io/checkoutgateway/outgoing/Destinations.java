package io.checkoutgateway.outgoing;

import io.checkoutgateway.settings.Network;
import io.vertx.core.Future;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds where an endpoint lies and whether messages may go there. A connection is made to the very address that was
 * checked: a name that leads elsewhere when it is asked for again leads nowhere.
 */
public final class Destinations {
    /** A caller waits for the check; name servers that take longer would not serve for deliveries either. */
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(5);

    private final AddressLookup lookup;
    private final AddressRules rules;

    /** @param allowed networks beyond the public ones */
    public Destinations(AddressLookup lookup, List<Network> allowed) {
        this.lookup = lookup;
        this.rules = new AddressRules(allowed);
    }

    /**
     * Refuses a URL that leads where no message may be sent.
     *
     * @return fails with {@link io.checkoutgateway.failure.Reason#INVALID_REQUEST}, which does not tell the address: what
     *     names lead to within the operator's network is nobody else's business
     */
    public Future<Void> check(EndpointUrl url) {
        return find(url, 1)
                .timeout(CHECK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(explained(failure)))
                .mapEmpty();
    }

    private static Throwable explained(Throwable failure) {
        if (failure instanceof RefusedAddressException refused) {
            return EndpointUrl.invalid(refused.rule(), refused.reason());
        }
        return failure instanceof UnknownHostException || failure instanceof TimeoutException
                ? EndpointUrl.invalid("host", "must name a host that can be found")
                : failure;
    }

    /**
     * The request, bound to one of the host's addresses, another one with each attempt.
     *
     * @param attempt 1 for the first
     * @return fails with {@link RefusedAddressException} or {@link UnknownHostException}
     */
    Future<RequestOptions> find(EndpointUrl url, int attempt) {
        return lookup.addressesOf(url.host()).map(addresses -> {
            addresses.forEach(address -> check(url, address));
            InetAddress chosen = addresses.get((attempt - 1) % addresses.size());
            return url.post().setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(chosen, url.port())));
        });
    }

    private void check(EndpointUrl url, InetAddress address) {
        if (!url.encrypted() && !rules.allowUnencrypted(address)) {
            throw new RefusedAddressException("scheme", "must be https");
        }
        if (!rules.allow(address)) {
            throw new RefusedAddressException("address", "must lead to public addresses only");
        }
    }

    /** The URL leads where no message may be sent. */
    static final class RefusedAddressException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String rule;
        private final String reason;

        RefusedAddressException(String rule, String reason) {
            super(reason);
            this.rule = rule;
            this.reason = reason;
        }

        String rule() {
            return rule;
        }

        String reason() {
            return reason;
        }
    }
}
