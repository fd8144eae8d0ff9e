package io.checkoutgateway.store;

import io.checkoutgateway.settings.DatabaseSettings;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import java.util.Map;

/** A migrated database and a way to it, without a gateway. */
final class StoreScene implements AutoCloseable {
    final TestDatabase database = TestDatabase.create();
    private final Vertx vertx = Vertx.vertx();
    final Postgres postgres;

    StoreScene() {
        DatabaseSettings settings = Settings.of(
                        Map.of("DATABASE_URL", database.url(), "STRIPE_API_KEY", "sk_test_none"))
                .database();
        TestGateway.await(Migrations.run(vertx, settings));
        this.postgres = Postgres.of(vertx, settings);
    }

    @Override
    public void close() {
        TestGateway.await(postgres.close());
        TestGateway.await(vertx.close());
    }
}
