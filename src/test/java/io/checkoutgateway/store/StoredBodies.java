package io.checkoutgateway.store;

import io.checkoutgateway.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** The bodies of the stored events, as Stripe signed them: SQL alone cannot look into them. */
public record StoredBodies(List<String> texts) {

    public static StoredBodies of(TestDatabase database) {
        return new StoredBodies(database.rows("SELECT encode(body, 'hex') FROM checkout_gateway.stripe_events").stream()
                .map(row -> Buffer.buffer(HexFormat.of().parseHex(row.get(0))))
                .map(stored -> EventBodies.unpacked(stored).toString(StandardCharsets.UTF_8))
                .toList());
    }

    /** Whether this occurs in any of them. */
    public boolean contains(String text) {
        return texts.stream().anyMatch(body -> body.contains(text));
    }
}
