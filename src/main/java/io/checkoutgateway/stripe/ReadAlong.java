package io.checkoutgateway.stripe;

import com.stripe.exception.PermissionException;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.cache.Lru;
import io.checkoutgateway.failure.StripeFailure;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is read along with a session, in the same call: its SetupIntent, and what it is paid through as far as the key
 * allows. A restricted key may do without PaymentIntents and Subscriptions; Stripe then refuses the whole call, so that
 * it is made again for less, and less is asked for from then on.
 */
final class ReadAlong {
    private static final Logger LOG = LoggerFactory.getLogger(ReadAlong.class);

    private static final String SETUP_INTENT = "setup_intent";
    private static final String PAYMENT_INTENT = "payment_intent";
    private static final String SUBSCRIPTION = "subscription";

    /** From all to what is needed. Each is one permission: a key may have either. */
    private static final List<List<String>> CHOICES = List.of(
            List.of(SETUP_INTENT, PAYMENT_INTENT, SUBSCRIPTION),
            List.of(SETUP_INTENT, PAYMENT_INTENT),
            List.of(SETUP_INTENT, SUBSCRIPTION),
            List.of(SETUP_INTENT));

    /** A key may be replaced, or be allowed more at Stripe. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    /** An app whose key may read all is not remembered; one that is forgotten is refused three calls once more. */
    static final int KEPT_MAX = 10_000;

    /**
     * What to ask for in one call.
     *
     * @param expanded the members of the session to expand
     * @param least whether it is what is needed: the refusal of more is foreseen, and says nothing of the key
     */
    record Choice(List<String> expanded, boolean least) {
        /** Makes the call that asks for this. */
        <T> Future<T> make(StripeCalls calls, StripeApp app, String operation, StripeCalls.Call<T> call) {
            return least ? calls.run(app, operation, call) : calls.tryFor(app, operation, call);
        }
    }

    /** @param choice the first one that Stripe did not refuse, or the last */
    private record Allowed(int choice, Instant until) {}

    private final Lru<String, Allowed> byApp = new Lru<>(KEPT_MAX);
    private final Clock clock;

    ReadAlong(Clock clock) {
        this.clock = clock;
    }

    /**
     * Reads, with as much as the app's key may read.
     *
     * @param reading makes the call that asks for this
     */
    <T> Future<T> read(StripeApp app, Function<Choice, Future<T>> reading) {
        int choice = byApp.find(app.id())
                .filter(known -> clock.instant().isBefore(known.until()))
                .map(Allowed::choice)
                .orElse(0);
        return read(app, choice, false, reading);
    }

    /** @param refused whether more was asked for, and refused */
    private <T> Future<T> read(StripeApp app, int choice, boolean refused, Function<Choice, Future<T>> reading) {
        boolean last = choice + 1 == CHOICES.size();
        return reading.apply(new Choice(CHOICES.get(choice), last))
                .onComplete(done -> {
                    if (refused && (done.succeeded() || (last && mayNotRead(done.cause())))) {
                        remember(app, choice);
                    }
                })
                .recover(failure -> mayNotRead(failure) && !last
                        ? read(app, choice + 1, true, reading)
                        : Future.failedFuture(failure));
    }

    private static boolean mayNotRead(Throwable failure) {
        return failure.getCause() instanceof PermissionException && !StripeFailure.saysNoAccess(failure);
    }

    private void remember(StripeApp app, int choice) {
        byApp.put(app.id(), new Allowed(choice, clock.instant().plus(REMEMBERED)));
        LOG.atInfo()
                .addKeyValue("app", app.id())
                .addKeyValue("read_along", String.join(",", CHOICES.get(choice)))
                .log("Stripe lets the app's key read less along with sessions");
    }
}
