package io.checkoutgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.ulid.Ulid;
import io.checkoutgateway.checkout.SessionQuery.Cursor;
import io.checkoutgateway.testing.Fuzz;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** What holds for every place and every text. */
class CursorsPropertyTest {
    static final String LIST = Cursors.fingerprint("-created_at", new JsonObject());
    private static final String ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    @Property(tries = 300, seed = Fuzz.PROPERTY_SEED)
    void decode_whatWasEncoded_isTheSamePlace(
            @ForAll long high, @ForAll long low, @ForAll @LongRange(min = 0, max = 4_102_444_800_000L) long millis) {
        String id = new Ulid(high, low).toString();
        Cursor place = new Cursor(Instant.ofEpochMilli(millis).toString(), id, false);

        assertThat(Cursors.decode(Cursors.encode(place, LIST), LIST)).contains(place);
        assertThat(Cursors.decode(Cursors.encode(new Cursor(null, id, false), LIST), LIST))
                .contains(new Cursor(null, id, false));
    }

    @Example
    void decode_anotherList_isNoCursorOfThisOne() {
        String other = Cursors.fingerprint("created_at", new JsonObject());
        String filtered = Cursors.fingerprint("-created_at", new JsonObject().put("status", "open"));
        String text = Cursors.encode(new Cursor(null, ID, false), LIST);

        assertThat(Cursors.decode(text, other)).isEmpty();
        assertThat(Cursors.decode(text, filtered)).isEmpty();
    }

    @Property(tries = 1_000, seed = Fuzz.PROPERTY_SEED)
    void decode_anyText_neverThrows(@ForAll String anything) {
        assertThat(Cursors.decode(anything, LIST)).isEmpty();
        assertThat(Cursors.decode(inBase64(anything), LIST)).isEmpty();
    }

    static String inBase64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
