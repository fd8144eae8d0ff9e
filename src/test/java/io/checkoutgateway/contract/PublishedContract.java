package io.checkoutgateway.contract;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The documents that the build puts on the class path. */
final class PublishedContract {
    /** What the server publishes. */
    static final String PUBLISHED = "contract/openapi.json";

    /** What the server routes with. */
    static final String SERVER = "contract/server.json";

    static final ObjectMapper JSON = new ObjectMapper();

    private PublishedContract() {}

    /** A copy of the published contract, which the caller may change. */
    static ObjectNode read() {
        return read(PUBLISHED);
    }

    /** A copy of the document at this place of the class path. */
    static ObjectNode read(String resource) {
        try (InputStream in = PublishedContract.class.getClassLoader().getResourceAsStream(resource)) {
            return (ObjectNode) JSON.readTree(Objects.requireNonNull(in, resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy of one named schema of the published contract. */
    static ObjectNode schema(String name) {
        return (ObjectNode) read().at("/components/schemas/" + name);
    }
}
