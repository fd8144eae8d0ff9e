package io.checkoutgateway.store;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.followup.Findings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What follow-ups have read, in Postgres. */
public final class PgFindings implements Findings {
    private static final String FIND = "SELECT " + SessionRow.COLUMNS
            + " FROM checkout_sessions WHERE app_id = #{app_id} AND stripe_session_id = #{id}";

    private static final String FIND_BY_SETUP_INTENT = "SELECT " + SessionRow.COLUMNS
            + " FROM checkout_sessions WHERE app_id = #{app_id} AND setup_intent_id = #{id} LIMIT 1";

    private static final String FIND_HOLDER =
            """
            SELECT id FROM checkout_sessions
            WHERE app_id = #{app_id} AND (setup_intent_id = #{setup_intent_id}
                  OR (id = #{id} AND setup_intent_id IS NULL AND
            """
                    + ForeignSessions.SAME_ACCOUNT + "))\nLIMIT 1";

    /** A reading of the same moment is another look at the same items. */
    private static final String WRITE_LINE_ITEMS =
            """
            UPDATE checkout_sessions
            SET line_items = #{line_items}, line_items_as_of = #{as_of}
            WHERE app_id = #{app_id} AND stripe_session_id = #{stripe_session_id}
              AND (line_items_as_of IS NULL OR line_items_as_of <= #{as_of})
            RETURNING id
            """;

    private final Postgres postgres;

    public PgFindings(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<CheckoutSession>> session(StripeApp app, String stripeSessionId) {
        return find(FIND, app, stripeSessionId);
    }

    @Override
    public Future<Optional<CheckoutSession>> sessionOfSetupIntent(StripeApp app, String setupIntentId) {
        return find(FIND_BY_SETUP_INTENT, app, setupIntentId);
    }

    private Future<Optional<CheckoutSession>> find(String sql, StripeApp app, String id) {
        return postgres.query(
                        sql, Parameters.of("app_id", app.id()).and("id", id).map())
                .map(rows -> Rows.first(rows).map(SessionRow::toSession));
    }

    @Override
    public Future<Optional<CheckoutSession>> write(StripeApp app, Observation seen) {
        return postgres.inTransaction(
                connection -> ForeignSessions.apply(connection, app.id(), app.namespace(), app.accountId(), seen));
    }

    @Override
    public Future<Optional<CheckoutSession>> writeSetupIntent(
            StripeApp app, Observation seen, @Nullable String gatewaySessionId, @Nullable Instant setUpAt) {
        SetupIntent intent = Objects.requireNonNull(seen.setupIntent(), "a SetupIntent was read");
        Parameters parameters = Parameters.of("app_id", app.id())
                .and("account_id", app.accountId())
                .and("setup_intent_id", intent.id())
                .and("id", gatewaySessionId);
        return postgres.inTransaction(connection -> apply(connection, parameters, seen)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        // As with events: the session may come just now, and then either it or this sees the other.
                        : new Turn(app.id(), intent.id())
                                .take(connection, seen.source())
                                .compose(alone -> apply(connection, parameters, seen)))
                .compose(session -> choose(connection, session, setUpAt).map(session)));
    }

    /** Also where the reading is no news: whoever read it before did not know when it was set up. */
    private static Future<?> choose(
            SqlConnection connection, Optional<CheckoutSession> session, @Nullable Instant setUpAt) {
        return session.isPresent() && setUpAt != null
                ? SessionChanges.choose(connection, session.get(), setUpAt)
                : Future.succeededFuture();
    }

    private static Future<Optional<CheckoutSession>> apply(
            SqlConnection connection, Parameters parameters, Observation seen) {
        return Postgres.on(connection, FIND_HOLDER, parameters.map()).compose(rows -> Rows.first(rows)
                .map(row -> SessionChanges.apply(connection, row.getString("id"), seen)
                        .map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    @Override
    public Future<Boolean> writeLineItems(StripeApp app, String stripeSessionId, List<JsonObject> items, Instant asOf) {
        return postgres.query(
                        WRITE_LINE_ITEMS,
                        Parameters.of("app_id", app.id())
                                .and("stripe_session_id", stripeSessionId)
                                .and("line_items", new JsonArray(items))
                                .and("as_of", Rows.utc(asOf))
                                .map())
                .map(rows -> Rows.first(rows).isPresent());
    }
}
