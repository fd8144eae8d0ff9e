package io.checkoutgateway;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What forgets what is kept no longer.
 *
 * @param parts each forgets some, and tells whether there may be more
 */
record Retention(List<Supplier<Future<Boolean>>> parts) {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    Retention {
        parts = List.copyOf(parts);
    }

    /**
     * Has each part forget some; tells whether there may be more.
     *
     * @return fails when a part did and the others have come to their end
     */
    Future<Boolean> runOnce() {
        List<Future<Boolean>> rounds = parts.stream().map(Retention::begun).toList();
        return Future.join(rounds).transform(done -> {
            if (rounds.stream().anyMatch(round -> round.succeeded() && round.result())) {
                if (done.failed()) {
                    LOG.atWarn().setCause(done.cause()).log("forgetting failed in part");
                }
                return Future.succeededFuture(true);
            }
            return done.failed() ? Future.failedFuture(done.cause()) : Future.succeededFuture(false);
        });
    }

    /** One that throws is one that failed. */
    private static Future<Boolean> begun(Supplier<Future<Boolean>> part) {
        return Future.succeededFuture().compose(begun -> part.get());
    }
}
