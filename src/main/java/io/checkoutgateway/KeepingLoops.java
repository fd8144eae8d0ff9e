package io.checkoutgateway;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.audit.Chain;
import io.checkoutgateway.audit.ChainStore;
import io.checkoutgateway.secrets.ClearSecrets;
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
    private final ClearSecrets clear;
    private final ChainStore chainStore;
    private final Chain chain;
    private final Actor gateway;
    private final Loop linking;
    private final Loop tending;

    KeepingLoops(Vertx vertx, Postgres postgres, KeysetVault vault, String namespace, MeterRegistry metrics) {
        this.vault = vault;
        PgSealedRows rows = new PgSealedRows(postgres);
        this.rotation = new Rotation(vault, rows);
        this.clear = new ClearSecrets(vault, rows);
        this.chainStore = new PgAuditChain(postgres);
        this.chain = new Chain(chainStore, metrics, System::nanoTime);
        this.gateway = Actor.gateway(namespace, "secrets");
        this.linking = new Loop(vertx, metrics, "audit", LINK_INTERVAL, chain::runOnce);
        this.tending = new Loop(vertx, metrics, "secrets", KeysetVault.REFRESH_INTERVAL, this::tendNow);
    }

    /** Finds the data keys; fails when they do not open. */
    Future<Void> open() {
        return vault.start()
                .compose(started -> clear.count())
                .onSuccess(KeepingLoops::warn)
                .compose(listed -> chainStore.alterable())
                .onSuccess(KeepingLoops::warn)
                .mapEmpty();
    }

    private static void warn(long inClear) {
        if (inClear > 0) {
            LOG.atWarn()
                    .addKeyValue("count", inClear)
                    .log("secrets lie in clear in the database and are not used; see operations, \"Secrets in clear\"");
        }
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
