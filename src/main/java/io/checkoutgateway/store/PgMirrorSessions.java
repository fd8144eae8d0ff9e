package io.checkoutgateway.store;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.Change;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.mirror.MirrorSessions;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions in Postgres, for those who compare them with Stripe's. */
public final class PgMirrorSessions implements MirrorSessions {
    private static final Logger LOG = LoggerFactory.getLogger(PgMirrorSessions.class);

    /** Besides what a session is made of, the columns that repeat members of its object. */
    private static final String KEPT = "SELECT " + SessionRow.COLUMNS
            + """
                   , stripe_session_id, mode, ui_mode, payment_status, currency, payment_intent_id, subscription_id,
                   client_reference_id, customer_email, locale, success_url, cancel_url, billing_address_collection,
                   submit_type, metadata, stripe_created_at, expires_at,
            """
            + FollowUpRows.LACKING_LINE_ITEMS
            + """
                   AS lacks_line_items
            FROM checkout_sessions
            WHERE app_id = #{app_id} AND stripe_session_id = ANY (#{stripe_session_ids}::text[])
            """;

    private static final String OURS = "SELECT " + NamedRow.COLUMNS
            + """
            FROM checkout_sessions
            WHERE app_id = #{app_id} AND id = ANY (#{ids}::text[]) AND
            """
            + ForeignSessions.SAME_ACCOUNT;

    private static final String FIND =
            """
            SELECT id, version FROM checkout_sessions
            WHERE app_id = #{app_id} AND stripe_session_id = #{stripe_session_id}
            """;

    private static final String NOW = "SELECT " + SessionRow.COLUMNS
            + """
            , to_jsonb(s)::text AS snapshot
            FROM checkout_sessions s
            WHERE app_id = #{app_id} AND stripe_session_id = #{stripe_session_id}
            FOR UPDATE
            """;

    private static final String GIVE_UP =
            """
            WITH changed AS (
                UPDATE checkout_sessions
                SET status = 'failed',
                    failure_code = 'missing_at_stripe',
                    failure_detail = 'Stripe does not know this session',
                    updated_at = now(),
                    version = version + 1
                WHERE id = #{id} AND version = #{version}
                RETURNING id, namespace, version, payment_status, setup_intent_status
            ), noted AS (
                INSERT INTO checkout_session_transitions (
                    session_id, sequence, from_status, to_status, reason, source, event_id, occurred_at)
                SELECT id, version, #{from_status}, 'failed', 'missing_at_stripe', 'backfill', NULL, #{occurred_at}
                FROM changed
            ), announced AS (
                INSERT INTO outbox (namespace, session_id, sequence, payment_status, setup_intent_status)
                SELECT namespace, id, version, payment_status, setup_intent_status FROM changed
            )
            SELECT id FROM changed
            """;

    private static final String UNLISTED =
            """
            SELECT id, stripe_session_id, count(*) OVER () AS total
            FROM checkout_sessions
            WHERE app_id = #{app_id}
              AND (stripe_account_id = #{account_id} OR (stripe_account_id IS NULL AND #{own}))
              AND stripe_session_id IS NOT NULL
              AND stripe_created_at >= #{from} AND stripe_created_at < #{to}
              AND status <> 'failed'
              AND stripe_session_id <> ALL (#{listed}::text[])
            ORDER BY stripe_created_at DESC
            LIMIT #{most}
            """;

    /** Of one page's stretch of time; a report counts further ones, and finds them when those before were mended. */
    private static final int UNLISTED_MAX = 10_000;

    private final Postgres postgres;

    public PgMirrorSessions(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Known> known(StripeApp app, List<StripeSession> listed) {
        String[] ids = listed.stream().map(StripeSession::id).toArray(String[]::new);
        return kept(app, ids).compose(rows -> {
            List<StripeSession> strangers = listed.stream()
                    .filter(session -> !rows.containsKey(session.id()) && ulidIn(session) != null)
                    .toList();
            return strangers.isEmpty()
                    ? Future.succeededFuture(new Known(rows, Set.of()))
                    : leftAlone(app, strangers).map(alone -> new Known(rows, alone));
        });
    }

    private Future<Map<String, Kept>> kept(StripeApp app, String... stripeIds) {
        return postgres.query(KEPT, Map.of("app_id", app.id(), "stripe_session_ids", stripeIds))
                .map(rows -> {
                    Map<String, Kept> kept = new HashMap<>();
                    rows.forEach(row -> addReadable(kept, row));
                    return kept;
                });
    }

    /** A row whose object is none is as good as missing; it must not keep the others from being compared. */
    private static void addReadable(Map<String, Kept> kept, Row row) {
        try {
            kept.put(row.getString("stripe_session_id"), toKept(row));
        } catch (IllegalArgumentException e) {
            Failures.note(LOG.atWarn().addKeyValue("session", row.getString("id")), e)
                    .log("a row could not be read");
        }
    }

    private static Kept toKept(Row row) {
        CheckoutSession session = SessionRow.toSession(row);
        StripeSession object = session.stripe();
        Set<String> stale = new HashSet<>();
        if (object != null) {
            SessionColumns.of(object).forEach((name, value) -> {
                if (!name.equals("stripe") && !Objects.equals(value, valueOf(row, name))) {
                    stale.add(name);
                }
            });
        }
        boolean lacksLineItems = object != null && object.sells() && row.getBoolean("lacks_line_items");
        return new Kept(session, stale, lacksLineItems);
    }

    private static @Nullable Object valueOf(Row row, String column) {
        return switch (column) {
            case "metadata" -> row.getJsonObject(column);
            case "stripe_created_at", "expires_at" -> Rows.utc(Rows.instant(row, column));
            default -> row.getString(column);
        };
    }

    private Future<Set<String>> leftAlone(StripeApp app, List<StripeSession> strangers) {
        String[] ulids = strangers.stream().map(PgMirrorSessions::ulidIn).toArray(String[]::new);
        return postgres.query(OURS, ours(app, ulids)).map(rows -> {
            Map<String, NamedRow> ours = new HashMap<>();
            rows.forEach(row -> ours.put(row.getString("id"), NamedRow.of(row)));
            Set<String> alone = new HashSet<>();
            strangers.stream()
                    .filter(session -> isLeftAlone(ours.get(ulidIn(session)), session))
                    .forEach(session -> alone.add(session.id()));
            return alone;
        });
    }

    private static Map<String, Object> ours(StripeApp app, String... ulids) {
        return Parameters.of("app_id", app.id())
                .and("account_id", app.accountId())
                .and("ids", ulids)
                .map();
    }

    private static @Nullable String ulidIn(StripeSession session) {
        return session.metadata().get(ReservedMetadata.SESSION_ID);
    }

    /** A create under way settles its own row, and has nothing to do with a session that it cannot have opened. */
    private static boolean isLeftAlone(@Nullable NamedRow ours, StripeSession session) {
        return ours != null
                && ours.mayHaveOpened(session)
                && (ours.status() == CheckoutStatus.CREATING || ours.hasOvertaken(session));
    }

    @Override
    public Future<Optional<Kept>> find(StripeApp app, String stripeSessionId) {
        return kept(app, stripeSessionId).map(rows -> Optional.ofNullable(rows.get(stripeSessionId)));
    }

    @Override
    public Future<Applied> apply(StripeApp app, Observation seen) {
        return postgres.inTransaction(connection -> apply(connection, app, seen))
                .recover(Postgres::explained);
    }

    private static Future<Applied> apply(SqlConnection connection, StripeApp app, Observation seen) {
        StripeSession session = Objects.requireNonNull(seen.session(), "a session was seen");
        return find(connection, app, session).compose(known -> known.map(row -> change(connection, row, seen))
                .orElseGet(() -> adopt(connection, app, session, seen)));
    }

    @Override
    public Future<Optional<CheckoutSession>> keep(Actor actor, StripeApp app, Observation seen) {
        StripeSession session = Objects.requireNonNull(seen.session(), "a session was seen");
        Map<String, Object> wanted = Map.of("app_id", app.id(), "stripe_session_id", session.id());
        return postgres.inTransaction(connection -> Postgres.on(connection, NOW, wanted)
                .map(Rows::first)
                .compose(before -> apply(connection, app, seen).compose(applied -> Postgres.on(connection, NOW, wanted)
                        .map(Rows::first)
                        .compose(after -> note(connection, actor, applied, before, after)
                                .map(noted -> after.map(SessionRow::toSession))))));
    }

    private static Future<Void> note(
            SqlConnection connection, Actor actor, Applied applied, Optional<Row> before, Optional<Row> after) {
        return after.filter(row -> applied == Applied.ADDED || applied == Applied.CHANGED)
                .map(row -> AuditRows.append(
                        connection,
                        actor,
                        "checkout_session.pulled",
                        "checkout_session:" + row.getString("id"),
                        before.map(known -> known.getString(AuditRows.SNAPSHOT)).orElse(null),
                        row.getString(AuditRows.SNAPSHOT)))
                .orElseGet(Future::succeededFuture);
    }

    private static Future<Optional<Row>> find(SqlClient client, StripeApp app, StripeSession session) {
        return Postgres.on(client, FIND, Map.of("app_id", app.id(), "stripe_session_id", session.id()))
                .map(Rows::first);
    }

    private static Future<Applied> change(SqlConnection connection, Row row, Observation seen) {
        return SessionChanges.apply(connection, row.getString("id"), seen)
                .compose(after ->
                        FollowUpRows.addMissingLineItems(connection, after).map(after))
                .map(after -> after.version() == row.getLong("version") ? Applied.UNCHANGED : Applied.CHANGED);
    }

    /** Ours, whose answer was lost and whose create was given up; else one that another service made. */
    private static Future<Applied> adopt(
            SqlConnection connection, StripeApp app, StripeSession session, Observation seen) {
        String ulid = ulidIn(session);
        String[] ids = ulid == null ? new String[0] : new String[] {ulid};
        return Postgres.on(connection, OURS, ours(app, ids))
                .map(rows -> Rows.first(rows).map(NamedRow::of))
                .compose(ours -> isLeftAlone(ours.orElse(null), session)
                        ? Future.succeededFuture(Applied.LEFT_ALONE)
                        : ForeignSessions.apply(connection, app.id(), app.namespace(), app.accountId(), seen)
                                .map(ours.filter(named -> named.mayHaveOpened(session))
                                        .map(adopted -> Applied.CHANGED)
                                        .orElse(Applied.ADDED)));
    }

    /** Line items are fetched, and are no change of the row by themselves. */
    @Override
    public Future<Boolean> overwrite(Kept compared, Observation seen) {
        CheckoutSession before = compared.session();
        Change change = Change.to(before, seen);
        boolean nothingElse = change.confirms(before) && compared.staleColumns().isEmpty();
        return postgres.inTransaction(connection -> {
                    Future<Boolean> written = nothingElse
                            ? Future.succeededFuture(true)
                            : SessionChanges.overwrite(connection, before, change, seen);
                    return written.compose(done ->
                            FollowUpRows.addMissingLineItems(connection, before).map(done));
                })
                .recover(Postgres::explained);
    }

    @Override
    public Future<Boolean> giveUp(CheckoutSession compared, Instant at) {
        return postgres.query(
                        GIVE_UP,
                        Parameters.of("id", compared.id())
                                .and("version", compared.version())
                                .and("from_status", compared.status().word())
                                .and("occurred_at", Rows.utc(at))
                                .map())
                .map(rows -> rows.size() == 1);
    }

    @Override
    public Future<Unlisted> unlisted(StripeApp app, Instant from, Instant to, Set<String> listed) {
        return postgres.query(
                        UNLISTED,
                        Parameters.of("app_id", app.id())
                                .and("account_id", app.accountId())
                                .and("own", app.connectedAccount() == null)
                                .and("from", Rows.utc(from))
                                .and("to", Rows.utc(to))
                                .and("listed", listed.toArray(String[]::new))
                                .and("most", UNLISTED_MAX)
                                .map())
                .map(rows -> {
                    Map<String, String> some = new HashMap<>();
                    rows.forEach(row -> some.put(row.getString("stripe_session_id"), row.getString("id")));
                    long total =
                            Rows.first(rows).map(row -> row.getLong("total")).orElse(0L);
                    return new Unlisted(total, some);
                });
    }
}
