package io.checkoutgateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of what a request means: the path and the body with its members in order, so that white space and the
 * order of members make no difference.
 */
final class Fingerprint {
    private Fingerprint() {}

    static Buffer of(String path, @Nullable JsonObject body) {
        MessageDigest digest = sha256();
        digest.update(path.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        if (body != null) {
            JsonObject ordered = new JsonObject(sorted(body.getMap()));
            digest.update(ordered.encode().getBytes(StandardCharsets.UTF_8));
        }
        return Buffer.buffer(digest.digest());
    }

    private static Map<String, Object> sorted(Map<?, ?> members) {
        Map<String, Object> sorted = new TreeMap<>();
        members.forEach((name, value) -> sorted.put(String.valueOf(name), ordered(value)));
        return sorted;
    }

    @SuppressWarnings("NullAway") // JSON's null is a value here.
    private static Object ordered(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return sorted(object.getMap());
        }
        if (value instanceof Map<?, ?> map) {
            return sorted(map);
        }
        if (value instanceof JsonArray array) {
            return array.stream().map(Fingerprint::ordered).toList();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Fingerprint::ordered).toList();
        }
        return value;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
