package io.checkoutgateway.audit;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A place in the chain. Its hash is SHA-256 of the hash before it, 32 bytes, followed by the entry's canonical form, so that
 * a hash vouches for every entry up to it.
 *
 * <p>The canonical form is meant to be written by other programs too: UTF-8, and for each of {@code id}, {@code at}
 * (microseconds since 1970), {@code namespace}, {@code actor}, {@code action}, {@code resource}, {@code request_id},
 * {@code before_hash} and {@code after_hash} (lower-case hexadecimal), in this order, the number of bytes in decimal, a
 * colon, the bytes and a comma; {@code -,} for a hash that there is not. (Netstrings, with a word for nothing.)
 */
public record Link(long position, Buffer hash) {
    /** Before the first entry. */
    public static final Link NONE = new Link(0, Buffer.buffer(new byte[32]));

    private static final long MICROS_PER_SECOND = 1_000_000;

    /** The place of this entry, right behind this one. */
    public Link next(AuditEntry entry) {
        byte[] canonical = canonical(entry).getBytes(StandardCharsets.UTF_8);
        MessageDigest sha256 = sha256();
        sha256.update(hash.getBytes());
        return new Link(position + 1, Buffer.buffer(sha256.digest(canonical)));
    }

    static String canonical(AuditEntry entry) {
        long micros =
                entry.at().getEpochSecond() * MICROS_PER_SECOND + entry.at().get(ChronoField.MICRO_OF_SECOND);
        return field(Long.toString(entry.id()))
                + field(Long.toString(micros))
                + field(entry.namespace())
                + field(entry.actor())
                + field(entry.action())
                + field(entry.resource())
                + field(entry.requestId())
                + field(hex(entry.beforeHash()))
                + field(hex(entry.afterHash()));
    }

    private static String field(@Nullable String value) {
        return value == null ? "-," : value.getBytes(StandardCharsets.UTF_8).length + ":" + value + ",";
    }

    private static @Nullable String hex(@Nullable Buffer hash) {
        return hash == null ? null : HexFormat.of().formatHex(hash.getBytes());
    }

    /** {@code position:hash}, as the command line prints and takes it. */
    public String text() {
        return position + ":" + HexFormat.of().formatHex(hash.getBytes());
    }

    /**
     * What {@link #text} wrote.
     *
     * @throws IllegalStateException with a message for the operator when it is something else
     */
    public static Link of(String text) {
        if (!text.matches("\\d{1,18}:[0-9a-f]{64}")) {
            throw new IllegalStateException(
                    "A head is a position, a colon and 64 hexadecimal digits, as `gateway audit verify` prints it; was \""
                            + text + "\"");
        }
        int colon = text.indexOf(':');
        return new Link(
                Long.parseLong(text.substring(0, colon)),
                Buffer.buffer(HexFormat.of().parseHex(text.substring(colon + 1))));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
