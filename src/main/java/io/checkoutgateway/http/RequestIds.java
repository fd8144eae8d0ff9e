package io.checkoutgateway.http;

import com.github.f4b6a3.ulid.Ulid;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/** The id that a request is known by, in its answer, in problems and in logs: the caller's own or a new ULID. */
final class RequestIds {
    static final String HEADER = "X-Request-Id";

    private static final String KEY = "request-id";
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private RequestIds() {}

    static void assign(RoutingContext context) {
        if (context.get(KEY) != null) {
            return;
        }
        String id = of(context.request());
        context.put(KEY, id);
        context.response().putHeader(HEADER, id);
    }

    static String of(RoutingContext context) {
        String assigned = context.get(KEY);
        return assigned == null ? of(context.request()) : assigned;
    }

    /** A malformed id is not echoed: it may be an attempt to write into logs or headers. */
    private static String of(HttpServerRequest request) {
        String given = request.getHeader(HEADER);
        return given != null && FORM.matcher(given).matches()
                ? given
                // Not a secret: the fast generator will do, the other one asks the kernel.
                : Ulid.fast().toString();
    }
}
