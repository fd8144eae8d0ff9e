package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate that is its own authority, made with the JDK's {@code keytool}: trusted by whoever is told to. */
public final class TestCertificate {
    private static final String ALIAS = "host";
    private static final String PASSWORD = "changeit";
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path store;
    private final Path certificate;
    private final Path key;

    private TestCertificate(Path directory) {
        this.store = directory.resolve("host.p12");
        this.certificate = directory.resolve("host.crt");
        this.key = directory.resolve("host.key");
    }

    /**
     * Makes one.
     *
     * @param name whose it is: {@code dns:db.example} or {@code ip:127.0.0.1}
     * @param directory where its files are put; two certificates need two
     */
    public static TestCertificate of(String name, Path directory) {
        TestCertificate made = new TestCertificate(directory);
        try {
            made.generate(name);
            made.writePem();
            return made;
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException("keytool made no certificate", e);
        }
    }

    private void generate(String name) throws IOException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        int exit = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    private void writePem() throws IOException, GeneralSecurityException {
        KeyStore entries = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(store)) {
            entries.load(stored, PASSWORD.toCharArray());
        }
        write(certificate, "CERTIFICATE", entries.getCertificate(ALIAS).getEncoded());
        write(key, "PRIVATE KEY", entries.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
        // Postgres refuses a key that others may read.
        Path ignored = Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private static void write(Path file, String kind, byte[] content) {
        String text = "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(kind, new String(PEM.encode(content), StandardCharsets.US_ASCII), kind);
        try {
            Path ignored = Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The certificate, and so its authority, as PEM. */
    public Path certificate() {
        return certificate;
    }

    /** Its private key as PEM. */
    public Path key() {
        return key;
    }

    /** Both, for Vert.x' servers and clients. */
    public PfxOptions store() {
        return new PfxOptions().setPath(store.toString()).setPassword(PASSWORD);
    }
}
