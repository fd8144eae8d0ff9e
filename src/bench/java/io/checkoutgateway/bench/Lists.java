package io.checkoutgateway.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Requests for lists of sessions that a {@link Filling} made.
 *
 * @param sessions how many there are
 */
record Lists(Stage stage, int sessions) {
    private static final String PATH = "/api/v1/checkout-sessions";

    /** Different places, customers and so on: what is asked for again and again would be in every cache. */
    private static final int PLACES = 200;

    private static final String PLACE =
            """
            SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            FROM checkout_gateway.checkout_sessions WHERE id = '%s'
            """;

    /** What a person sees first. */
    List<String> first() {
        return List.of(get(""));
    }

    /** Pages between a tenth and nine tenths of the list. */
    List<String> deep() {
        JsonObject cursor = secondPage();
        return numbers()
                .map(number -> sessions / 10 + number * 8 / 10)
                .mapToObj(number -> get("?page%5Bafter%5D=" + at(cursor, number)))
                .toList();
    }

    /** What a billing system and its people ask for. */
    List<String> filtered() {
        List<String> requests = new ArrayList<>();
        numbers().forEach(number -> {
            requests.add(filter("status", "open"));
            requests.add(filter("customer_id", Filling.customerId(number)));
            requests.add(filter("client_reference_id", "order-" + number));
            requests.add(filter("metadata.order", Long.toString(number)));
            requests.add(filter("created_at][lt", createdAt(number)));
        });
        return requests;
    }

    /** Numbers of sessions, evenly spread. */
    private LongStream numbers() {
        return IntStream.range(0, PLACES).mapToLong(place -> (long) sessions * place / PLACES);
    }

    private String filter(String field, String value) {
        return get("?filter%5B" + field.replace("][", "%5D%5B") + "%5D="
                + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private String createdAt(long number) {
        return stage.sql().value(PLACE.formatted(Filling.sessionId(number)));
    }

    /** A cursor is opaque to callers; only this makes one that no page has led to. */
    private String at(JsonObject cursor, long number) {
        JsonObject place = cursor.copy().put("i", Filling.sessionId(number)).put("v", createdAt(number));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(place.encode().getBytes(StandardCharsets.UTF_8));
    }

    private JsonObject secondPage() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stage.port() + PATH))
                .header("Authorization", "Bearer " + stage.apiKey())
                .build();
        try {
            String page = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            String next = new JsonObject(page)
                    .getJsonObject("meta")
                    .getJsonObject("page")
                    .getString("next");
            return new JsonObject(new String(Base64.getUrlDecoder().decode(next), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String get(String query) {
        return Load.get(PATH + query, stage.apiKey());
    }
}
