package io.checkoutgateway.sandbox.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** What goes back: kept whole under an idempotency key, so that a replay is the same bytes. */
record Reply(int status, Map<String, String> headers, Buffer body) {

    static Reply of(int status, Map<String, String> headers, JsonObject json) {
        return new Reply(status, headers, json.toBuffer());
    }

    static Reply ok(JsonObject json) {
        return of(200, Map.of(), json);
    }

    Reply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, body);
    }
}
