package io.checkoutgateway.outgoing;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.outgoing.Attempt.Result;
import io.checkoutgateway.outgoing.Destinations.RefusedAddressException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Sends one message once. (Standard Webhooks 1.0, "Webhook headers" and "Delivery success and failure".) What is answered
 * besides status and {@code Retry-After} is of no interest and is not kept.
 */
public final class WebhookSender {
    private static final String USER_AGENT = "Checkout-Gateway";
    private static final int GONE = 410;

    /** Read, so that the connection can be used again; whoever answers more loses it. */
    private static final int ANSWER_BYTES_MAX = 16_384;

    /** As many as the courier may have under way: endpoints of one host must not wait for each other's connections. */
    private static final int CONNECTIONS_MAX = 1_000;

    /** Long enough for a burst, short enough not to meet the end of an endpoint's own patience. */
    private static final int IDLE_SECONDS = 10;

    private final Vertx vertx;
    private final HttpClient client;
    private final Destinations destinations;
    private final Duration timeout;
    private final Clock clock;

    public WebhookSender(Vertx vertx, Destinations destinations, Duration timeout, Clock clock) {
        this(vertx, destinations, timeout, clock, new HttpClientOptions());
    }

    /** @param options what else the connections need, such as an authority of the test's own */
    WebhookSender(Vertx vertx, Destinations destinations, Duration timeout, Clock clock, HttpClientOptions options) {
        this.vertx = vertx;
        this.destinations = destinations;
        this.timeout = timeout;
        this.clock = clock;
        HttpClientOptions bounded = options.setKeepAliveTimeout(IDLE_SECONDS)
                .setSslHandshakeTimeout(timeout.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true)
                .setDecompressionSupported(false);
        this.client = vertx.createHttpClient(bounded, new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
    }

    /**
     * Sends a message.
     *
     * @param number 1 for the first attempt
     * @return never fails: what went wrong is the attempt's result
     */
    Future<Attempt> send(String url, Message message, SigningSecrets secrets, int number) {
        long begun = System.nanoTime();
        if (secrets.live().isEmpty()) {
            return Future.succeededFuture(new Attempt(Result.SECRET, null, null, since(begun)));
        }
        // Composed, so that a URL which the rules have come to refuse is a failed attempt.
        return Future.succeededFuture(url)
                .map(EndpointUrl::of)
                .compose(target -> destinations.find(target, number))
                .compose(options -> post(options, message, secrets, begun + timeout.toNanos()))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .map(response -> answered(response, begun))
                .otherwise(failure -> new Attempt(resultOf(failure), null, null, since(begun)));
    }

    private Future<HttpClientResponse> post(
            RequestOptions options, Message message, SigningSecrets secrets, long deadline) {
        long millis = timeout.toMillis();
        return client.request(options.setConnectTimeout(millis).setIdleTimeout(millis))
                .compose(request -> {
                    if (System.nanoTime() - deadline > 0) {
                        // The attempt was given up meanwhile; what is sent now would only come twice.
                        return request.reset().compose(unsent -> Future.failedFuture(new TimeoutException()));
                    }
                    String body = message.body();
                    return sign(request, message.id(), body, secrets)
                            .send(Buffer.buffer(body))
                            .map(response -> drained(request, response));
                });
    }

    private HttpClientRequest sign(HttpClientRequest request, String id, String body, SigningSecrets secrets) {
        long timestamp = clock.instant().getEpochSecond();
        return request.putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", USER_AGENT)
                .putHeader("webhook-id", id)
                .putHeader("webhook-timestamp", Long.toString(timestamp))
                .putHeader("webhook-signature", secrets.sign(id, timestamp, body));
    }

    /** Lets the rest of the answer pass by, within bounds; the attempt does not wait for it. */
    private HttpClientResponse drained(HttpClientRequest request, HttpClientResponse response) {
        long timer = vertx.setTimer(timeout.toMillis(), late -> request.reset());
        long[] left = {ANSWER_BYTES_MAX};
        return response.exceptionHandler(broken -> vertx.cancelTimer(timer))
                .endHandler(ended -> vertx.cancelTimer(timer))
                .handler(passed -> {
                    left[0] -= passed.length();
                    if (left[0] < 0) {
                        request.reset();
                    }
                });
    }

    private Attempt answered(HttpClientResponse response, long begun) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new Attempt(Result.DELIVERED, status, null, since(begun));
        }
        Duration asked = RetryAfter.parse(response.getHeader("Retry-After"), clock.instant());
        return new Attempt(status == GONE ? Result.GONE : Result.STATUS, status, asked, since(begun));
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static Result resultOf(Throwable failure) {
        if (failure instanceof TimeoutException || failure instanceof io.netty.channel.ConnectTimeoutException) {
            return Result.TIMEOUT;
        }
        if (failure instanceof UnknownHostException) {
            return Result.NAME;
        }
        if (failure instanceof RefusedAddressException || failure instanceof GatewayException) {
            return Result.ADDRESS;
        }
        if (failure instanceof SSLException) {
            return Result.TLS;
        }
        boolean unreached = failure instanceof ConnectException || failure instanceof SocketException;
        return unreached ? Result.CONNECT : Result.BROKEN;
    }
}
