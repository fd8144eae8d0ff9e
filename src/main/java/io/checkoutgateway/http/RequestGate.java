package io.checkoutgateway.http;

import io.checkoutgateway.access.Caller;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** What happens to every request before and after its operation: id, limits, one line in the log, one measurement. */
final class RequestGate {
    private static final Logger LOG = LoggerFactory.getLogger("io.checkoutgateway.http.access");

    private static final String ROUTE = "route";
    private static final String CALLER = "caller";
    private static final String FAILURE = "failure";
    private static final String STREAM = "stream";
    private static final String APPS = "/api/v1/apps/";
    private static final Pattern WEBHOOK = Pattern.compile(APPS + "[^/]+/stripe/webhook/?");
    private static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    /** The reader of bodies would take these apart; no operation wants them. */
    private static final List<String> FORMS = List.of("multipart/form-data", "application/x-www-form-urlencoded");

    /** Callers may make up methods; measurements must not multiply with them. (OpenTelemetry, HTTP metrics.) */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private static final String OTHER_METHOD = "_OTHER";

    /** What requests are counted by. */
    private record Kind(String method, String route, int status) {}

    private final HttpSettings settings;
    private final MeterRegistry metrics;
    private final Map<Kind, Timer> timers = new HashMap<>();
    private final Handler<RoutingContext> body;
    private final Handler<RoutingContext> webhookBody;

    RequestGate(HttpSettings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.body = BodyHandler.create(false).setBodyLimit(settings.bodyMaxBytes());
        this.webhookBody = BodyHandler.create(false).setBodyLimit(settings.webhookBodyMaxBytes());
    }

    void enter(RoutingContext context) {
        RequestIds.assign(context);
        SecurityHeaders.addTo(context.response());
        long startNanos = System.nanoTime();
        context.addEndHandler(ended -> left(context, startNanos));
        if (isForm(context.request().getHeader("Content-Type"))) {
            context.fail(new GatewayException(Reason.UNSUPPORTED_MEDIA_TYPE, "Send application/json, not a form"));
        } else if (WITH_BODY.contains(context.request().method())) {
            limitTime(context);
            Handler<RoutingContext> reader = isWebhook(context.request().path()) ? webhookBody : body;
            reader.handle(context);
        } else {
            context.next();
        }
    }

    private static boolean isForm(@Nullable String contentType) {
        if (contentType != null) {
            for (String form : FORMS) {
                if (contentType.regionMatches(true, 0, form, 0, form.length())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isWebhook(@Nullable String path) {
        return path != null && path.startsWith(APPS) && WEBHOOK.matcher(path).matches();
    }

    /**
     * An idle timeout does not end a body that trickles; this does. A small body has come with the head, which is known
     * when what is there has been read: then there is nothing to set a timer for.
     */
    private void limitTime(RoutingContext context) {
        context.vertx().runOnContext(read -> {
            if (!context.request().isEnded() && !context.response().ended()) {
                startTimer(context);
            }
        });
    }

    private void startTimer(RoutingContext context) {
        Vertx vertx = context.vertx();
        long timer = vertx.setTimer(settings.bodyTimeout().toMillis(), fired -> {
            if (!context.request().isEnded()) {
                context.fail(new GatewayException(Reason.BODY_TOO_SLOW, "The request did not arrive in time"));
            }
        });
        context.addEndHandler(ended -> vertx.cancelTimer(timer));
    }

    /** Names the operation by its path in the contract, for the log line and the measurement. */
    static void name(RoutingContext context, String path) {
        context.put(ROUTE, path);
    }

    /** Names the caller, for the log line. */
    static void name(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
    }

    /** Names the reason of a failure, for the log line. */
    static void explain(RoutingContext context, Throwable failure) {
        context.put(FAILURE, failure);
    }

    /** The answer is a stream: it was given when the stream began, and how long it is read says nothing of the server. */
    static void streams(RoutingContext context) {
        context.put(STREAM, System.nanoTime());
    }

    private void left(RoutingContext context, long startNanos) {
        String route = context.get(ROUTE, "none");
        String method = context.request().method().name();
        int status = context.response().getStatusCode();
        long now = System.nanoTime();
        long answered = context.get(STREAM, now);
        timers.computeIfAbsent(new Kind(METHODS.contains(method) ? method : OTHER_METHOD, route, status), this::timer)
                .record(answered - startNanos, TimeUnit.NANOSECONDS);
        log(context, route, method, status, TimeUnit.NANOSECONDS.toMillis(now - startNanos));
    }

    private Timer timer(Kind kind) {
        return metrics.timer(
                "http.server.request.duration",
                "http.request.method",
                kind.method(),
                "http.route",
                kind.route(),
                "http.response.status.code",
                Integer.toString(kind.status()));
    }

    private static void log(RoutingContext context, String route, String method, int status, long millis) {
        Level level = status >= 500 ? Level.WARN : Level.INFO;
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        Throwable failure = context.get(FAILURE);
        LoggingEventBuilder line = LOG.atLevel(level)
                .addKeyValue("request", RequestIds.of(context))
                .addKeyValue("method", method)
                .addKeyValue(ROUTE, route)
                .addKeyValue("status", status)
                .addKeyValue("millis", millis);
        Caller caller = context.get(CALLER);
        if (caller != null) {
            line = line.addKeyValue("namespace", caller.namespace()).addKeyValue(CALLER, caller.alias());
        }
        withReason(line, failure).log(context.get(STREAM) == null ? "request answered" : "stream ended");
    }

    private static LoggingEventBuilder withReason(LoggingEventBuilder line, @Nullable Throwable failure) {
        return failure == null ? line : Failures.reason(line, failure);
    }
}
