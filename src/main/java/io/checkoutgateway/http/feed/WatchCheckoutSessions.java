package io.checkoutgateway.http.feed;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.feed.Feed;
import io.checkoutgateway.feed.FeedEntry;
import io.checkoutgateway.feed.Scope;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.PlainFilter;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/checkout-sessions/events} */
public final class WatchCheckoutSessions implements Operation {
    private static final String TYPE = "type";
    private static final String CUSTOMER = "customer_id";

    private final Feed feed;
    private final EventStreams streams;

    public WatchCheckoutSessions(Feed feed, EventStreams streams) {
        this.feed = feed;
        this.streams = streams;
    }

    @Override
    public String id() {
        return "watch-checkout-sessions";
    }

    @Override
    public Future<Reply> handle(Call call) {
        PlainFilter filter = PlainFilter.of(call.query(), Set.of(TYPE, CUSTOMER));
        Scope scope = Scope.ofNamespace(call.namespace(), types(filter.value(TYPE)), filter.value(CUSTOMER));
        return EventId.lastOf(call)
                .map(seen -> feed.resume(seen.position())
                        .map(found -> found.complete()
                                ? Beginning.after(scope, found.position())
                                : Beginning.reset(scope, found.position())))
                .orElseGet(() -> Future.succeededFuture(Beginning.after(scope, feed.head())))
                .map(streams::reply);
    }

    private static Set<String> types(@Nullable String list) {
        Set<String> types = new LinkedHashSet<>();
        for (String type : list == null ? new String[0] : list.split(",", -1)) {
            if (!FeedEntry.TYPES.contains(type)) {
                throw GatewayException.invalid(InvalidParameter.inQuery(
                        "filter[type]", "enum", "must be one or more of " + String.join(",", FeedEntry.TYPES)));
            }
            types.add(type);
        }
        return types;
    }
}
