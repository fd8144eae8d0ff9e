package io.checkoutgateway.testing;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bodies that begin as good ones and go wrong in the tree, in the text or in the bytes. */
public final class HostileJson {
    private static final int SIZE_MAX = 60_000;

    private HostileJson() {}

    /** A body. */
    public static byte[] body(Random random, JsonObject good) {
        JsonObject tree = good.copy();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            bend(random, tree, 0);
        }
        String text = tree.encode();
        text = switch (random.nextInt(6)) {
            case 0 -> Hostile.bent(random, text);
            case 1 -> twice(random, text);
            case 2 -> deep(random, text);
            default -> text;
        };
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(5) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes.length > SIZE_MAX ? Arrays.copyOf(bytes, SIZE_MAX) : bytes;
    }

    private static void bend(Random random, JsonObject object, int depth) {
        List<String> names = new ArrayList<>(object.fieldNames());
        if (names.isEmpty() || random.nextInt(5) == 0) {
            object.put(Hostile.text(random), value(random, depth));
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        if (object.getValue(name) instanceof JsonObject inner && random.nextInt(4) > 0) {
            bend(random, inner, depth + 1);
        } else if (object.getValue(name) instanceof String text && random.nextBoolean()) {
            object.put(name, Hostile.bent(random, text));
        } else {
            object.put(name, value(random, depth));
        }
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 5 ? 6 : 8)) {
            case 0 -> Hostile.text(random);
            case 1 -> random.nextLong();
            case 2 -> Double.longBitsToDouble(random.nextLong() & 0x7fe0_0000_0000_0000L);
            case 3 -> random.nextBoolean();
            case 4 -> new java.math.BigInteger(1 + random.nextInt(2_000), random);
            case 5 -> Hostile.text(random).repeat(1 + random.nextInt(20));
            case 6 -> new JsonArray().add(value(random, depth + 1)).add(value(random, depth + 1));
            default -> new JsonObject().put(Hostile.text(random), value(random, depth + 1));
        };
    }

    /** The same members once more. */
    private static String twice(Random random, String text) {
        int place = text.indexOf('{', random.nextInt(text.length()));
        String again = text.length() > 2 ? text.substring(1, text.length() - 1) + "," : "";
        return place < 0 ? text : text.substring(0, place + 1) + again + text.substring(place + 1);
    }

    private static String deep(Random random, String text) {
        int depth = 1 + random.nextInt(8_000);
        String open = random.nextBoolean() ? "[" : "{\"a\":";
        String name = Json.encode(Hostile.text(random));
        return text.isEmpty() ? open : "{" + name + ":" + open.repeat(depth) + (random.nextBoolean() ? text : "");
    }
}
