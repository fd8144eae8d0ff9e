package io.checkoutgateway.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.checkoutgateway.settings.Network;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names of a name server of the test's own. */
class SystemAddressLookupTest {
    /**
     * A resolver that keeps a thread for each would be held up: Vert.x has 20 of them for what waits. All the questions
     * fit in the name server's socket, which loses none then.
     */
    private static final int MANY = 50;

    private final Vertx far = Vertx.vertx();
    private final NameServer server = new NameServer(
            far,
            Map.of(
                    "works.example", List.of(new byte[] {1, 2, 3, 4}, new byte[] {10, 0, 0, 1}),
                    "nobody.example", List.of()));
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setAddressResolverOptions(new AddressResolverOptions()
                    .addServer(server.address())
                    .setSearchDomains(List.of())
                    .setQueryTimeout(Patience.LIMIT.toMillis())));
    private final AddressLookup lookup = new SystemAddressLookup(vertx);

    @AfterEach
    void close() {
        server.close();
        TestGateway.await(Future.join(vertx.close(), far.close()));
    }

    @Test
    void addressesOf_host_areAllThatTheNameServerKnows() {
        assertThat(TestGateway.await(lookup.addressesOf("works.example")))
                .extracting(InetAddress::getHostAddress)
                .containsExactlyInAnyOrder("1.2.3.4", "10.0.0.1");
    }

    @Test
    void addressesOf_address_isItself() {
        assertThat(TestGateway.await(lookup.addressesOf("127.0.0.1")))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.1");
        assertThat(TestGateway.await(lookup.addressesOf("::1")))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("0:0:0:0:0:0:0:1");
    }

    @Test
    void addressesOf_hostWithoutAny_isUnknown() {
        assertThatThrownBy(() -> TestGateway.await(lookup.addressesOf("nobody.example")))
                .hasStackTraceContaining("UnknownHostException");
    }

    /** One of the addresses is private, and none is connected to. */
    @Test
    void check_nameServerTellsOfAPrivateAddressToo_isRefused() {
        Destinations destinations = new Destinations(lookup, List.<Network>of());

        assertThatThrownBy(() -> TestGateway.await(destinations.find(EndpointUrl.of("https://works.example/"), 1)))
                .hasStackTraceContaining("must lead to public addresses only");
    }

    /** Their name server answers nothing. No time says whether the one waited for the others, but they still wait. */
    @Test
    void addressesOf_whileManyOthersAreNotAnswered_doesNotWaitForThem() {
        List<Future<List<InetAddress>>> silent = IntStream.range(0, MANY)
                .mapToObj(number -> lookup.addressesOf("silent-" + number + ".example"))
                .toList();
        Awaitility.await().until(() -> server.asked().size() == MANY);

        assertThat(TestGateway.await(lookup.addressesOf("works.example"))).hasSize(2);
        assertThat(silent).noneMatch(Future::isComplete);
    }
}
