package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.listing.Repeated;
import io.checkoutgateway.listing.Stretch;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Follow-ups, for people. */
public final class PgFollowUpLog implements FollowUpLog {
    private static final String COLUMNS =
            """
            f.id, f.kind, f.app_id, f.account, f.subject, f.set_up_at, f.background, f.state, f.attempts,
            f.next_attempt_at, f.created_at, f.outcome, f.events_received[1] AS waiting_since
            """;

    private static final String OURS = "f.app_id = ANY (ARRAY(SELECT id FROM apps WHERE namespace = #{namespace}))";

    private static final String FIND = "SELECT " + COLUMNS + " FROM follow_ups f WHERE f.id = #{id} AND " + OURS;

    private static final String LOCK =
            "SELECT to_jsonb(f)::text AS snapshot FROM follow_ups f WHERE f.id = #{id} AND " + OURS + " FOR UPDATE";

    private static final String RETRY = "UPDATE follow_ups f " + FollowUpRevivals.AGAIN + "WHERE f.id = #{id} AND "
            + OURS + " RETURNING " + COLUMNS + ", to_jsonb(f)::text AS snapshot";

    /** Who waits for a locked row here and holds others could wait for someone who waits for those. */
    private static final String RETRY_ALL =
            """
            WITH wanted AS MATERIALIZED (%s FOR UPDATE OF f SKIP LOCKED),
            retried AS (
                UPDATE follow_ups f
            """
                    + FollowUpRevivals.AGAIN
                    + """
                FROM wanted
                WHERE f.id = wanted.id
                RETURNING f.id
            )
            SELECT count(*) AS count, max(id) AS last, jsonb_agg(id ORDER BY id)::text AS snapshot FROM retried
            """;

    private static final String COUNT = "SELECT count(*) AS count, max(id) AS last FROM (%s) counted";

    private static final String DROP = "DELETE FROM follow_ups f WHERE f.id = #{id} AND f.state = 'given_up' AND "
            + OURS + " RETURNING to_jsonb(f)::text AS snapshot";

    private final Postgres postgres;

    public PgFollowUpLog(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Stretch<Entry>> list(String namespace, Filter filter, long after, int most) {
        FollowUpSelect select = FollowUpSelect.of(namespace, filter);
        return stretch(select, after)
                .compose(stretch -> postgres.query(select.page(COLUMNS, stretch, most + 1), select.parameters(stretch))
                        .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                                .map(PgFollowUpLog::toEntry)
                                .toList())
                        .map(found -> pageOf(found, stretch, most)));
    }

    private static Stretch<Entry> pageOf(List<Entry> found, IdStretch stretch, int most) {
        return found.size() > most
                ? new Stretch<>(found.subList(0, most), found.get(most - 1).row())
                : new Stretch<>(found, stretch.next());
    }

    private Future<IdStretch> stretch(FollowUpSelect select, long after) {
        IdStretch whole = IdStretch.whole(after, false);
        return select.isLookup()
                ? Future.succeededFuture(whole)
                : whole.bounded(postgres, FollowUpSelect.TABLE, select.walked());
    }

    @Override
    public Future<Optional<Entry>> find(String namespace, long row) {
        return postgres.query(FIND, of(namespace, row))
                .map(rows -> Rows.first(rows).map(PgFollowUpLog::toEntry));
    }

    private static Map<String, Object> of(String namespace, long row) {
        return Map.of("namespace", namespace, "id", row);
    }

    private static String nameOf(long row) {
        return "follow_up:" + row;
    }

    @Override
    public Future<Optional<Entry>> retry(Actor actor, long row) {
        return postgres.inTransaction(connection -> AuditRows.around(
                        connection, actor, "follow_up.retried", nameOf(row), LOCK, RETRY, of(actor.namespace(), row))
                .map(retried -> retried.map(PgFollowUpLog::toEntry)));
    }

    @Override
    public Future<Repeated> retryAll(Actor actor, Filter filter, long after, boolean dryRun) {
        FollowUpSelect select = FollowUpSelect.of(actor.namespace(), filter);
        return stretch(select, after).compose(stretch -> {
            String ids = select.page("f.id", stretch, RETRIED_MAX);
            Map<String, Object> parameters = select.parameters(stretch);
            return dryRun
                    ? postgres.query(COUNT.formatted(ids), parameters)
                            .map(rows -> Repetitions.of(rows, RETRIED_MAX, stretch))
                    : postgres.inTransaction(connection -> Postgres.on(connection, RETRY_ALL.formatted(ids), parameters)
                            .compose(rows -> Repetitions.note(
                                            connection, actor, "follow_ups.retried", nameOf(filter, after), rows)
                                    .map(noted -> Repetitions.of(rows, RETRIED_MAX, stretch))));
        });
    }

    private static String nameOf(Filter filter, long after) {
        return Repetitions.name("follow_ups")
                .and("state", filter.state())
                .and("kind", filter.kind() == null ? null : filter.kind().word())
                .and("app_id", filter.appId())
                .and("subject", filter.subject())
                .and("after", after == 0 ? null : after)
                .text();
    }

    @Override
    public Future<Optional<Entry>> drop(Actor actor, long row) {
        return postgres.inTransaction(connection -> Postgres.on(connection, LOCK, of(actor.namespace(), row))
                .compose(locked -> Postgres.on(connection, FIND, of(actor.namespace(), row)))
                .compose(found -> drop(connection, actor, row)
                        .map(dropped -> Rows.first(found).map(PgFollowUpLog::toEntry))));
    }

    private static Future<Void> drop(SqlConnection connection, Actor actor, long row) {
        return Postgres.on(connection, DROP, of(actor.namespace(), row)).compose(dropped -> Rows.first(dropped)
                .map(before -> AuditRows.append(
                        connection,
                        actor,
                        "follow_up.dropped",
                        nameOf(row),
                        before.getString(AuditRows.SNAPSHOT),
                        null))
                .orElseGet(Future::succeededFuture));
    }

    private static Entry toEntry(Row row) {
        return new Entry(
                row.getLong("id"),
                FollowUpRows.toFollowUp(row),
                row.getString("state"),
                row.getInteger("attempts"),
                Rows.instantOf(row, "next_attempt_at"),
                Rows.instantOf(row, "created_at"),
                row.getString("outcome"),
                Rows.instant(row, "waiting_since"));
    }
}
