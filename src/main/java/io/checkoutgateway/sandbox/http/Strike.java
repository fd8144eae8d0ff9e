package io.checkoutgateway.sandbox.http;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a scripted fault does to one request; without a fault, nothing. */
final class Strike {
    private final Vertx vertx;
    private final @Nullable Fault fault;
    private final @Nullable Effect effect;

    /** Says that the connection is to be closed without an answer. */
    static final class Dropped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Dropped() {
            super("scripted", null, false, false);
        }
    }

    Strike(Vertx vertx, Optional<Fault> fault) {
        this.vertx = vertx;
        this.fault = fault.orElse(null);
        this.effect = fault.map(Fault::effect).orElse(null);
    }

    /** An answer given before anything is looked at, so that no key remembers it. */
    Optional<Reply> refusal() {
        return effect instanceof Effect.Answer answer && !answer.stored()
                ? Optional.of(reply(answer))
                : Optional.empty();
    }

    /** An answer given in the middle of the work, which a key remembers. */
    Optional<Reply> failure() {
        return effect instanceof Effect.Answer answer && answer.stored()
                ? Optional.of(reply(answer))
                : Optional.empty();
    }

    Future<Void> beforeCommit() {
        return at(false);
    }

    /** What becomes of the answer once the work is done. */
    Future<Reply> afterCommit(Reply reply) {
        if (effect instanceof Effect.Garbage garbage) {
            struck();
            return Future.succeededFuture(new Reply(garbage.status(), Map.of(), Buffer.buffer(garbage.body())));
        }
        return at(true).map(reply);
    }

    private Future<Void> at(boolean afterCommit) {
        if (effect instanceof Effect.Delay delay && delay.afterCommit() == afterCommit) {
            struck();
            return vertx.timer(Math.max(delay.time().toMillis(), 1), java.util.concurrent.TimeUnit.MILLISECONDS)
                    .mapEmpty();
        }
        if (fault != null && effect instanceof Effect.Hold hold && hold.afterCommit() == afterCommit) {
            return fault.hold();
        }
        if (effect instanceof Effect.Drop drop && drop.afterCommit() == afterCommit) {
            struck();
            return Future.failedFuture(new Dropped());
        }
        return Future.succeededFuture();
    }

    private Reply reply(Effect.Answer answer) {
        struck();
        JsonObject error = new JsonObject();
        answer.error().forEach(error::put);
        return Reply.of(answer.status(), answer.headers(), new JsonObject().put("error", error));
    }

    private void struck() {
        if (fault != null) {
            fault.strike();
        }
    }
}
