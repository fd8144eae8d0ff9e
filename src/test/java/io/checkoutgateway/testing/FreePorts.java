package io.checkoutgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for what must know its own before it listens. */
public final class FreePorts {
    /**
     * Below those that systems give to outgoing connections and to whoever asks for any port (from 32768 on Linux, from
     * 49152 elsewhere): none of them takes the port between the look and its use.
     */
    private static final int FIRST = 12_000;

    private static final int END = 32_000;

    private FreePorts() {}

    /** A port of this machine that nobody listens at. */
    public static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** A port of this machine at which connections are refused until the socket is closed: taken, and not listened at. */
    public static Socket refusing() {
        try {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
