package io.checkoutgateway.testing;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between the gateway and Postgres, so that a test can take Postgres away without stopping it. */
public final class DatabaseRelay {
    private final Vertx vertx;
    private final URI database;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<NetSocket> mute = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile boolean away;
    private volatile boolean silent;

    public DatabaseRelay(Vertx vertx, String databaseUrl) {
        this.vertx = vertx;
        this.database = URI.create(databaseUrl);
        // It listens as long as the test runs: a port that is given back may be somebody else's when it is wanted
        // again.
        this.port = TestGateway.await(vertx.createNetServer(
                                new NetServerOptions().setHost("127.0.0.1").setPort(0))
                        .connectHandler(this::relay)
                        .listen())
                .actualPort();
    }

    /** The same database, by way of here. */
    public String url() {
        return "postgresql://%s@127.0.0.1:%d%s".formatted(database.getUserInfo(), port, database.getPath());
    }

    /** Closes every connection, and each that comes from now on. */
    public void cut() {
        away = true;
        sockets.forEach(NetSocket::close);
        sockets.clear();
        mute.clear();
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
        if (away) {
            client.close();
            return;
        }
        sockets.add(client);
        client.pause();
        vertx.createNetClient()
                .connect(database.getPort(), database.getHost())
                .onFailure(failure -> client.close())
                .onSuccess(server -> {
                    sockets.add(server);
                    if (away) {
                        server.close();
                        client.close();
                        return;
                    }
                    join(client, server);
                    join(server, client);
                    client.resume();
                });
    }

    private void join(NetSocket from, NetSocket to) {
        from.handler(bytes -> {
            if (!silent && !mute.contains(from)) {
                to.write(bytes);
            }
        });
        from.closeHandler(closed -> to.close());
    }
}
