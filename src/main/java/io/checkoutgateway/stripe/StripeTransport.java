package io.checkoutgateway.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Carries stripe-java's requests over a pool of connections. The library's own transport keeps five idle connections
 * at most and lets the JDK repeat a POST behind its back; this one keeps what is used and repeats nothing.
 */
final class StripeTransport extends HttpClient {
    private static final String SHOULD_RETRY = "Stripe-Should-Retry";
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final String ACCOUNT = "Stripe-Account";

    /** stripe-java dereferences the error of an answer that has none; a proxy's empty 502 is such an answer. */
    private static final String EMPTY_ANSWER =
            "{\"error\":{\"type\":\"api_error\",\"message\":\"The answer had no body\"}}";

    /** Library, language and machine; the same for every request, and a fifth of the work of making one. */
    private static final String CLIENT = buildXStripeClientUserAgentString();

    /**
     * What an answer said about itself in its headers, which stripe-java's exceptions do not pass on.
     *
     * @param shouldRetry Stripe's own advice; empty when it gave none
     * @param replayed whether Stripe repeated the answer to an earlier call with this key
     * @param account the connected account that was asked for; empty for the key's own
     */
    record Advice(Optional<Boolean> shouldRetry, boolean replayed, Optional<String> account) {
        static final Advice NONE = new Advice(Optional.empty(), false, Optional.empty());
    }

    /** A call runs on one thread from beginning to end, so the thread can carry its advice. */
    private final ThreadLocal<Advice> advice = ThreadLocal.withInitial(() -> Advice.NONE);

    private final java.net.http.HttpClient client;

    StripeTransport(Duration connectTimeout) {
        this.client = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
                .build();
    }

    /** What the last answer on this thread advised. */
    Advice lastAdvice() {
        return advice.get();
    }

    @Override
    public StripeResponse request(StripeRequest request) throws ApiConnectionException {
        advice.set(Advice.NONE);
        try {
            HttpResponse<String> response = client.send(toHttp(request), HttpResponse.BodyHandlers.ofString());
            advice.set(adviceOf(request, response));
            String body = response.body().isBlank() ? EMPTY_ANSWER : response.body();
            return new StripeResponse(
                    response.statusCode(), HttpHeaders.of(response.headers().map()), body);
        } catch (IOException e) {
            throw new ApiConnectionException("Stripe could not be reached or did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiConnectionException("The call to Stripe was interrupted", e);
        }
    }

    private static HttpRequest toHttp(StripeRequest request) {
        HttpContent content = request.content();
        HttpRequest.Builder http = HttpRequest.newBuilder(
                        URI.create(request.url().toString()))
                .timeout(Duration.ofMillis(request.options().getReadTimeout()))
                .method(
                        request.method().name(),
                        content == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(content.byteArrayContent()));
        request.headers().map().forEach((name, values) -> values.forEach(value -> http.header(name, value)));
        if (content != null) {
            http.header("Content-Type", content.contentType());
        }
        return http.header("User-Agent", buildUserAgentString(request))
                .header("X-Stripe-Client-User-Agent", CLIENT)
                .build();
    }

    private static Advice adviceOf(StripeRequest request, HttpResponse<String> response) {
        return new Advice(
                response.headers().firstValue(SHOULD_RETRY).map(Boolean::valueOf),
                response.headers().firstValue(REPLAYED).map(Boolean::valueOf).orElse(false),
                request.headers().firstValue(ACCOUNT));
    }
}
