package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.events.EventStore.Outcome;
import io.checkoutgateway.events.Meaning;
import io.checkoutgateway.followup.FollowUp;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does what an event means, as a step of the transaction that settles it. */
final class EventEffects {
    /**
     * What came of an event.
     *
     * @param detail for people: the session that it changed, or why there is none
     * @param deferred whether it only called for a reading, which writes the row
     */
    record Effect(Outcome outcome, String detail, boolean deferred) {
        static Effect applied(String detail) {
            return new Effect(Outcome.APPLIED, detail, false);
        }

        static Effect deferred(String detail) {
            return new Effect(Outcome.APPLIED, detail, true);
        }

        static Effect ignored(String reason) {
            return new Effect(Outcome.IGNORED, reason, false);
        }
    }

    private static final String NO_SESSION = "it concerns no session kept here";

    private EventEffects() {}

    static Future<Effect> apply(SqlConnection connection, TakenEvent taken, Meaning meaning) {
        return effectOf(connection, taken, meaning)
                .compose(effect -> noteAccount(connection, taken, meaning).map(effect));
    }

    /**
     * An account that tells of anything is connected, also one whose event changes nothing here. That of an event that
     * cannot be applied, and is tried again or quarantined, is noted by its next one.
     */
    private static Future<Void> noteAccount(SqlConnection connection, TakenEvent taken, Meaning meaning) {
        String account = taken.event().account();
        return account == null || meaning instanceof Meaning.AccountGone || !taken.ofItsAppsMode()
                ? Future.succeededFuture()
                : ConnectedAccountRows.seen(
                        connection,
                        actor(taken),
                        taken.appId(),
                        account,
                        taken.event().created());
    }

    private static Actor actor(TakenEvent taken) {
        return Actor.gateway(taken.namespace(), taken.event().id());
    }

    private static Future<Effect> effectOf(SqlConnection connection, TakenEvent taken, Meaning meaning) {
        if (meaning instanceof Meaning.Seen seen) {
            return observe(connection, taken, seen);
        }
        if (meaning instanceof Meaning.ToRead toRead) {
            FollowUp reading = new FollowUp(
                    toRead.kind(), taken.appId(), taken.event().account(), toRead.subject(), toRead.happenedAt());
            return FollowUpRows.add(connection, reading, taken.cause())
                    .map(Effect.deferred("written in another API version, so it is read: " + toRead.subject()));
        }
        if (meaning instanceof Meaning.PaymentToRead toRead) {
            return readSessionOf(connection, taken, toRead.paymentId());
        }
        if (meaning instanceof Meaning.Chosen chosen) {
            return DefaultPaymentMethods.choose(connection, taken.appId(), chosen.choice())
                    .map(changed -> customers(
                            changed, "chosen at Stripe for " + chosen.choice().stripeCustomerId()));
        }
        if (meaning instanceof Meaning.PaymentMethodGone gone) {
            return DefaultPaymentMethods.clear(connection, taken.appId(), gone.paymentMethodId())
                    .map(cleared -> customers(cleared, "no default any more: " + gone.paymentMethodId()));
        }
        if (meaning instanceof Meaning.CustomerGone gone) {
            return DefaultPaymentMethods.unlink(connection, taken.appId(), gone.stripeCustomerId())
                    .map(unlinked -> customers(unlinked, "no counterpart any more: " + gone.stripeCustomerId()));
        }
        if (meaning instanceof Meaning.AccountGone) {
            return disconnect(
                    connection, taken, Objects.requireNonNull(taken.event().account()));
        }
        return Future.succeededFuture(Effect.ignored(((Meaning.Ignored) meaning).reason()));
    }

    private static Future<Effect> readSessionOf(SqlConnection connection, TakenEvent taken, String paymentId) {
        return EventSessions.ofPayment(connection, taken, paymentId)
                .compose(found -> found.flatMap(session -> Optional.ofNullable(session.stripe()))
                        .map(session -> FollowUpRows.add(
                                        connection,
                                        new FollowUp(
                                                FollowUp.Kind.READ_SESSION,
                                                taken.appId(),
                                                taken.event().account(),
                                                session.id()),
                                        taken.cause())
                                .map(Effect.deferred(
                                        "written in another API version, so its session is read: " + session.id())))
                        .orElseGet(() -> Future.succeededFuture(Effect.ignored(NO_SESSION))));
    }

    private static Future<Effect> disconnect(SqlConnection connection, TakenEvent taken, String account) {
        return ConnectedAccountRows.deauthorized(
                        connection, taken.appId(), account, taken.event().created())
                .map(news -> news
                        ? Effect.applied("Stripe is asked whether it is disconnected: " + account)
                        : Effect.ignored("it concerns no account that is connected here since before"));
    }

    private static Effect customers(boolean changed, String detail) {
        return changed ? Effect.applied(detail) : Effect.ignored("it changes no customer kept here");
    }

    private static Future<Effect> observe(SqlConnection connection, TakenEvent taken, Meaning.Seen seen) {
        return EventSessions.apply(connection, taken, seen)
                .compose(found -> found.map(session ->
                                choose(connection, session, seen.choice()).map(Effect.applied(session.id())))
                        .orElseGet(() -> Future.succeededFuture(Effect.ignored(NO_SESSION))))
                .recover(failure -> failure instanceof CreateUnderWay
                        ? readLater(connection, taken, seen)
                        : Future.failedFuture(failure));
    }

    /**
     * The create may stay unsettled for hours, which is not the event's fault: it must not be set aside for it. Readings
     * are tried for three days, and find the session as it is then.
     */
    private static Future<Effect> readLater(SqlConnection connection, TakenEvent taken, Meaning.Seen seen) {
        String session = Objects.requireNonNull(seen.observation().session()).id();
        FollowUp reading = new FollowUp(
                FollowUp.Kind.READ_SESSION, taken.appId(), taken.event().account(), session);
        return FollowUpRows.add(connection, reading, taken.cause())
                .map(Effect.deferred("the create that it may belong to is under way, so it is read later: " + session));
    }

    /** Who sets up a payment method in a session of ours means to pay with it. */
    private static Future<Boolean> choose(
            SqlConnection connection, CheckoutSession session, Meaning.@Nullable Choice choice) {
        return choice == null || session.customerId() == null
                ? Future.succeededFuture(false)
                : DefaultPaymentMethods.choose(connection, session.appId(), choice);
    }
}
