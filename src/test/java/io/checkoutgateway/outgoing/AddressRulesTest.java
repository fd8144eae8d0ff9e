package io.checkoutgateway.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.Network;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private final AddressRules rules = new AddressRules(List.of());

    /** Literals only, so that no name service is asked; Java reads them as a URL's host is read. */
    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // This host, this network, in all the ways of writing it.
                "0.0.0.0",
                "0.1.2.3",
                "127.0.0.1",
                "127.255.255.254",
                "127.1",
                "2130706433",
                "::",
                "::1",
                "0:0:0:0:0:0:0:1",
                "::ffff:127.0.0.1",
                "::ffff:7f00:1",
                "::127.0.0.1",
                // Private, shared, link-local.
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "192.168.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.0.1",
                "::ffff:10.0.0.1",
                "::ffff:192.168.1.1",
                "fe80::1",
                "fe80::1%1",
                "febf::1",
                "fc00::1",
                "fd12:3456:789a::1",
                "fec0::1",
                // Clouds' metadata and other services that any machine inside reaches.
                "169.254.169.254",
                "::ffff:169.254.169.254",
                "2852039166",
                "fd00:ec2::254",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                // Multicast, broadcast, reserved, documentation, benchmarks, relays.
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "192.0.2.1",
                "198.51.100.1",
                "203.0.113.1",
                "198.18.0.1",
                "198.19.255.255",
                "192.88.99.1",
                "ff02::1",
                "ff0e::1",
                "2001:db8::1",
                "3fff::1",
                "100::1",
                "5f00::1",
                "4000::1",
                // IPv4 in disguise.
                "2002:7f00:1::1",
                "2002:a9fe:a9fe::1",
                "2001:0:a00:1::1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::a00:1"
            })
    void allow_addressThatIsNotForTheWorld_isRefused(String literal) {
        assertThat(rules.allow(address(literal))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "168.63.129.15",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "8.8.8.8",
                "::ffff:8.8.8.8",
                "2606:4700:4700::1111",
                "2a00:1450:4001::200e",
                "2001:200::1",
                "64:ff9b::808:808"
            })
    void allow_publicAddress_isAllowed(String literal) {
        assertThat(rules.allow(address(literal))).isTrue();
    }

    @Test
    void allow_networkOfTheOperators_isAllowedAndNothingBesideIt() {
        AddressRules more = new AddressRules(Stream.of("10.8.0.0/16")
                .map(text -> Network.of(text).orElseThrow())
                .toList());

        assertThat(more.allow(address("10.8.3.4"))).isTrue();
        assertThat(more.allow(address("10.9.3.4"))).isFalse();
        assertThat(more.allow(address("169.254.169.254"))).isFalse();
        assertThat(more.allowUnencrypted(address("10.8.3.4"))).isFalse();
    }

    @Test
    void allowUnencrypted_onlyToThisMachineAndOnlyWhenAllowed() {
        AddressRules loopback =
                new AddressRules(List.of(Network.of("127.0.0.0/8").orElseThrow()));

        assertThat(rules.allowUnencrypted(address("127.0.0.1"))).isFalse();
        assertThat(rules.allowUnencrypted(address("8.8.8.8"))).isFalse();
        assertThat(loopback.allowUnencrypted(address("127.0.0.1"))).isTrue();
        assertThat(loopback.allowUnencrypted(address("8.8.8.8"))).isFalse();
    }
}
