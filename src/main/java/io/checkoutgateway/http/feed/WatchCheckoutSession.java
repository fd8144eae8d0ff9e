package io.checkoutgateway.http.feed;

import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.feed.Scope;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v1/checkout-sessions/{sessionId}/events} */
public final class WatchCheckoutSession implements Operation {
    private final CheckoutService checkout;
    private final Feed feed;
    private final EventStreams streams;

    public WatchCheckoutSession(CheckoutService checkout, Feed feed, EventStreams streams) {
        this.checkout = checkout;
        this.feed = feed;
        this.streams = streams;
    }

    @Override
    public String id() {
        return "watch-checkout-session";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return checkout.get(call.namespace(), call.path("sessionId")).compose(session -> EventId.lastOf(call)
                .map(seen -> seen.last() ? Future.succeededFuture(Reply.noContent()) : resume(session, seen))
                .orElseGet(() -> begin(session)));
    }

    private Future<Reply> resume(CheckoutSession session, EventId seen) {
        Scope scope = Scope.ofSession(session.namespace(), session.id(), seen.sequence());
        long position = seen.position();
        return feed.resume(position)
                .compose(found -> found.complete() ? endLiesAhead(session, position) : Future.succeededFuture(false))
                .compose(goesOn -> goesOn
                        ? Future.succeededFuture(streams.reply(Beginning.after(scope, position)))
                        : begin(session));
    }

    /**
     * Whether the session's last change is still to be told; a reader that is past it would wait for nothing. A change
     * that was just made may not be published yet.
     */
    private Future<Boolean> endLiesAhead(CheckoutSession session, long seen) {
        return session.status().terminal()
                ? feed.newestOf(session.namespace(), session.id())
                        .map(found -> found.filter(newest -> newest.position() > seen || !newest.isFinal())
                                .isPresent())
                : Future.succeededFuture(true);
    }

    /** The place in the feed is taken before the session is read, so that no change falls between the two. */
    private Future<Reply> begin(CheckoutSession session) {
        long position = feed.head();
        return feed.snapshot(session.namespace(), session.id())
                .map(now -> now.orElseThrow(
                        () -> new GatewayException(Reason.NOT_FOUND, "No checkout session has this id")))
                .map(now -> streams.reply(Beginning.snapshot(now, position, now.isFinal())));
    }
}
