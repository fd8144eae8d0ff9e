package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.Failures;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes through all apps, a few at a time. What fails for one does not keep the others from their turn. */
final class Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    /** As many as the background has threads for calls to Stripe. */
    private static final int LANES = 4;

    private Rounds() {}

    /** What the work brought for each app, in no order; those for which it failed are missing. */
    static <T> Future<List<T>> of(List<StripeApp> apps, Function<StripeApp, Future<T>> work) {
        ConcurrentLinkedQueue<StripeApp> waiting = new ConcurrentLinkedQueue<>(apps);
        ConcurrentLinkedQueue<T> results = new ConcurrentLinkedQueue<>();
        List<Future<Void>> lanes = IntStream.range(0, Math.min(LANES, apps.size()))
                .mapToObj(lane -> next(waiting, results, work))
                .toList();
        return Future.join(lanes).map(done -> new ArrayList<>(results));
    }

    private static <T> Future<Void> next(
            ConcurrentLinkedQueue<StripeApp> waiting,
            ConcurrentLinkedQueue<T> results,
            Function<StripeApp, Future<T>> work) {
        StripeApp app = waiting.poll();
        return app == null
                ? Future.succeededFuture()
                : Future.succeededFuture(app)
                        .compose(work)
                        .onSuccess(results::add)
                        .onFailure(failure -> note(app, failure))
                        .transform(done -> next(waiting, results, work));
    }

    private static void note(StripeApp app, Throwable failure) {
        Failures.note(LOG.atWarn().addKeyValue("app", app.id()), failure).log("a round failed for an app");
    }
}
