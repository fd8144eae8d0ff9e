package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** What the gateway itself publishes. */
final class OwnContract {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OwnContract() {}

    static OpenApi read() {
        try (InputStream in = OwnContract.class.getResourceAsStream("/contract/openapi.json")) {
            return new OpenApi((ObjectNode) JSON.readTree(Objects.requireNonNull(in, "contract/openapi.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
