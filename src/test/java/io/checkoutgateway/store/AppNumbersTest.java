package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.AppMetrics;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.SecretsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers are read with a round that works on apps, and are not worth the round. */
class AppNumbersTest {
    @Test
    void refresh_thatCannotCount_doesNotFail() {
        try (StoreScene scene = new StoreScene()) {
            SecretsSettings key = new SecretsSettings(List.of(SealingKeys.generate(new SecureRandom())));
            KeysetVault vault = new KeysetVault(new PgKeysets(scene.postgres), SealingKeys.of(key));
            PgApps apps = new PgApps(scene.postgres, vault);
            scene.database.execute("ALTER TABLE checkout_gateway.apps RENAME TO elsewhere");

            assertThat(await(new AppMetrics(apps, new SimpleMeterRegistry())
                            .refresh()
                            .map("done")))
                    .isEqualTo("done");
        }
    }
}
