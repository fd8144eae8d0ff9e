package io.checkoutgateway.store;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which row a session of Stripe's belongs to, as a step of a transaction; one that another service made gets a row. */
final class ForeignSessions {
    private static final String SETUP_INTENTS = "seti_";

    private static final String FIND = "SELECT " + SessionRow.COLUMNS
            + """
            FROM checkout_sessions
            WHERE app_id = #{app_id} AND stripe_session_id = #{stripe_session_id}
            FOR UPDATE
            """;

    /**
     * That a row lies in the account {@code account_id}, where no account is the app's own: a connected account may
     * write whatever it likes into its metadata, also the id of another's session. While the app's own account is not
     * known and none is named, what was seen is of the app's own, and nothing tells its rows from others.
     */
    static final String SAME_ACCOUNT =
            """
            (SELECT coalesce(#{account_id}::text, own.stripe_account_id) IS NULL
                    OR coalesce(checkout_sessions.stripe_account_id, own.stripe_account_id)
                       = coalesce(#{account_id}::text, own.stripe_account_id)
             FROM apps own WHERE own.id = #{app_id})
            """;

    private static final String FIND_OURS = "SELECT " + NamedRow.COLUMNS
            + "FROM checkout_sessions WHERE app_id = #{app_id} AND id = #{id} AND " + SAME_ACCOUNT;

    /**
     * Nobody could do anything with them: they were ignored, or written in another API version, and what was read
     * because of that belonged to no session.
     */
    private static final String HEAR_AGAIN =
            """
            UPDATE stripe_events
            SET state = 'pending', attempts = 0, next_attempt_at = now()
            WHERE app_id = #{app_id} AND object_id = #{followed} AND state IN ('ignored', 'applied') AND
            """;

    private static final String HEAR_SETUP_INTENT_AGAIN = HEAR_AGAIN + "type LIKE 'setup\\_intent.%'";

    /** As the index on them has it. */
    private static final String OF_PAYMENTS = "(type LIKE 'payment\\_intent.%' OR type LIKE 'customer.subscription.%')";

    private static final String HEAR_PAYMENT_AGAIN = HEAR_AGAIN + OF_PAYMENTS;

    private ForeignSessions() {}

    /**
     * Applies what was seen to the row that holds the session; else to ours that the metadata name, if that may have
     * opened it; else makes one.
     *
     * @param accountId the account that the session lies in; {@code null} while it is not known
     * @param seen holds the session
     * @return the session as it is afterwards; empty when it is an attempt of ours that was overtaken. Fails while the
     *     create that it may belong to is under way, with {@link CreateUnderWay}.
     */
    static Future<Optional<CheckoutSession>> apply(
            SqlConnection connection, String appId, String namespace, @Nullable String accountId, Observation seen) {
        StripeSession session = Objects.requireNonNull(seen.session(), "a session was seen");
        Parameters parameters =
                Parameters.of("app_id", appId).and("account_id", accountId).and("stripe_session_id", session.id());
        return find(connection, parameters, seen)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        : ours(connection, parameters, session).compose(ours -> ours.map(
                                        row -> adopt(connection, row, session, seen))
                                .orElseGet(() -> add(
                                        connection, parameters, blank(appId, namespace, accountId, session), seen))));
    }

    private static Future<Optional<CheckoutSession>> find(
            SqlConnection connection, Parameters parameters, Observation seen) {
        return Postgres.on(connection, FIND, parameters.map()).compose(rows -> Rows.first(rows)
                .map(row -> SessionChanges.apply(connection, SessionRow.toSession(row), seen)
                        .map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private static Future<Optional<NamedRow>> ours(
            SqlConnection connection, Parameters parameters, StripeSession session) {
        String id = session.metadata().get(ReservedMetadata.SESSION_ID);
        return id == null
                ? Future.succeededFuture(Optional.empty())
                : Postgres.on(connection, FIND_OURS, parameters.and("id", id).map())
                        .map(rows -> Rows.first(rows).map(NamedRow::of).filter(named -> named.mayHaveOpened(session)));
    }

    /** Ours, when its answer has not come yet. Once a create is settled, it is known which session was a double. */
    private static Future<Optional<CheckoutSession>> adopt(
            SqlConnection connection, NamedRow ours, StripeSession session, Observation seen) {
        if (ours.isUndecidedAbout(session)) {
            throw new CreateUnderWay(ours.id());
        }
        return ours.hasOvertaken(session)
                ? Future.succeededFuture(Optional.empty())
                : SessionChanges.apply(connection, ours.id(), seen).map(Optional::of);
    }

    /** Looks again where somebody else made the row at the same moment. */
    private static Future<Optional<CheckoutSession>> add(
            SqlConnection connection, Parameters parameters, CheckoutSession blank, Observation seen) {
        return hearAgain(connection, blank.appId(), followed(null, seen.session()), seen.source())
                .compose(heard -> SessionChanges.add(connection, blank, seen))
                .compose(added ->
                        added.isPresent() ? Future.succeededFuture(added) : find(connection, parameters, seen));
    }

    /** What is known of a session that another service made, before it is read. */
    private static CheckoutSession blank(
            String appId, String namespace, @Nullable String accountId, StripeSession session) {
        return new CheckoutSession(
                UlidCreator.getMonotonicUlid().toString(),
                0,
                namespace,
                appId,
                accountId,
                session.livemode(),
                null,
                null,
                CheckoutStatus.CREATING,
                null,
                null,
                null,
                Map.of(),
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                0,
                0);
    }

    /** What events tell a session's payment method of: its SetupIntent, else what it is paid through. */
    static @Nullable String followed(@Nullable SetupIntent intent, @Nullable StripeSession session) {
        if (intent != null || session == null) {
            return intent == null ? null : intent.id();
        }
        return session.setupIntent() == null ? session.payment() : session.setupIntent();
    }

    /**
     * Has everything heard again that events said of this before it was known whose it is, in {@link Turn}.
     *
     * @param followed {@code null} where there is nothing to follow
     */
    static Future<?> hearAgain(
            SqlConnection connection, String appId, @Nullable String followed, Observation.Source source) {
        if (followed == null) {
            return Future.succeededFuture();
        }
        String sql = followed.startsWith(SETUP_INTENTS) ? HEAR_SETUP_INTENT_AGAIN : HEAR_PAYMENT_AGAIN;
        return new Turn(appId, followed)
                .take(connection, source)
                .compose(alone -> Postgres.on(connection, sql, Map.of("app_id", appId, "followed", followed)));
    }
}
