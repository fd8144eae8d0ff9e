package io.checkoutgateway.store;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.events.Meaning;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which row an event is about, as a step of the transaction that settles it. */
final class EventSessions {
    private static final String FIND_SESSION =
            """
            SELECT id FROM checkout_sessions WHERE app_id = #{app_id} AND stripe_session_id = #{stripe_session_id}
            """;

    private static final String FIND_OURS =
            """
            SELECT id, status, stripe_session_id FROM checkout_sessions WHERE app_id = #{app_id} AND id = #{id}
            """;

    private static final String FIND_BY_SETUP_INTENT =
            """
            SELECT id FROM checkout_sessions
            WHERE app_id = #{app_id} AND (setup_intent_id = #{setup_intent_id}
                  OR (id = #{id} AND setup_intent_id IS NULL))
            LIMIT 1
            """;

    /** An empty row; what was seen is applied to it in the same transaction. */
    private static final String ADD_FOREIGN =
            """
            INSERT INTO checkout_sessions (
                id, namespace, app_id, stripe_account_id, livemode, status, mode, stripe_session_id, version)
            VALUES (
                #{id}, #{namespace}, #{app_id}, #{account_id}, #{livemode}, 'creating', #{mode},
                #{stripe_session_id}, 0)
            ON CONFLICT (app_id, stripe_session_id) DO NOTHING
            """;

    /**
     * Between the first news of a session and news of its SetupIntent: whoever comes second sees what the first one
     * wrote. Taken before any row of either is locked.
     */
    private static final String IN_TURN =
            """
            SELECT pg_advisory_xact_lock(hashtextextended(#{app_id} || '/' || #{setup_intent_id}, 0))
            """;

    private static final String HEAR_AGAIN =
            """
            UPDATE stripe_events
            SET state = 'pending', attempts = 0, next_attempt_at = now()
            WHERE app_id = #{app_id} AND object_id = #{setup_intent_id} AND type LIKE 'setup\\_intent.%'
              AND state = 'ignored'
            """;

    private EventSessions() {}

    static Future<Optional<String>> find(SqlConnection connection, TakenEvent taken, Meaning.Seen seen) {
        StripeSession session = seen.observation().session();
        if (session != null) {
            return ofSession(connection, taken, session, seen.gatewaySessionId());
        }
        SetupIntent intent = seen.observation().setupIntent();
        Parameters parameters = Parameters.of("app_id", taken.appId())
                .and("setup_intent_id", intent == null ? null : intent.id())
                .and("id", seen.gatewaySessionId());
        return idOf(connection, FIND_BY_SETUP_INTENT, parameters)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        // The session may be on its way, and hears this again when it comes; unless it came just now.
                        : Postgres.on(connection, IN_TURN, parameters.map())
                                .compose(alone -> idOf(connection, FIND_BY_SETUP_INTENT, parameters)));
    }

    /** The session by Stripe's id; else ours that the metadata name; else one that another service made. */
    private static Future<Optional<String>> ofSession(
            SqlConnection connection, TakenEvent taken, StripeSession session, @Nullable String gatewaySessionId) {
        Parameters parameters = Parameters.of("app_id", taken.appId())
                .and("stripe_session_id", session.id())
                .and("id", gatewaySessionId);
        return idOf(connection, FIND_SESSION, parameters)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        : Postgres.on(connection, FIND_OURS, parameters.map()).compose(rows -> Rows.first(rows)
                                .map(ours -> Future.succeededFuture(unanswered(ours, session)))
                                .orElseGet(() -> addForeign(connection, taken, session)
                                        .compose(added -> idOf(connection, FIND_SESSION, parameters)))));
    }

    /**
     * Ours, when its answer has not come yet. A row that holds another session has overtaken this one; and an expired
     * session may be a double that was ended, which a create under way must not be left with: once that is settled, it
     * is known which of the two this one was.
     */
    private static Optional<String> unanswered(Row ours, StripeSession session) {
        boolean expired = session.status() == CheckoutStatus.EXPIRED;
        CheckoutStatus status = CheckoutStatus.of(ours.getString("status"));
        if (ours.getString("stripe_session_id") != null || (expired && status == CheckoutStatus.FAILED)) {
            return Optional.empty();
        }
        if (expired) {
            throw new IllegalStateException("the create of " + ours.getString("id") + " is still under way");
        }
        return Optional.of(ours.getString("id"));
    }

    private static Future<Void> addForeign(SqlConnection connection, TakenEvent taken, StripeSession session) {
        Parameters parameters = Parameters.of(
                        "id", UlidCreator.getMonotonicUlid().toString())
                .and("namespace", taken.namespace())
                .and("app_id", taken.appId())
                .and("account_id", taken.accountId())
                .and("livemode", session.livemode())
                .and("mode", session.mode())
                .and("stripe_session_id", session.id())
                .and("setup_intent_id", session.setupIntent());
        Future<?> turn = session.setupIntent() == null
                ? Future.succeededFuture()
                : Postgres.on(connection, IN_TURN, parameters.map())
                        .compose(alone -> Postgres.on(connection, HEAR_AGAIN, parameters.map()));
        return turn.compose(heard -> Postgres.on(connection, ADD_FOREIGN, parameters.map()))
                .mapEmpty();
    }

    private static Future<Optional<String>> idOf(SqlConnection connection, String sql, Parameters parameters) {
        return Postgres.on(connection, sql, parameters.map())
                .map(rows -> Rows.first(rows).map(row -> row.getString("id")));
    }
}
