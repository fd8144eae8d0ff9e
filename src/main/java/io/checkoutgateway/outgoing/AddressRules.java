package io.checkoutgateway.outgoing;

import io.checkoutgateway.settings.Network;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses messages may be sent to: the public ones, and those the operator adds. Whoever registers an endpoint
 * chooses where the gateway connects to; without this they could reach what only the gateway's network can. (OWASP,
 * "Server-Side Request Forgery Prevention"; the ranges are those of IANA's special-purpose address registries.)
 */
final class AddressRules {
    private static final List<Network> NOT_PUBLIC_V4 = networks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carrier-grade NAT; metadata at Alibaba
            "127.0.0.0/8", // loopback
            "168.63.129.16/32", // a public address that is Azure's own in every virtual network
            "169.254.0.0/16", // link-local; metadata at most clouds
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments; metadata at Oracle
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    /** Global unicast: whatever lies outside, from ::1 to fd00:ec2::254, is not for the world. */
    private static final Network GLOBAL_V6 = network("2000::/3");

    private static final List<Network> NOT_PUBLIC_V6 = networks(
            "2001::/23", // protocol assignments, Teredo
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4: an IPv4 address in disguise
            "3fff::/20"); // documentation

    /** NAT64 (RFC 6052): the last four bytes are the IPv4 address that is reached. */
    private static final Network TRANSLATED = network("64:ff9b::/96");

    private final List<Network> allowed;

    /** @param allowed networks beyond the public ones */
    AddressRules(List<Network> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** Whether messages may be sent to this address. */
    boolean allow(InetAddress address) {
        return allowed.stream().anyMatch(network -> network.contains(address)) || isPublic(address);
    }

    /** Whether they may be sent to it in clear text: only when they do not leave the machine. */
    boolean allowUnencrypted(InetAddress address) {
        return address.isLoopbackAddress() && allow(address);
    }

    private static boolean isPublic(InetAddress address) {
        if (address instanceof Inet4Address) {
            return NOT_PUBLIC_V4.stream().noneMatch(network -> network.contains(address));
        }
        if (TRANSLATED.contains(address)) {
            return isPublic(translated((Inet6Address) address));
        }
        return GLOBAL_V6.contains(address) && NOT_PUBLIC_V6.stream().noneMatch(network -> network.contains(address));
    }

    private static InetAddress translated(Inet6Address address) {
        byte[] bytes = address.getAddress();
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(AddressRules::network).toList();
    }

    private static Network network(String text) {
        return Network.of(text).orElseThrow(() -> new IllegalStateException(text + " is no network"));
    }
}
