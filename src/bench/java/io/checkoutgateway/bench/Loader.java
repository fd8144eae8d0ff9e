package io.checkoutgateway.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;

/**
 * Sends prepared requests from a process of its own, on one thread, and counts what comes back. It knows as little HTTP
 * as it can, so that it takes little of the processors that it shares with the server.
 *
 * <p>Closed: each connection sends the next request when it has its answer. Open: requests are due at a constant rate,
 * and a request's time counts from when it was due, so that a server that stalls cannot hide it (no coordinated
 * omission).
 */
final class Loader {
    private static final int ANSWER_BYTES_MAX = 65_536;
    private static final byte[] LENGTH = "\r\ncontent-length: ".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final Selector selector = Selector.open();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final List<Prepared> requests;
    private final long intervalNanos;
    private final long measureFrom;
    private final long stopAt;
    private final long first = System.currentTimeMillis() * 1_000_000;
    private long nextDue;
    private long sent;
    private long[] nanos = new long[1 << 16];
    private int measured;
    private int errors;
    private int underWay;

    private Loader(List<Prepared> requests, double perSecond, double warmUpSeconds, double seconds) throws IOException {
        this.requests = requests;
        this.intervalNanos = perSecond == 0 ? 0 : (long) (1e9 / perSecond);
        long now = System.nanoTime();
        this.nextDue = now;
        this.measureFrom = now + (long) (warmUpSeconds * 1e9);
        this.stopAt = measureFrom + (long) (seconds * 1e9);
    }

    /**
     * Arguments: port, file with a request in Base64 on each line, connections, requests a second (0: closed), seconds
     * to warm up, seconds to measure, the secret that webhooks are signed with (may be empty). Prints requests, errors and the times' 50th, 99th and last percentile in
     * nanoseconds.
     */
    public static void main(String[] args) throws IOException {
        List<Prepared> requests = Files.readAllLines(Path.of(args[1])).stream()
                .map(line -> Prepared.of(Base64.getDecoder().decode(line), args[6]))
                .toList();
        Loader loader = new Loader(
                requests, Double.parseDouble(args[3]), Double.parseDouble(args[4]), Double.parseDouble(args[5]));
        loader.connect(Integer.parseInt(args[0]), Integer.parseInt(args[2]));
        loader.run();
        System.out.println(loader.result());
    }

    private void connect(int port, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.socket().setTcpNoDelay(true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            idle.add(connection);
        }
    }

    private void run() throws IOException {
        while (underWay > 0 || System.nanoTime() < stopAt) {
            sendDue();
            await();
            for (SelectionKey key : selector.selectedKeys()) {
                ((Connection) key.attachment()).read();
            }
            selector.selectedKeys().clear();
        }
    }

    private void sendDue() throws IOException {
        long now = System.nanoTime();
        if (intervalNanos == 0) {
            while (now < stopAt && !idle.isEmpty()) {
                idle.remove().send(System.nanoTime());
            }
            return;
        }
        while (nextDue < stopAt && nextDue <= now && !idle.isEmpty()) {
            idle.remove().send(nextDue);
            nextDue += intervalNanos;
        }
    }

    private void await() throws IOException {
        if (intervalNanos == 0 || nextDue >= stopAt || idle.isEmpty()) {
            selector.select(1_000);
            return;
        }
        long left = nextDue - System.nanoTime();
        if (left <= 0) {
            selector.selectNow();
        } else {
            selector.select(Math.max(1, left / 1_000_000));
        }
    }

    private void answered(long since, boolean good) {
        long now = System.nanoTime();
        if (since < measureFrom || (intervalNanos == 0 && now > stopAt)) {
            return;
        }
        if (!good) {
            errors++;
            return;
        }
        if (measured == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * measured);
        }
        nanos[measured++] = now - since;
    }

    private String result() {
        long[] sorted = Arrays.copyOf(nanos, measured);
        Arrays.sort(sorted);
        return "%d %d %d %d %d"
                .formatted(measured, errors, percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100));
    }

    /** The smallest value that this many percent do not exceed. */
    private static long percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(sorted.length * percent / 100.0) - 1];
    }

    /** A connection with one request under way at most. */
    private final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(ANSWER_BYTES_MAX);
        private long since;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void send(long due) throws IOException {
            since = due;
            underWay++;
            ByteBuffer out = ByteBuffer.wrap(next());
            // A request is smaller than a socket's buffer: this loops once.
            while (out.hasRemaining()) {
                if (channel.write(out) == 0) {
                    Thread.onSpinWait();
                }
            }
        }

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the server closed a connection");
            }
            int head = headLength();
            if (head > 0 && in.position() >= head + bodyLength(head)) {
                finish(in.get(STATUS_AT) == '2');
            }
        }

        /** 0 until it has come. */
        private int headLength() {
            for (int end = 3; end < in.position(); end++) {
                if (in.get(end) == '\n' && in.get(end - 1) == '\r' && in.get(end - 2) == '\n') {
                    return end + 1;
                }
            }
            return 0;
        }

        /** As the head says; a server that does not say it answers without a body. */
        private int bodyLength(int head) {
            for (int at = 0; at + LENGTH.length < head; at++) {
                if (isLengthAt(at)) {
                    return number(at + LENGTH.length);
                }
            }
            return 0;
        }

        /** In either case, which differ in one bit. */
        private boolean isLengthAt(int at) {
            for (int i = 0; i < LENGTH.length; i++) {
                byte given = in.get(at + i);
                if (given != LENGTH[i] && (given | 0x20) != LENGTH[i]) {
                    return false;
                }
            }
            return true;
        }

        private int number(int at) {
            int number = 0;
            for (int i = at; Character.isDigit(in.get(i)); i++) {
                number = 10 * number + in.get(i) - '0';
            }
            return number;
        }

        private void finish(boolean good) {
            if (!good && errors == 0) {
                System.err.println(new String(in.array(), 0, in.position(), StandardCharsets.UTF_8));
            }
            in.clear();
            underWay--;
            idle.add(this);
            answered(since, good);
        }
    }

    private byte[] next() {
        Prepared request = requests.get((int) (sent % requests.size()));
        long turn = first + sent / requests.size();
        return request.with(first + sent++, turn);
    }
}
