package io.checkoutgateway.store;

import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import java.util.Map;

/** A migrated database and a way to it, without a gateway. */
final class StoreScene implements AutoCloseable {
    final TestDatabase database = TestDatabase.create();
    final Settings settings = Settings.of(Map.of(
            "DATABASE_URL",
            database.url(),
            "STRIPE_API_KEY",
            "sk_test_none",
            "GATEWAY_SECRETS_KEY",
            "A".repeat(43) + "="));
    private final Vertx vertx = Vertx.vertx();
    final Postgres postgres;

    StoreScene() {
        TestGateway.await(Migrations.run(vertx, settings.database()));
        this.postgres = Postgres.of(vertx, settings.database());
    }

    @Override
    public void close() {
        TestGateway.await(postgres.close());
        TestGateway.await(vertx.close());
    }
}
