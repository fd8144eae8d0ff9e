package io.checkoutgateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as it travels. */
public final class Wire {
    public static final String JSON = "application/json";

    /** The contract's deepest legal body has six levels. */
    private static final int DEPTH_MAX = 32;

    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .build())
                    // Two members of one name: readers would disagree on which counts.
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final ObjectReader ANYTHING = MAPPER.readerFor(Object.class);

    /**
     * A body without it holds no text that cannot be kept: a bare NUL is no JSON, and half of a surrogate pair is no
     * UTF-8. (RFC 8259, section 7; RFC 3629, section 3.)
     */
    private static final String ESCAPE = "\\u";

    /** What Java puts in the place of malformed bytes. */
    private static final char REPLACEMENT = '\uFFFD';

    private Wire() {}

    /** Writes one of the contract's models. */
    public static Buffer encode(Object model) {
        try {
            return Buffer.buffer(MAPPER.writeValueAsBytes(model));
        } catch (JsonProcessingException e) {
            throw new GatewayException(Reason.INTERNAL, "An answer could not be written", e);
        }
    }

    /**
     * Reads a body that must be a JSON object.
     *
     * @throws GatewayException with {@link Reason#INVALID_REQUEST} and where the mistake is
     */
    static JsonObject decodeObject(Buffer body) {
        if (body.length() == 0) {
            throw malformed("required", "must not be empty; a JSON object is expected");
        }
        try {
            String text = utf8(body);
            Object value = text.isBlank() ? null : ANYTHING.readValue(text);
            if (!(value instanceof Map)) {
                throw malformed("type", "must be a JSON object");
            }
            if (text.contains(ESCAPE)) {
                Characters.check(value);
            }
            return new JsonObject(members(value));
        } catch (StreamConstraintsException e) {
            throw malformed(
                    "json",
                    "must not be nested deeper than %d levels, nor hold longer names or numbers than anyone needs"
                            .formatted(DEPTH_MAX));
        } catch (JsonProcessingException e) {
            throw malformed("json", "must be well-formed JSON without repeated members" + where(e));
        } catch (CharacterCodingException e) {
            throw malformed("json", "must be JSON in UTF-8");
        }
    }

    /**
     * The parser would guess UTF-16 and UTF-32 too; other readers would not. (RFC 8259, section 8.1.) Only where the
     * text holds what stands for bytes that are none is it read again, by a decoder that is slower and strict.
     */
    private static String utf8(Buffer body) throws CharacterCodingException {
        byte[] bytes = body.getBytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0
                ? text
                : StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
    }

    @SuppressWarnings("unchecked") // The names of a JSON object's members are texts.
    private static Map<String, Object> members(Object value) {
        return (Map<String, Object>) value;
    }

    /** The parser's own words name classes and quote the body; where it stumbled is enough. */
    private static String where(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : "; see line %d, column %d"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }

    private static GatewayException malformed(String rule, String reason) {
        return GatewayException.invalid(new InvalidParameter("body", rule, reason, "body", ""));
    }

    /** RFC 3339 in UTC. */
    public static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
