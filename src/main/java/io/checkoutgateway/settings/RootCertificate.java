package io.checkoutgateway.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;

/** The file of the authorities that may have signed Postgres' certificate. */
final class RootCertificate {
    /** Java would also read the binary form, the client of requests would not. (RFC 7468, section 5.) */
    private static final String PEM = "-----BEGIN CERTIFICATE-----";

    private RootCertificate() {}

    /** What is wrong with it, to be read behind the variable's name; {@code null} when nothing is. */
    static @Nullable String mistake(Path file) {
        try {
            return holdsCertificates(file) ? null : "names %s, which holds no certificate in PEM".formatted(file);
        } catch (IOException e) {
            return "names %s, which cannot be read".formatted(file);
        }
    }

    private static boolean holdsCertificates(Path file) throws IOException {
        // Latin 1, since what stands between the certificates may be in any encoding.
        if (!Files.readString(file, StandardCharsets.ISO_8859_1).contains(PEM)) {
            return false;
        }
        try (InputStream content = Files.newInputStream(file)) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(content)
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }
}
