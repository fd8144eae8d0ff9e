package io.checkoutgateway.store;

import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;

/** A migrated database and a way to it, without a gateway. */
final class StoreScene implements AutoCloseable {
    final TestDatabase database = TestDatabase.create();
    private final Vertx vertx = Vertx.vertx();
    final Postgres postgres;

    /** Another way to it, with one connection, for which nobody waits long. */
    final Postgres narrow;

    StoreScene() {
        DatabaseSettings settings = settings(Map.of());
        TestGateway.await(Migrations.run(vertx, settings));
        this.postgres = Postgres.of(vertx, settings);
        this.narrow =
                Postgres.of(vertx, settings(Map.of("DATABASE_POOL_SIZE", "1", "DATABASE_CONNECT_TIMEOUT", "PT2S")));
    }

    private DatabaseSettings settings(Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>(overrides);
        settings.put("DATABASE_URL", database.url());
        settings.put("STRIPE_API_KEY", "sk_test_none");
        return Settings.of(settings).database();
    }

    @Override
    public void close() {
        TestGateway.await(narrow.close());
        TestGateway.await(postgres.close());
        TestGateway.await(vertx.close());
    }
}
