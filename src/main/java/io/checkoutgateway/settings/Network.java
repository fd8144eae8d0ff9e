package io.checkoutgateway.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Neighbouring addresses, written as CIDR does: {@code 10.8.0.0/16}, {@code fd00::/8}. */
public final class Network {
    /** Nothing that a name service would be asked for. */
    private static final Pattern CIDR =
            Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*)/(\\d{1,3})");

    private final byte[] first;
    private final int bits;

    private Network(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /** Reads one; empty when the text is none. */
    public static Optional<Network> of(String text) {
        Matcher matcher = CIDR.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            byte[] first = InetAddress.getByName(matcher.group(1)).getAddress();
            int bits = Integer.parseInt(matcher.group(2));
            return bits <= first.length * Byte.SIZE ? Optional.of(new Network(first, bits)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Whether the address is one of them; an IPv4 address is never in an IPv6 network, nor the other way round. */
    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != first.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((other[bit / Byte.SIZE] ^ first[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
