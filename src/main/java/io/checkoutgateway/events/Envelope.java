package io.checkoutgateway.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What stands around Stripe's object in an event, and of the object its id; a thin event only names its object. It is
 * read in one pass over the bytes that builds nothing else: the object itself is nobody's business before the event is
 * stored.
 */
final class Envelope {
    private static final JsonFactory JSON = new JsonFactory();

    /** Stripe's promise for the length of its ids, types and versions. */
    private static final int WORD_MAX = 255;

    /** The year 9999; what comes after is no time that anyone's clock shows. */
    private static final long CREATED_MAX = 253_402_300_799L;

    private static final long NO_TIME = -1;

    private final JsonParser parser;
    private @Nullable String id;
    private @Nullable String type;
    private @Nullable String apiVersion;
    private @Nullable String account;
    private @Nullable Boolean livemode;
    private @Nullable String objectId;
    private long created = NO_TIME;

    private Envelope(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Reads a whole body.
     *
     * @throws IOException when it is not a JSON object and nothing after it
     */
    static Envelope of(byte[] body) throws IOException {
        try (JsonParser parser = JSON.createParser(body)) {
            Envelope envelope = new Envelope(parser);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "not an object");
            }
            envelope.eachMember(envelope::member);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows the object");
            }
            return envelope;
        }
    }

    /** Takes a member's value, at which the parser stands; what it does not take is skipped. */
    private interface Member {
        void take(String name) throws IOException;
    }

    private void eachMember(Member member) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            member.take(name);
            // Stands at the beginning of what was not entered, else at the end of what was, where this does nothing.
            parser.skipChildren();
        }
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "id" -> id = word();
            case "type" -> type = word();
            case "api_version" -> apiVersion = word();
            case "account" -> account = word();
            case "livemode" -> livemode = flag();
            case "created" -> created = time();
            case "data" -> data();
            case "related_object" -> object();
            default -> {
                // Skipped.
            }
        }
    }

    private void data() throws IOException {
        objectId = null;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            eachMember(name -> {
                if (name.equals("object")) {
                    object();
                }
            });
        }
    }

    private void object() throws IOException {
        objectId = null;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            eachMember(name -> {
                if (name.equals("id")) {
                    objectId = word();
                }
            });
        }
    }

    /** What Stripe's ids, types and versions are made of; {@code null} for anything else. */
    private @Nullable String word() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return null;
        }
        String text = parser.getText();
        boolean legible = !text.isEmpty() && text.length() <= WORD_MAX;
        for (int i = 0; legible && i < text.length(); i++) {
            legible = text.charAt(i) > ' ' && text.charAt(i) <= '~';
        }
        return legible ? text : null;
    }

    private @Nullable Boolean flag() throws IOException {
        return parser.currentToken().isBoolean() ? (Boolean) parser.getBooleanValue() : null;
    }

    /** Seconds; or, in thin events, a time as ISO 8601 writes it. (Stripe API v2 reference, "Events".) */
    private long time() throws IOException {
        long seconds =
                parser.currentToken().isNumeric() ? parser.getNumberValue().longValue() : secondsOf(word());
        return seconds <= CREATED_MAX ? seconds : NO_TIME;
    }

    private static long secondsOf(@Nullable String iso) {
        if (iso == null) {
            return NO_TIME;
        }
        try {
            return OffsetDateTime.parse(iso).toEpochSecond();
        } catch (DateTimeParseException e) {
            return NO_TIME;
        }
    }

    @Nullable
    String id() {
        return id;
    }

    @Nullable
    String type() {
        return type;
    }

    @Nullable
    String apiVersion() {
        return apiVersion;
    }

    @Nullable
    String account() {
        return account;
    }

    @Nullable
    Boolean livemode() {
        return livemode;
    }

    @Nullable
    String objectId() {
        return objectId;
    }

    /** Whole seconds; negative when there is no time, or none that can be. */
    long created() {
        return created;
    }
}
