package io.checkoutgateway;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.audit.Chain;
import io.checkoutgateway.audit.ChainStore;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.Rotation;
import io.checkoutgateway.store.PgAuditChain;
import io.checkoutgateway.store.PgSealedRows;
import io.checkoutgateway.store.Postgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes on in the background so that secrets stay sealed and the audit log stays provable. */
final class KeepingLoops {
    private static final Logger LOG = LoggerFactory.getLogger(KeepingLoops.class);

    /** Until an entry is linked, its loss would go unnoticed. */
    private static final Duration LINK_INTERVAL = Duration.ofSeconds(1);

    private final KeysetVault vault;
    private final Rotation rotation;
    private final ChainStore chainStore;
    private final Chain chain;
    private final Actor gateway;
    private final Loop linking;
    private final Loop tending;

    KeepingLoops(Vertx vertx, Postgres postgres, KeysetVault vault, String namespace, MeterRegistry metrics) {
        this.vault = vault;
        this.rotation = new Rotation(vault, new PgSealedRows(postgres));
        this.chainStore = new PgAuditChain(postgres);
        this.chain = new Chain(chainStore, metrics);
        this.gateway = Actor.gateway(namespace, "secrets");
        this.linking = new Loop(vertx, "audit", LINK_INTERVAL, chain::runOnce);
        this.tending = new Loop(vertx, "secrets", KeysetVault.REFRESH_INTERVAL, this::tendNow);
    }

    /** Finds the data keys and seals what earlier versions left in clear; fails when the keys do not open. */
    Future<Void> open() {
        return vault.start()
                .compose(started -> rotation.sealClear())
                .compose(count -> chainStore.alterable())
                .onSuccess(KeepingLoops::warn)
                .mapEmpty();
    }

    private static void warn(boolean alterable) {
        if (alterable) {
            LOG.atWarn()
                    .log(
                            "the database role that serves may alter the audit log; see operations, \"Two database roles\"");
        }
    }

    void start() {
        linking.start();
        tending.start();
    }

    Future<Boolean> linkNow() {
        return chain.runOnce();
    }

    Future<Boolean> tendNow() {
        return rotation.runOnce(gateway);
    }

    Future<?> stop() {
        return Future.join(linking.stop(), tending.stop());
    }
}
