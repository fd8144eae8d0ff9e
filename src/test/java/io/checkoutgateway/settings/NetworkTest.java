package io.checkoutgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.8.0.0/16,    10.8.0.0,        true",
        "10.8.0.0/16,    10.8.255.255,    true",
        "10.8.0.0/16,    10.9.0.0,        false",
        "10.8.7.6/16,    10.8.1.1,        true",
        "10.8.0.0/15,    10.9.0.0,        true",
        "192.0.2.7/32,   192.0.2.7,       true",
        "192.0.2.7/32,   192.0.2.6,       false",
        "0.0.0.0/0,      203.0.113.9,     true",
        "0.0.0.0/0,      2001:db8::1,     false",
        "fd00::/8,       fdff::1,         true",
        "fd00::/8,       fe00::1,         false",
        "::/0,           10.0.0.1,        false",
        "127.0.0.0/8,    ::ffff:127.0.0.1, true"
    })
    void contains_address_isToldByTheFirstBits(String network, String address, boolean contained)
            throws UnknownHostException {
        assertThat(Network.of(network).orElseThrow().contains(InetAddress.getByName(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0/8",
                "256.0.0.0/8",
                "fd00::/129",
                "dead.beef/8",
                "localhost/8",
                "10.0.0.0/-1",
                "10.0.0.0/8 ",
                ":/8",
                "fd00:::/8"
            })
    void of_noNetwork_isEmpty(String text) {
        assertThat(Network.of(text)).isEmpty();
    }
}
