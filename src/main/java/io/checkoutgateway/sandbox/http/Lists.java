package io.checkoutgateway.sandbox.http;

import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Shapes;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.Shelf;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Pages of objects, the newest first ("Pagination" in Stripe's reference). */
public final class Lists {
    public static final int MAX_PAGE = 100;
    private static final int PAGE = 10;

    /** What every list takes. */
    public static final Fields PAGING = Fields.none()
            .optional("limit", Shapes.whole(1, MAX_PAGE))
            .optional("starting_after", Shapes.text())
            .optional("ending_before", Shapes.text());

    /** What a list of things with a date takes. */
    public static final Fields DATED = PAGING.optional("created", Shapes.range());

    private Lists() {}

    /** One page of the objects that pass the filter. */
    public static JsonObject page(Call call, Kind kind, String url, Predicate<JsonObject> filter) {
        Shelf shelf = call.account().all(kind);
        Predicate<JsonObject> all =
                filter.and(object -> inRange(object, call.params().getValue("created")));
        int limit = limit(call);
        boolean backwards = call.has("ending_before");
        List<JsonObject> found = take(candidates(call, kind, shelf), all, limit + 1);
        boolean more = found.size() > limit;
        List<JsonObject> page = new ArrayList<>(found.subList(0, Math.min(limit, found.size())));
        if (backwards) {
            Collections.reverse(page);
        }
        return envelope(page, more, url);
    }

    /** One page of a list that has an order of its own. */
    public static JsonObject page(Call call, List<JsonObject> all, String noun, String url) {
        int limit = limit(call);
        if (call.has("ending_before")) {
            int end = place(call, all, noun, "ending_before");
            int begin = Math.max(0, end - limit);
            return envelope(all.subList(begin, end), begin > 0, url);
        }
        int begin = call.has("starting_after") ? place(call, all, noun, "starting_after") + 1 : 0;
        int end = Math.min(begin + limit, all.size());
        return envelope(all.subList(begin, end), end < all.size(), url);
    }

    private static int place(Call call, List<JsonObject> all, String noun, String param) {
        int place = all.stream().map(object -> object.getString("id")).toList().indexOf(call.text(param));
        if (place < 0) {
            throw StripeError.noSuch(noun, call.text(param), param, 400);
        }
        return place;
    }

    /** The envelope of a list that is given whole. */
    public static JsonObject envelope(List<JsonObject> page, boolean more, String url) {
        JsonArray data = new JsonArray();
        page.forEach(data::add);
        return new JsonObject()
                .put("object", "list")
                .put("data", data)
                .put("has_more", more)
                .put("url", url);
    }

    public static int limit(Call call) {
        return call.params().getLong("limit", (long) PAGE).intValue();
    }

    private static Collection<JsonObject> candidates(Call call, Kind kind, Shelf shelf) {
        boolean after = call.has("starting_after");
        boolean before = call.has("ending_before");
        if (after && before) {
            throw StripeError.parameter(
                            "You may only specify one of these parameters: ending_before, starting_after.",
                            "starting_after")
                    .code("parameters_exclusive");
        }
        if (after) {
            return shelf.olderThan(cursor(call, kind, shelf, "starting_after"));
        }
        return before ? shelf.newerThan(cursor(call, kind, shelf, "ending_before")) : shelf.newestFirst();
    }

    private static String cursor(Call call, Kind kind, Shelf shelf, String param) {
        String id = call.text(param);
        if (shelf.find(id).isEmpty()) {
            throw StripeError.noSuch(kind.noun(), id, param, 400);
        }
        return id;
    }

    private static List<JsonObject> take(Collection<JsonObject> objects, Predicate<JsonObject> filter, int count) {
        return objects.stream().filter(filter).limit(count).toList();
    }

    private static boolean inRange(JsonObject object, @Nullable Object range) {
        if (range == null) {
            return true;
        }
        long created = object.getLong("created");
        if (range instanceof JsonObject bounds) {
            return created > bounds.getLong("gt", Long.MIN_VALUE)
                    && created >= bounds.getLong("gte", Long.MIN_VALUE)
                    && created < bounds.getLong("lt", Long.MAX_VALUE)
                    && created <= bounds.getLong("lte", Long.MAX_VALUE);
        }
        return created == (Long) range;
    }
}
