package io.checkoutgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/**
 * Speaks HTTP where there is no contract to hold answers against. One client for all, of the version that needs no
 * upgrade on the way, and no request that waits for ever: what hangs fails, and says which.
 */
public final class PlainHttp {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private PlainHttp() {}

    /** Sends it and does not wait. */
    public static CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.timeout(Patience.LIMIT).build(), BodyHandlers.ofString());
    }

    /** Sends it and waits for the answer, whatever that is. */
    public static HttpResponse<String> send(HttpRequest.Builder builder) {
        HttpRequest request = builder.timeout(Patience.LIMIT).build();
        try {
            return CLIENT.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static HttpResponse<String> get(URI url) {
        return send(HttpRequest.newBuilder(url));
    }
}
