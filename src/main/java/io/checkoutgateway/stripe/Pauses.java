package io.checkoutgateway.stripe;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Waits that hold no thread. */
record Pauses(Vertx vertx) {
    Future<Void> of(Duration duration) {
        return duration.toMillis() <= 0
                ? Future.succeededFuture()
                : Future.future(promise -> vertx.setTimer(duration.toMillis(), fired -> promise.complete()));
    }
}
