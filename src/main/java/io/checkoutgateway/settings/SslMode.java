package io.checkoutgateway.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How much of TLS a connection to Postgres asks for, in libpq's words and from the least to the most. (PostgreSQL, "SSL
 * Support", "Protection Provided in Different Modes".)
 */
public enum SslMode {
    /** Never. */
    DISABLE,
    /** Only where the server will not have it otherwise. */
    ALLOW,
    /** Where the server has it; what libpq does unasked. */
    PREFER,
    /** Always, with whoever answers. */
    REQUIRE,
    /** Always, with a server whose certificate a known authority signed. */
    VERIFY_CA,
    /** The same, and the certificate has to be for the host of the URL. */
    VERIFY_FULL;

    /** The mode of that name, as libpq writes it: in lower case. */
    static Optional<SslMode> of(String name) {
        return Arrays.stream(values()).filter(mode -> mode.text().equals(name)).findFirst();
    }

    /** As it is written in a URL. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether nothing is ever said in clear. */
    boolean encrypts() {
        return compareTo(REQUIRE) >= 0;
    }

    /** Whether the server's certificate is checked. */
    public boolean verifies() {
        return compareTo(VERIFY_CA) >= 0;
    }
}
