package io.checkoutgateway.store;

import io.checkoutgateway.apps.AppTaskStore.Begun;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** What a request for an app's task meets, as its transaction finds it; opened once that is over. */
record SealedBegun(Optional<AppTaskRows.Sealed> task, Optional<StoredAnswer> answer, Duration retryAfter) {
    /** It is this request's to do. */
    static SealedBegun toDo(AppTaskRows.Sealed task) {
        return new SealedBegun(Optional.of(task), Optional.empty(), Duration.ZERO);
    }

    /** It was asked for before; the answer is empty while somebody is at it, or where nothing is kept of it. */
    static SealedBegun known(Optional<StoredAnswer> answer) {
        return new SealedBegun(Optional.empty(), answer, Duration.ZERO);
    }

    /** Somebody else is at it. */
    static SealedBegun busy(Duration retryAfter) {
        return new SealedBegun(Optional.empty(), Optional.empty(), retryAfter);
    }

    Future<Begun> open(Vault vault) {
        return task.map(found -> found.open(vault).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .map(opened -> new Begun(opened, answer, retryAfter));
    }
}
