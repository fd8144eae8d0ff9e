package io.checkoutgateway.apps;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Where apps are remembered. */
public interface AppStore {
    /** An app's row, without its secrets. */
    record Row(String id, String namespace, @Nullable String accountId, boolean livemode) {}

    /** The app of the configured account; makes the row when it is missing. */
    Future<Row> ensureConfigured(String id, String namespace, boolean livemode);

    Future<Void> rememberAccount(String id, String accountId);
}
