package io.checkoutgateway.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.listing.Repeated;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a statement that begins many things again: it answers {@code count}, {@code last}, {@code snapshot}. */
final class Repetitions {
    /** As long as the audit log's column. */
    private static final int NAME_MAX = 320;

    private Repetitions() {}

    static Repeated of(RowSet<Row> rows, int most, IdStretch stretch) {
        Row row = rows.iterator().next();
        int count = Math.toIntExact(row.getLong("count"));
        return new Repeated(count, count == most ? row.getLong("last") : stretch.next());
    }

    /** One entry for all of them, whose hash is that of their numbers; none when there were none. */
    static Future<Void> note(SqlConnection connection, Actor actor, String action, String resource, RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return row.getLong("count") == 0
                ? Future.succeededFuture()
                : AuditRows.append(connection, actor, action, resource, null, row.getString(AuditRows.SNAPSHOT));
    }

    static Name name(String of) {
        return new Name(of);
    }

    /** What was asked for, as the audit log names it: {@code events:state=quarantined,type=invoice.paid}. */
    static final class Name {
        private final String of;
        private final List<String> parts = new ArrayList<>();

        private Name(String of) {
            this.of = of;
        }

        @CanIgnoreReturnValue
        Name and(String field, @Nullable Object value) {
            if (value != null) {
                parts.add(field + "=" + value);
            }
            return this;
        }

        String text() {
            String text = of + ":" + String.join(",", parts);
            return text.length() <= NAME_MAX ? text : text.substring(0, NAME_MAX);
        }
    }
}
