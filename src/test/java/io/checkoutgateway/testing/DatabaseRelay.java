package io.checkoutgateway.testing;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
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
    private NetServer server;
    private volatile boolean silent;

    public DatabaseRelay(Vertx vertx, String databaseUrl) {
        this.vertx = vertx;
        this.database = URI.create(databaseUrl);
        // Not any port: while it does not listen, an outgoing connection could be given it.
        this.port = FreePorts.next();
        this.server = listen(port);
    }

    /** The same database, by way of here. */
    public String url() {
        return "postgresql://%s@127.0.0.1:%d%s".formatted(database.getUserInfo(), port, database.getPath());
    }

    /** Closes every connection and takes no more. */
    public void cut() {
        TestGateway.await(server.close());
        sockets.forEach(NetSocket::close);
        sockets.clear();
        mute.clear();
    }

    /** Is there again after {@link #cut} or {@link #silence}. */
    public void restore() {
        if (silent) {
            cut();
            silent = false;
        }
        server = listen(port);
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

    private NetServer listen(int onPort) {
        NetServer listening = vertx.createNetServer(
                        new NetServerOptions().setHost("127.0.0.1").setPort(onPort))
                .connectHandler(this::relay);
        return TestGateway.await(listening.listen());
    }

    private void relay(NetSocket client) {
        sockets.add(client);
        client.pause();
        vertx.createNetClient()
                .connect(database.getPort(), database.getHost())
                .onFailure(failure -> client.close())
                .onSuccess(server -> {
                    sockets.add(server);
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
