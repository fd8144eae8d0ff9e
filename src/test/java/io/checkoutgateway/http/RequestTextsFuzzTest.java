package io.checkoutgateway.http;

import static io.checkoutgateway.http.CursorsPropertyTest.LIST;
import static io.checkoutgateway.http.CursorsPropertyTest.inBase64;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.checkout.SessionQuery.Cursor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.testing.Fuzz;
import io.checkoutgateway.testing.Hostile;
import io.checkoutgateway.testing.HostileJson;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every text that a request can hold is understood, or refused as the caller's mistake. */
class RequestTextsFuzzTest {
    private static final Cursor PLACE = new Cursor("2026-11-22T12:00:00Z", "01ARZ3NDEKTSV4RRFFQ69G5FAV", false);

    @Test
    void anyCursor_isAPlaceOrNothing() {
        Fuzz.each("cursor", random -> Cursors.decode(cursor(random), LIST)
                .ifPresent(place -> assertThat(place.id()).matches("[0-7][0-9A-Z]{25}")));
    }

    private static String cursor(Random random) {
        String good = Cursors.encode(PLACE, LIST);
        String opened = new String(java.util.Base64.getUrlDecoder().decode(good), StandardCharsets.UTF_8);
        return switch (random.nextInt(3)) {
            case 0 -> Hostile.text(random);
            case 1 -> Hostile.bent(random, good);
            default -> inBase64(Hostile.bent(random, opened));
        };
    }

    @Test
    void anyQuery_isAnObjectOrTheCallersMistake() {
        Fuzz.each("query", random -> {
            MultiMap query = MultiMap.caseInsensitiveMultiMap();
            for (int parameters = random.nextInt(6); parameters >= 0; parameters--) {
                String name = Hostile.bent(random, random.nextBoolean() ? "filter[created_at][gte]" : "page[size]");
                query.add(name, Hostile.text(random));
            }
            try {
                assertThat(QueryParameters.parse(query)).isNotNull();
            } catch (GatewayException refused) {
                assertThat(refused.reason()).isEqualTo(Reason.INVALID_REQUEST);
            }
        });
    }

    @Test
    void anyBody_isAnObjectOrTheCallersMistake() {
        JsonObject good =
                new JsonObject("{\"key\": \"k\", \"labels\": {\"a\": \"b\"}, \"list\": [1, 2.5, null, true]}");
        Fuzz.each("json", random -> {
            try {
                assertThat(Wire.decodeObject(Buffer.buffer(HostileJson.body(random, good))))
                        .isNotNull();
            } catch (GatewayException refused) {
                assertThat(refused.reason()).isEqualTo(Reason.INVALID_REQUEST);
                assertThat(refused.invalidParameters()).isNotEmpty();
            }
        });
    }
}
