package io.checkoutgateway.store;

import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;

/** A migrated database and a way to it, without a gateway. */
final class StoreScene implements AutoCloseable {
    final TestDatabase database = TestDatabase.create();
    final Settings settings = settings(Map.of());
    private final Vertx vertx = Vertx.vertx();
    final Postgres postgres;

    /** Another way to it, with one connection, for which nobody waits long. */
    final Postgres narrow;

    StoreScene() {
        this.postgres = Postgres.of(vertx, settings.database());
        this.narrow = Postgres.of(
                vertx,
                settings(Map.of("DATABASE_POOL_SIZE", "1", "DATABASE_CONNECT_TIMEOUT", "PT30S"))
                        .database());
    }

    private Settings settings(Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(TestDatabase.LIMITS);
        all.putAll(overrides);
        all.put("DATABASE_URL", database.url());
        all.put("STRIPE_API_KEY", "sk_test_none");
        all.put("GATEWAY_SECRETS_KEY", "A".repeat(43) + "=");
        return Settings.of(all);
    }

    /** A configured app of the account {@code acct_own}. */
    void app(String id, boolean livemode) {
        database.execute(
                "INSERT INTO checkout_gateway.apps (id, namespace, type, livemode, configured, stripe_account_id)"
                        + " VALUES ('%s', 'test', 'stripe', %s, true, 'acct_own')".formatted(id, livemode));
    }

    @Override
    public void close() {
        TestGateway.await(narrow.close());
        TestGateway.await(postgres.close());
        TestGateway.await(vertx.close());
    }
}
