package io.checkoutgateway.testing;

import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before somebody who listens. Its port stays the same while those behind it come and go: a port that is given
 * back may be somebody else's when it is wanted again. A test can also take them away without stopping them.
 */
public final class Relay {
    /** Leads to nobody. */
    public static final int NOWHERE = 0;

    private static final String HERE = "127.0.0.1";

    private final Vertx vertx;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();

    /** Those who are connected, and what succeeds when one of them is gone. */
    private final Map<NetSocket, Future<Void>> clients = new ConcurrentHashMap<>();

    private final Set<NetSocket> mute = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile int behind = NOWHERE;
    private volatile boolean away;
    private volatile boolean silent;

    /** One that nobody is behind yet. It listens as long as {@code vertx} runs. */
    public Relay(Vertx vertx) {
        this.vertx = vertx;
        this.port = TestGateway.await(vertx.createNetServer(
                                new NetServerOptions().setHost(HERE).setPort(0))
                        .connectHandler(this::relay)
                        .listen())
                .actualPort();
    }

    /** From now on connections lead to this port of this machine. */
    public Relay leadTo(int port) {
        behind = port;
        return this;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Closes every connection, and each that comes from now on; returns when those who had one have noticed. */
    public void cut() {
        away = true;
        Map<NetSocket, Future<Void>> connected = Map.copyOf(clients);
        connected.keySet().forEach(Relay::hangUp);
        TestGateway.await(Future.join(List.copyOf(connected.values())));
        sockets.clear();
        mute.clear();
    }

    /** Says only that nothing more will come: the other end closes the connection when it has read that. */
    private static void hangUp(NetSocket client) {
        ((DuplexChannel) ((NetSocketInternal) client).channelHandlerContext().channel()).shutdownOutput();
    }

    /** Is there again after {@link #cut} or {@link #silence}; what was silenced is closed. */
    public void restore() {
        if (silent) {
            cut();
            silent = false;
        }
        away = false;
    }

    /** From now on nothing gets through in either direction, and nobody is told. */
    public void silence() {
        silent = true;
    }

    /** What was silenced stays so; new connections get through. */
    public void letNewOnesThrough() {
        mute.addAll(sockets);
        silent = false;
    }

    private void relay(NetSocket client) {
        if (away || behind == NOWHERE) {
            client.close();
            return;
        }
        sockets.add(client);
        Future<Void> gone = goneWhenClosed(client);
        client.pause();
        vertx.createNetClient()
                .connect(behind, HERE)
                .onFailure(failure -> client.close())
                .onSuccess(server -> {
                    sockets.add(server);
                    join(client, server);
                    join(server, client);
                    gone.onSuccess(closed -> server.close());
                    server.closeHandler(closed -> client.close());
                    client.resume();
                    if (away) {
                        client.close();
                    }
                });
    }

    private Future<Void> goneWhenClosed(NetSocket client) {
        Promise<Void> gone = Promise.promise();
        clients.put(client, gone.future());
        client.closeHandler(closed -> {
            clients.remove(client);
            gone.complete();
        });
        return gone.future();
    }

    private void join(NetSocket from, NetSocket to) {
        from.handler(bytes -> {
            if (!away && !silent && !mute.contains(from)) {
                to.write(bytes);
            }
        });
    }
}
