package io.checkoutgateway.access;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Set;

/** The keys that open doors now. */
public interface LiveKeys {
    /** A live key's row: neither revoked nor expired. */
    record Row(String namespace, Buffer hash, Set<Scope> scopes) {}

    /** The live key of this id; empty when it is unknown, revoked or expired. */
    Future<Optional<Row>> find(String id);
}
