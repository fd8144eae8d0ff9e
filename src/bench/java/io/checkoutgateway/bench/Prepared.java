package io.checkoutgateway.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A request as it is sent, and where in it the values go that differ from one sending to the next. */
final class Prepared {
    /** Stands where each request needs a value of its own, and is overwritten with digits. */
    static final String UNIQUE = "@".repeat(20);

    /** Stands where the requests of one turn through the list share a value. */
    static final String TURN = "%".repeat(20);

    /**
     * Stands where an id tells the second in which it was made. Stripe's ids of events begin so: {@code in_1MtHbE…} of
     * 1680644467 and {@code evt_1NG8Du…} of 1686089970, read as numbers of base 62, are as many seconds apart. Ids of
     * sessions have no such beginning.
     */
    static final String SECOND = "^".repeat(6);

    private static final String BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** Stands where {@code Stripe-Signature} needs its value: {@code t=…,v1=…}. */
    static final String SIGNATURE = "$".repeat(80);

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final int[] uniqueAt;
    private final int[] turnAt;
    private final int[] secondAt;
    private final int signatureAt;
    private final int bodyAt;
    private final @Nullable Mac mac;

    private Prepared(byte[] bytes, String text, @Nullable Mac mac) {
        this.bytes = bytes;
        this.uniqueAt = placesOf(UNIQUE, text);
        this.turnAt = placesOf(TURN, text);
        this.secondAt = placesOf(SECOND, text);
        this.signatureAt = text.indexOf(SIGNATURE);
        this.bodyAt = text.indexOf(new String(HEAD_END, StandardCharsets.US_ASCII)) + HEAD_END.length;
        this.mac = mac;
    }

    /** @param secret what {@link #SIGNATURE} is made with; empty when no request has one */
    static Prepared of(byte[] bytes, String secret) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return new Prepared(bytes, text, text.contains(SIGNATURE) ? mac(secret) : null);
    }

    private static int[] placesOf(String placeholder, String text) {
        return IntStream.iterate(text.indexOf(placeholder), at -> at >= 0, at -> text.indexOf(placeholder, at + 1))
                .toArray();
    }

    /** The bytes to send; the same array each time. */
    byte[] with(long unique, long turn) {
        for (int at : uniqueAt) {
            write(unique, at, UNIQUE.length());
        }
        for (int at : turnAt) {
            write(turn, at, TURN.length());
        }
        long now = System.currentTimeMillis() / 1_000;
        for (int at : secondAt) {
            writeSecond(now, at);
        }
        if (mac != null) {
            sign(mac, now);
        }
        return bytes;
    }

    /** Stripe, "Verify webhook signatures manually": HMAC-SHA256 of the time, a dot and the body. */
    private void sign(Mac signer, long seconds) {
        byte[] time = ("t=" + seconds).getBytes(StandardCharsets.US_ASCII);
        signer.update(time, 2, time.length - 2);
        signer.update((byte) '.');
        signer.update(bytes, bodyAt, bytes.length - bodyAt);
        byte[] value = (",v1=" + HexFormat.of().formatHex(signer.doFinal())).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(time, 0, bytes, signatureAt, time.length);
        System.arraycopy(value, 0, bytes, signatureAt + time.length, value.length);
    }

    private void writeSecond(long second, int at) {
        long left = second;
        for (int i = at + SECOND.length() - 1; i >= at; i--) {
            bytes[i] = (byte) BASE_62.charAt((int) (left % BASE_62.length()));
            left /= BASE_62.length();
        }
    }

    /** The digit that changes fastest comes first: ids of Stripe's sessions have no order either. */
    private void write(long value, int at, int digits) {
        long left = value;
        for (int i = at; i < at + digits; i++) {
            bytes[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }

    private static Mac mac(String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }
}
