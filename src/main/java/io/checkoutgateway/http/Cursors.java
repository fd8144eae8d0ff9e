package io.checkoutgateway.http;

import io.checkoutgateway.checkout.SessionQuery.Cursor;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Places in a list as opaque text. A cursor holds nothing but a place among sessions that its holder may see anyway, so
 * it is not signed; it names the list that it was made for, and is refused with another.
 */
final class Cursors {
    private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

    private static final Instant TIME_END = Instant.parse("9999-12-31T23:59:59Z");

    private Cursors() {}

    /** A few letters that tell one list from another. */
    static String fingerprint(String order, JsonObject filter) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Fingerprint.of(order, filter).getBytes())
                .substring(0, 8);
    }

    static String encode(Cursor cursor, String fingerprint) {
        JsonObject place = new JsonObject().put("l", fingerprint).put("i", cursor.id());
        if (cursor.value() != null) {
            place.put("v", cursor.value());
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(place.encode().getBytes(StandardCharsets.UTF_8));
    }

    /** The place; empty when the text is no cursor, or one of another list. */
    static Optional<Cursor> decode(String text, String fingerprint) {
        try {
            JsonObject place = new JsonObject(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            boolean valid = fingerprint.equals(place.getValue("l"))
                    && place.getValue("i") instanceof String id
                    && ULID.matcher(id).matches()
                    && isTime(place.getValue("v"));
            return valid
                    ? Optional.of(new Cursor((String) place.getValue("v"), place.getString("i"), false))
                    : Optional.empty();
        } catch (IllegalArgumentException | DecodeException e) {
            return Optional.empty();
        }
    }

    /** Java's times reach further than Postgres'. */
    private static boolean isOfOurTimes(Instant time) {
        return !time.isBefore(Instant.EPOCH) && time.isBefore(TIME_END);
    }

    private static boolean isTime(@Nullable Object value) {
        if (value == null) {
            return true;
        }
        try {
            return value instanceof String text && isOfOurTimes(Instant.parse(text));
        } catch (DateTimeException e) {
            return false;
        }
    }
}
