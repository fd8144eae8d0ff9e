package io.checkoutgateway.store;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.checkout.StripeSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which row a session of Stripe's belongs to, as a step of a transaction; one that another service made gets a row. */
final class ForeignSessions {
    private static final String FIND =
            """
            SELECT id FROM checkout_sessions WHERE app_id = #{app_id} AND stripe_session_id = #{stripe_session_id}
            """;

    private static final String FIND_OURS =
            """
            SELECT id, status, stripe_session_id FROM checkout_sessions WHERE app_id = #{app_id} AND id = #{id}
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

    /** An empty row; what Stripe says is applied to it in the same transaction. */
    private static final String ADD =
            """
            INSERT INTO checkout_sessions (
                id, namespace, app_id, stripe_account_id, livemode, status, mode, stripe_session_id, version)
            VALUES (
                #{id}, #{namespace}, #{app_id}, #{account_id}, #{livemode}, 'creating', #{mode},
                #{stripe_session_id}, 0)
            ON CONFLICT (app_id, stripe_session_id) DO NOTHING
            """;

    private ForeignSessions() {}

    /**
     * Finds the row by Stripe's id; else ours that the metadata name; else makes one, which must be written in the same
     * transaction.
     *
     * @param accountId the account that the session lies in; {@code null} while it is not known
     * @return its id; empty when the session is an attempt of ours that was overtaken. Fails while the create that it
     *     may belong to is under way.
     */
    static Future<Optional<String>> rowOf(
            SqlConnection connection,
            String appId,
            String namespace,
            @Nullable String accountId,
            StripeSession session) {
        Parameters parameters = Parameters.of("app_id", appId)
                .and("stripe_session_id", session.id())
                .and("id", session.metadata().get(ReservedMetadata.SESSION_ID));
        return find(connection, parameters)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        : Postgres.on(connection, FIND_OURS, parameters.map()).compose(rows -> Rows.first(rows)
                                .map(ours -> Future.succeededFuture(unanswered(ours, session)))
                                .orElseGet(() -> add(connection, parameters, namespace, accountId, session))));
    }

    private static Future<Optional<String>> find(SqlConnection connection, Parameters parameters) {
        return Postgres.on(connection, FIND, parameters.map())
                .map(rows -> Rows.first(rows).map(row -> row.getString("id")));
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

    /** Looks again afterwards: somebody else may have made the row at the same moment. */
    private static Future<Optional<String>> add(
            SqlConnection connection,
            Parameters known,
            String namespace,
            @Nullable String accountId,
            StripeSession session) {
        known.and("id", UlidCreator.getMonotonicUlid().toString())
                .and("namespace", namespace)
                .and("account_id", accountId)
                .and("livemode", session.livemode())
                .and("mode", session.mode())
                .and("setup_intent_id", session.setupIntent());
        Future<?> turn = session.setupIntent() == null
                ? Future.succeededFuture()
                : inTurn(connection, known).compose(alone -> Postgres.on(connection, HEAR_AGAIN, known.map()));
        return turn.compose(heard -> Postgres.on(connection, ADD, known.map()))
                .compose(added -> find(connection, known));
    }

    /** Waits for whoever brings news of this SetupIntent or its session; {@code app_id} and its id are parameters. */
    static Future<?> inTurn(SqlConnection connection, Parameters parameters) {
        return Postgres.on(connection, IN_TURN, parameters.map());
    }
}
