package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.secrets.SealedRows;
import io.checkoutgateway.secrets.SecretOwner;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Sealed secrets wherever they lie; the one list of tables that hold any. */
public final class PgSealedRows implements SealedRows {
    /** Every column with sealed secrets: a table that gets one is added here, and the rotation knows of it. */
    private static final List<SealedColumn> COLUMNS = List.of(
            new SealedColumn(
                    "webhook_secrets",
                    "secret",
                    WebhookSecrets.NAMESPACE_SQL,
                    WebhookSecrets.KIND_SQL,
                    WebhookSecrets.ID_SQL,
                    true),
            new SealedColumn("app_secrets", "sealed", "t.namespace", "t.kind", "t.id", false),
            new SealedColumn(
                    "sealed_answers", "sealed", "t.namespace", SealedAnswers.KIND_SQL, SealedAnswers.ID_SQL, false));

    private static final Map<String, SealedColumn> BY_TABLE =
            COLUMNS.stream().collect(Collectors.toUnmodifiableMap(SealedColumn::table, Function.identity()));

    private final Postgres postgres;

    public PgSealedRows(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Whether there is a secret in any table that begins with another mark. */
    static Future<Boolean> anyOtherThan(SqlConnection connection, byte[] mark) {
        Future<Boolean> any = Future.succeededFuture(false);
        for (SealedColumn column : COLUMNS) {
            any = any.compose(found -> found
                    ? Future.succeededFuture(true)
                    : Postgres.on(connection, column.otherThan(), parameters(mark, "", 1))
                            .map(rows -> rows.size() > 0));
        }
        return any;
    }

    private static Map<String, Object> parameters(byte[] mark, String after, int most) {
        String place = after.isEmpty() ? SealedColumn.BEFORE_ALL : after;
        return Map.of("mark", Buffer.buffer(mark), "after", place, "most", most);
    }

    @Override
    public List<String> tables() {
        return COLUMNS.stream().map(SealedColumn::table).toList();
    }

    @Override
    public Future<List<SealedRow>> otherThan(String table, byte[] mark, String after, int most) {
        return rows(columnOf(table).otherThan(), parameters(mark, after, most));
    }

    @Override
    public Future<List<SealedRow>> clear(String table, int most) {
        SealedColumn column = columnOf(table);
        return column.onceClear() ? rows(column.clear(), Map.of("most", most)) : Future.succeededFuture(List.of());
    }

    @Override
    public Future<List<SealedRow>> clear(String table, Set<String> ids) {
        SealedColumn column = columnOf(table);
        return column.onceClear()
                ? rows(column.clearNamed(), Map.of("ids", ids.toArray(String[]::new)))
                : Future.succeededFuture(List.of());
    }

    @Override
    public Future<Long> countClear(String table) {
        SealedColumn column = columnOf(table);
        return column.onceClear()
                ? postgres.query(column.countClear(), Map.of())
                        .map(rows -> rows.iterator().next().getLong("clear"))
                : Future.succeededFuture(0L);
    }

    private Future<List<SealedRow>> rows(String sql, Map<String, Object> parameters) {
        return postgres.query(sql, parameters).map(found -> StreamSupport.stream(found.spliterator(), false)
                .map(PgSealedRows::toRow)
                .toList());
    }

    @Override
    public Future<Boolean> replace(String table, SealedRow row, Buffer sealed) {
        return postgres.query(
                        columnOf(table).replace(),
                        Map.of("place", row.place(), "before", row.sealed(), "sealed", sealed))
                .map(replaced -> replaced.rowCount() == 1);
    }

    @Override
    public Future<Boolean> adopt(String table, SealedRow row, Buffer sealed, Actor actor) {
        Map<String, Object> parameters = Map.of("place", row.place(), "before", row.sealed(), "sealed", sealed);
        return postgres.inTransaction(
                connection -> Postgres.on(connection, columnOf(table).replace(), parameters)
                        .compose(replaced -> replaced.rowCount() == 1
                                ? adopted(connection, row, actor).map(true)
                                : Future.succeededFuture(false)));
    }

    /** In the trail of the tenant whose secret it is; what the secret says is no state to be hashed. */
    private static Future<Void> adopted(SqlConnection connection, SealedRow row, Actor actor) {
        Actor forTenant = new Actor(row.owner().namespace(), actor.name(), actor.requestId());
        String resource = row.owner().kind() + ":" + row.owner().id();
        return AuditRows.append(connection, forTenant, "secret.adopted", resource, null, null);
    }

    private static SealedColumn columnOf(String table) {
        SealedColumn column = BY_TABLE.get(table);
        if (column == null) {
            throw new IllegalArgumentException("no sealed secrets lie in " + table);
        }
        return column;
    }

    private static SealedRow toRow(Row row) {
        return new SealedRow(
                row.getString("place"),
                row.getBuffer("sealed"),
                new SecretOwner(row.getString("namespace"), row.getString("kind"), row.getString("id")));
    }
}
