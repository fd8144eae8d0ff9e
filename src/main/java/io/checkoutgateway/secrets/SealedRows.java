package io.checkoutgateway.secrets;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;

/** Every row that holds a sealed secret, whichever table it is in. */
public interface SealedRows {
    /** The tables, by their names. */
    List<String> tables();

    /**
     * A row that is to be sealed anew.
     *
     * @param place where it lies in its table; valid until it is changed
     * @param sealed what it holds now
     */
    record SealedRow(String place, Buffer sealed, SecretOwner owner) {}

    /**
     * Rows of a table after this place, in the order of their places, that begin with another mark.
     *
     * @param after empty for the first page
     */
    Future<List<SealedRow>> otherThan(String table, byte[] mark, String after, int most);

    /** Rows of a table that hold a secret in clear, as the first builds left them, ordered by namespace and id. */
    Future<List<SealedRow>> clear(String table, int most);

    /** Those of them whose owners have these ids, however many others there are. */
    Future<List<SealedRow>> clear(String table, Set<String> ids);

    /** How many of them there are. */
    Future<Long> countClear(String table);

    /** Puts this into the row, if it still holds what was read; tells whether it did. */
    Future<Boolean> replace(String table, SealedRow row, Buffer sealed);

    /** As {@link #replace}, for a row in clear that somebody vouches for; that is written to the audit log with it. */
    Future<Boolean> adopt(String table, SealedRow row, Buffer sealed, Actor actor);
}
