package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.PortalJournal;
import io.checkoutgateway.checkout.PortalSession;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Objects;
import java.util.Optional;

/**
 * Requests for the portal, in Postgres: rows of idempotency keys, as those of creates, without a session's row. Who has the
 * answer is in the portal, so it is sealed.
 */
public final class PgPortalJournal implements PortalJournal {
    private final Postgres postgres;
    private final SealedAnswers answers;

    public PgPortalJournal(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.answers = new SealedAnswers(vault);
    }

    @Override
    public Future<Claim> claim(String namespace, Optional<IdempotencyKey> key, String id) {
        return key.map(given -> claim(namespace, given, id))
                .orElseGet(() -> Future.succeededFuture(new Claim(id, Optional.empty())));
    }

    private Future<Claim> claim(String namespace, IdempotencyKey key, String id) {
        return postgres.inTransaction(connection -> PgIdempotencyKeys.claim(connection, namespace, key, id)
                        .compose(used -> answers.found(connection, namespace, key, used)
                                .map(kept -> new Claimed(Objects.requireNonNull(used.sessionId()), kept))))
                .compose(this::opened);
    }

    private record Claimed(String id, Optional<SealedAnswers.Kept> kept) {}

    private Future<Claim> opened(Claimed claimed) {
        return claimed.kept()
                .map(kept ->
                        answers.opened(kept).map(answered -> new Claim(claimed.id(), Optional.of(answered.answer()))))
                .orElseGet(() -> Future.succeededFuture(new Claim(claimed.id(), Optional.empty())));
    }

    @Override
    public Future<Answered> opened(Actor actor, Claim claim, PortalSession opened, StoredAnswer answer) {
        return postgres.inTransaction(connection -> store(connection, claim, answer)
                        .compose(kept -> kept.answered().replayed()
                                ? Future.succeededFuture(kept)
                                : note(connection, actor, opened).map(kept)))
                .compose(answers::opened);
    }

    /** The address is the customer's to use, and is written down nowhere but in the answer. */
    private static Future<Void> note(SqlConnection connection, Actor actor, PortalSession opened) {
        String after = new JsonObject()
                .put("id", opened.id())
                .put("stripe_customer_id", opened.stripeCustomerId())
                .put("configuration_id", opened.configurationId())
                .encode();
        return AuditRows.append(
                connection, actor, "portal_session.created", "portal_session:" + opened.id(), null, after);
    }

    @Override
    public Future<Answered> refused(Claim claim, StoredAnswer answer) {
        return postgres.inTransaction(connection -> store(connection, claim, answer))
                .compose(answers::opened);
    }

    /** An equal request may have been faster; Stripe has told both of the same portal session. */
    private Future<SealedAnswers.Kept> store(SqlConnection connection, Claim claim, StoredAnswer answer) {
        return answers.answer(connection, claim.id(), answer);
    }

    @Override
    public Future<Void> free(Claim claim) {
        return postgres.inTransaction(connection -> PgIdempotencyKeys.free(connection, claim.id()));
    }
}
