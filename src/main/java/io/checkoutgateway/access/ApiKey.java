package io.checkoutgateway.access;

import io.checkoutgateway.settings.Secret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A bearer key: {@code cgk_<id>_<secret><checksum>}. The id finds the row, the secret proves possession, the checksum
 * lets scanners and the gateway tell a key from noise without asking the database.
 *
 * @param id 16 hexadecimal digits; not secret
 * @param hash SHA-256 of the whole key, the only form that is stored. A slow hash would add nothing: the secret has
 *     256 bits of entropy
 */
public record ApiKey(String id, Buffer hash) {
    /** Lets secret scanners find a leaked key. */
    public static final String PREFIX = "cgk_";

    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final int ID_END = PREFIX.length() + 2 * ID_BYTES;
    private static final int SECRET_END = ID_END + 1 + 2 * SECRET_BYTES;
    private static final int CHECKSUM_DIGITS = 8;
    private static final int LENGTH = SECRET_END + CHECKSUM_DIGITS;

    /** One for each thread: looking for the algorithm takes longer than hashing a key. It forgets what it hashed. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(ApiKey::newSha256);

    /** A key just made: the caller gets {@code text} once, the store keeps {@code key}. */
    public record Issued(ApiKey key, Secret text) {}

    /** Makes a new key. */
    public static Issued issue(SecureRandom random) {
        String id = hex(random, ID_BYTES);
        String body = PREFIX + id + "_" + hex(random, SECRET_BYTES);
        String text = body + HexFormat.of().toHexDigits(checksum(ascii(body), SECRET_END));
        return new Issued(new ApiKey(id, sha256(ascii(text))), Secret.of(text));
    }

    /** The key that this text is; empty when it is not a key at all. */
    public static Optional<ApiKey> parse(String text) {
        if (!isFormed(text)) {
            return Optional.empty();
        }
        byte[] ascii = ascii(text);
        return checksum(ascii, SECRET_END) == HexFormat.fromHexDigits(text, SECRET_END, LENGTH)
                ? Optional.of(new ApiKey(text.substring(PREFIX.length(), ID_END), sha256(ascii)))
                : Optional.empty();
    }

    /** By hand: each request comes this way, and a regular expression took an eighth of a request's time. */
    private static boolean isFormed(String text) {
        return text.length() == LENGTH
                && text.startsWith(PREFIX)
                && text.charAt(ID_END) == '_'
                && areHex(text, PREFIX.length(), ID_END)
                && areHex(text, ID_END + 1, LENGTH);
    }

    private static boolean areHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Compares hashes in constant time. */
    public boolean sameSecret(Buffer storedHash) {
        return MessageDigest.isEqual(hash.getBytes(), storedHash.getBytes());
    }

    private static String hex(SecureRandom random, int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int checksum(byte[] ascii, int length) {
        CRC32 crc = new CRC32();
        crc.update(ascii, 0, length);
        return (int) crc.getValue();
    }

    private static Buffer sha256(byte[] ascii) {
        return Buffer.buffer(SHA_256.get().digest(ascii));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
