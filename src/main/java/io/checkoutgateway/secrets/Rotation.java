package io.checkoutgateway.secrets;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.secrets.SealedRows.SealedRow;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces data keys while replicas serve: a newer key comes first, then everything is sealed anew, and the older keys go
 * when no replica can still be sealing with them. Each step may be repeated, by anyone; what a process leaves undone when
 * it dies is done by the next.
 */
public final class Rotation {
    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

    /**
     * How long older data keys stay after they were replaced: a replica seals with what it last saw for up to {@link
     * KeysetVault#TRUST}, and the transaction that stores the result takes less than the rest.
     */
    public static final Duration GRACE = Duration.ofMinutes(15);

    private static final int PAGE = 100;

    private final KeysetVault vault;
    private final SealedRows rows;

    public Rotation(KeysetVault vault, SealedRows rows) {
        this.vault = vault;
        this.rows = rows;
    }

    /**
     * What sealing anew came to.
     *
     * @param resealed how many rows, by table
     * @param unreadable rows that do not open: they keep what they hold, and with it the key that they name
     */
    public record Resealed(Map<String, Integer> resealed, int unreadable) {
        int total() {
            return resealed.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Whether older data keys are left from an earlier rotation. */
    public boolean underWay() {
        return vault.keys().size() > 1;
    }

    /** The fingerprint of the key outside the database that the data keys are sealed under. */
    public String sealedUnder() {
        return vault.stored().wrapped().wrappedBy();
    }

    /** Adds a data key, with which everything is sealed from now on; fails when another process changed them just now. */
    public Future<Void> begin(Actor actor) {
        WrappedKeyset after = vault.sealingKeys().wrap(vault.keys().withNewest().handle());
        return vault.store().rotate(vault.stored(), after, actor).compose(this::known);
    }

    /** Seals the data keys themselves under the newest key of the settings; tells whether they were not already. */
    public Future<Boolean> rewrap(Actor actor) {
        if (sealedUnder().equals(vault.sealingKeys().newest())) {
            return Future.succeededFuture(false);
        }
        WrappedKeyset after = vault.sealingKeys().wrap(vault.keys().handle());
        return vault.store()
                .rewrap(vault.stored(), after, actor)
                .compose(this::known)
                .map(true);
    }

    private Future<Void> known(boolean written) {
        return written
                ? vault.refresh().mapEmpty()
                : Future.failedFuture(new GatewayException(
                        Reason.CONFLICT, "Another process has changed the data keys meanwhile; try again"));
    }

    /** Seals everything anew that an older data key sealed. */
    public Future<Resealed> reseal() {
        Future<Resealed> all = Future.succeededFuture(new Resealed(new TreeMap<>(), 0));
        for (String table : rows.tables()) {
            all = all.compose(sum -> pages(table, sum));
        }
        return all;
    }

    /** Page after page. Composed, each would wait in memory, and at last on the stack, for the end of all that follow. */
    private Future<Resealed> pages(String table, Resealed sum) {
        Promise<Resealed> end = Promise.promise();
        pages(table, "", sum, end);
        return end.future();
    }

    private void pages(String table, String after, Resealed sum, Promise<Resealed> end) {
        rows.otherThan(table, vault.keys().mark(), after, PAGE)
                .onSuccess(page -> all(table, page, sum)
                        .onSuccess(done -> {
                            if (page.size() < PAGE) {
                                end.complete(done);
                            } else {
                                pages(table, page.get(PAGE - 1).place(), done, end);
                            }
                        })
                        .onFailure(end::fail))
                .onFailure(end::fail);
    }

    private Future<Resealed> all(String table, List<SealedRow> page, Resealed sum) {
        Future<Resealed> done = Future.succeededFuture(sum);
        for (SealedRow row : page) {
            done = done.compose(soFar -> reseal(table, row, soFar));
        }
        return done;
    }

    private Future<Resealed> reseal(String table, SealedRow row, Resealed sum) {
        return vault.open(row.sealed(), row.owner())
                .compose(secret -> put(table, row, secret).map(done -> plus(sum, table, done ? 1 : 0, 0)))
                .recover(failure -> unlessAway(table, row, failure).map(unread -> plus(sum, table, 0, 1)));
    }

    private Future<Boolean> put(String table, SealedRow row, Secret secret) {
        return rows.replace(table, row, vault.seal(secret, row.owner()));
    }

    /** A secret that was altered must not keep the others from being sealed anew. */
    private static Future<Void> unlessAway(String table, SealedRow row, Throwable failure) {
        if (GatewayException.is(failure, Reason.INTERNAL)) {
            LOG.atError()
                    .addKeyValue("table", table)
                    .addKeyValue("kind", row.owner().kind())
                    .addKeyValue("row", row.owner().id())
                    .log("a secret cannot be opened");
            return Future.succeededFuture();
        }
        return Future.failedFuture(failure);
    }

    private static Resealed plus(Resealed sum, String table, int sealed, int unreadable) {
        Map<String, Integer> counts = new TreeMap<>(sum.resealed());
        counts.merge(table, sealed, Integer::sum);
        return new Resealed(counts, sum.unreadable() + unreadable);
    }

    /**
     * Drops the older data keys, if they have been replaced for so long and nothing uses them any more; tells whether it
     * did.
     */
    public Future<Boolean> drop(Duration grace, Actor actor) {
        StoredKeyset stored = vault.stored();
        Duration retiredFor = stored.retiredFor();
        if (!underWay() || retiredFor == null || retiredFor.compareTo(grace) < 0) {
            return Future.succeededFuture(false);
        }
        DataKeys left = vault.keys().newestOnly();
        return vault.store()
                .drop(stored, vault.sealingKeys().wrap(left.handle()), left.mark(), actor)
                .compose(dropped -> vault.refresh().map(dropped));
    }

    /**
     * A round of every replica: looks for newer data keys, and finishes what a rotation left.
     *
     * @return {@code false}: the next round is early enough
     */
    public Future<Boolean> runOnce(Actor actor) {
        return vault.refresh()
                .compose(stored -> underWay() ? finish(actor) : Future.succeededFuture())
                .map(false);
    }

    private Future<Void> finish(Actor actor) {
        return reseal().compose(done -> drop(GRACE, actor).onSuccess(dropped -> LOG.atInfo()
                        .addKeyValue("sealed", done.total())
                        .addKeyValue("unreadable", done.unreadable())
                        .addKeyValue("older_keys_dropped", dropped)
                        .log("secrets sealed anew")))
                .mapEmpty();
    }
}
