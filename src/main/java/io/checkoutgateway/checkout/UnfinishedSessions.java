package io.checkoutgateway.checkout;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.customers.StripeCustomers;
import io.checkoutgateway.failure.Failures;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finishes creates that nobody works at any more, so that no session stays {@code creating}. */
public final class UnfinishedSessions {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedSessions.class);

    /** How many are finished side by side: few, so that callers who wait keep most of Stripe's rate. */
    private static final int BATCH = 4;

    /**
     * What one look did.
     *
     * @param finished settled for good: opened, adopted or given up
     * @param unsettled left for a later look
     */
    public record Counts(int finished, int unsettled) {}

    private final CreateJournal journal;
    private final CustomerService customers;
    private final Apps apps;
    private final StripeCheckout stripe;
    private final StripeCustomers stripeCustomers;
    private final Function<@Nullable String, Answers> answers;
    private final Clock clock;
    private final Duration idempotencyRetention;

    /** @param answers writes the answers to a create, by the contract's operation that asked for it */
    public UnfinishedSessions(
            CreateJournal journal,
            CustomerService customers,
            Apps apps,
            StripeCheckout stripe,
            StripeCustomers stripeCustomers,
            Function<@Nullable String, Answers> answers,
            Clock clock,
            Duration idempotencyRetention) {
        this.journal = journal;
        this.customers = customers;
        this.apps = apps;
        this.stripe = stripe;
        this.stripeCustomers = stripeCustomers;
        this.answers = answers;
        this.clock = clock;
        this.idempotencyRetention = idempotencyRetention;
    }

    /** Looks once; tells what came of it. */
    public Future<Counts> runOnce() {
        return journal.claimUnfinished(BATCH).compose(this::finishAll);
    }

    /** Forgets some of the answers that are kept no longer; tells whether there are more. */
    public Future<Boolean> forgetAnswers() {
        return journal.forgetAnswers(idempotencyRetention);
    }

    private Future<Counts> finishAll(List<CreateAttempt> attempts) {
        List<Future<Boolean>> looks = attempts.stream().map(this::finish).toList();
        return Future.join(looks).map(done -> {
            int finished = (int) looks.stream().filter(Future::result).count();
            return new Counts(finished, looks.size() - finished);
        });
    }

    private Future<Boolean> finish(CreateAttempt attempt) {
        SessionOpener opener =
                new SessionOpener(journal, stripe, stripeCustomers, answers.apply(attempt.operation()), clock);
        return opener.resume(attempt, Parties.of(attempt, customers, apps), Observation.Source.RECONCILER)
                .map(answer -> true)
                .otherwise(failure -> notFinished(attempt, failure));
    }

    private static boolean notFinished(CreateAttempt attempt, Throwable failure) {
        Failures.note(
                        LOG.atWarn()
                                .addKeyValue("session", attempt.sessionId())
                                .addKeyValue("attempt", attempt.attempt())
                                .addKeyValue("tries", attempt.tries()),
                        failure)
                .log("checkout session could not be finished yet");
        return false;
    }
}
