package io.checkoutgateway.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * How the bodies of events lie in their rows: as Stripe signed them, or as the number of a dictionary in one byte and a
 * Zstandard frame (RFC 8878) made with it. Every JSON text begins with another byte, so that a row says itself which.
 *
 * <p>The dictionary is what Stripe's events have in common, written out. It must never change, as migrations must not:
 * what was packed with it could not be read any more. Another one gets the next number, and both stay.
 */
final class EventBodies {
    /** No byte that JSON could begin with (RFC 8259, section 2). */
    static final byte DICTIONARY = 1;

    private static final String RESOURCE = "/store/event-bodies-%d.txt".formatted(DICTIONARY);

    /** Zstandard's fast levels: the next ones save 3 bytes in a hundred and take half as long again. */
    private static final int LEVEL = -1;

    private static final byte[] COMMON = common();
    private static final ZstdDictCompress PACKING = new ZstdDictCompress(COMMON, LEVEL);
    private static final ZstdDictDecompress UNPACKING = new ZstdDictDecompress(COMMON);

    /** Each is one thread's at a time and costs a tenth of a megabyte: as many as there ever were threads at once. */
    private static final Queue<ZstdCompressCtx> PACKERS = new ConcurrentLinkedQueue<>();

    private static final Queue<ZstdDecompressCtx> UNPACKERS = new ConcurrentLinkedQueue<>();

    private EventBodies() {}

    private static byte[] common() {
        try (InputStream resource = Objects.requireNonNull(EventBodies.class.getResourceAsStream(RESOURCE))) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body as it is to be stored: packed, or as it is when packing it saves nothing. */
    static Buffer packed(Buffer body) {
        byte[] whole = body.getBytes();
        byte[] frame = new byte[1 + (int) Zstd.compressBound(whole.length)];
        ZstdCompressCtx taken = PACKERS.poll();
        ZstdCompressCtx packer = taken == null ? new ZstdCompressCtx().loadDict(PACKING) : taken;
        int length = 1 + packer.compressByteArray(frame, 1, frame.length - 1, whole, 0, whole.length);
        PACKERS.add(packer);
        frame[0] = DICTIONARY;
        return length < whole.length ? Buffer.buffer(length).appendBytes(frame, 0, length) : body;
    }

    /**
     * The body as Stripe signed it.
     *
     * @throws IllegalStateException when the row was damaged
     */
    static Buffer unpacked(Buffer stored) {
        if (stored.length() == 0 || stored.getByte(0) != DICTIONARY) {
            return stored;
        }
        byte[] frame = stored.getBytes(1, stored.length());
        long length = Zstd.getFrameContentSize(frame);
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new IllegalStateException("The stored body is damaged");
        }
        byte[] whole = new byte[(int) length];
        ZstdDecompressCtx taken = UNPACKERS.poll();
        ZstdDecompressCtx unpacker = taken == null ? new ZstdDecompressCtx().loadDict(UNPACKING) : taken;
        unpacker.decompressByteArray(whole, 0, whole.length, frame, 0, frame.length);
        UNPACKERS.add(unpacker);
        return Buffer.buffer(whole);
    }
}
