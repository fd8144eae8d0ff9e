package io.checkoutgateway.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A connection on which a test may write what no HTTP client would. */
public final class RawHttp implements AutoCloseable {
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Socket socket;
    private final InputStream in;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects. */
    public static RawHttp to(URI server) {
        try {
            Socket socket = new Socket(server.getHost(), server.getPort());
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            return new RawHttp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes characters as they are, one byte each. */
    public RawHttp write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes bytes. */
    public RawHttp write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Writes a request without a body; {@code head} is its first line and headers. */
    public RawHttp request(String... head) throws IOException {
        return write(String.join("\r\n", head) + "\r\nHost: gateway.test" + END_OF_HEAD);
    }

    /** Reads one answer, by its Content-Length. */
    public ContractClient.Answer answer() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int matched = 0; matched < END_OF_HEAD.length(); ) {
            int next = next(in, head);
            head.write(next);
            matched = next == END_OF_HEAD.charAt(matched) ? matched + 1 : next == END_OF_HEAD.charAt(0) ? 1 : 0;
        }
        String[] lines = head.toString(StandardCharsets.ISO_8859_1).strip().split("\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] header = lines[i].split(": ?", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new ContractClient.Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, body);
    }

    private static int next(InputStream in, ByteArrayOutputStream sofar) throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new IOException("the connection was closed after: " + sofar);
        }
        return next;
    }

    /** Says that nothing more will be sent, and reads all that comes until the server closes. */
    public String everything() throws IOException {
        socket.shutdownOutput();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException reset) {
            // What came before it is what counts.
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether the server has closed the connection, or does at last. */
    public boolean closed() throws IOException {
        return closedWithin(Patience.LIMIT);
    }

    /** Whether the server has closed the connection, or does within a while. */
    public boolean closedWithin(Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
