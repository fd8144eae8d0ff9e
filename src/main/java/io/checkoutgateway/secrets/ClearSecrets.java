package io.checkoutgateway.secrets;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.secrets.SealedRows.SealedRow;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Secrets that lie in the database in clear. The first builds left some; whoever can write to the database can plant more,
 * and nothing tells the two apart. So they open nothing, until an operator who knows where they come from has them sealed.
 */
public final class ClearSecrets {
    /** More rows than an operator looks at; the others are there when these are sealed. */
    private static final int LISTED_MAX = 100;

    private final KeysetVault vault;
    private final SealedRows rows;

    public ClearSecrets(KeysetVault vault, SealedRows rows) {
        this.vault = vault;
        this.rows = rows;
    }

    /** Whose they are, {@value #LISTED_MAX} of a table at most; nothing of what they say. */
    public Future<List<SecretOwner>> list() {
        Future<List<SecretOwner>> all = Future.succeededFuture(List.of());
        for (String table : rows.tables()) {
            all = all.compose(found -> rows.clear(table, LISTED_MAX).map(clear -> joined(found, clear)));
        }
        return all;
    }

    private static List<SecretOwner> joined(List<SecretOwner> found, List<SealedRow> clear) {
        List<SecretOwner> joined = new ArrayList<>(found);
        clear.forEach(row -> joined.add(row.owner()));
        return List.copyOf(joined);
    }

    /** How many there are, listed or not. */
    public Future<Long> count() {
        Future<Long> all = Future.succeededFuture(0L);
        for (String table : rows.tables()) {
            all = all.compose(sum -> rows.countClear(table).map(count -> sum + count));
        }
        return all;
    }

    /**
     * Seals those of these ids as they are, with an entry in the audit log of their namespaces; tells how many.
     *
     * @param ids of their owners, as {@link #list} has them or would have them if it were longer
     */
    public Future<Integer> seal(Set<String> ids, Actor actor) {
        Future<Integer> all = Future.succeededFuture(0);
        for (String table : rows.tables()) {
            all = all.compose(count -> rows.clear(table, ids)
                    .compose(clear -> seal(table, clear, actor))
                    .map(done -> count + done));
        }
        return all;
    }

    private Future<Integer> seal(String table, List<SealedRow> clear, Actor actor) {
        Future<Integer> total = Future.succeededFuture(0);
        for (SealedRow row : clear) {
            total = total.compose(count -> seal(table, row, actor).map(done -> count + (done ? 1 : 0)));
        }
        return total;
    }

    private Future<Boolean> seal(String table, SealedRow row, Actor actor) {
        Secret clear = Secret.of(row.sealed().toString(StandardCharsets.UTF_8));
        return rows.adopt(table, row, vault.seal(clear, row.owner()), actor);
    }
}
