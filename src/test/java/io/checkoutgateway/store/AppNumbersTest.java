package io.checkoutgateway.store;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.AppMetrics;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.SecretsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers are read with a round that works on apps, and are not worth the round. */
class AppNumbersTest {
    private static final String APP = "01KAMZ2V5Q8XG6T4N9R3W7B1CD";

    private final StoreScene scene = new StoreScene();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private long nanos;
    private final AppMetrics numbers = new AppMetrics(
            new PgApps(
                    scene.postgres,
                    new KeysetVault(
                            new PgKeysets(scene.postgres),
                            SealingKeys.of(new SecretsSettings(List.of(SealingKeys.generate(new SecureRandom())))))),
            new PgWebhookStandings(scene.postgres),
            metrics,
            () -> nanos);

    @AfterEach
    void stop() {
        scene.close();
    }

    private void count() {
        assertThat(await(numbers.refresh().map("done"))).isEqualTo("done");
    }

    private double ready() {
        return metrics.get("gateway.apps").tag("status", "ready").gauge().value();
    }

    private double sound() {
        return metrics.get("gateway.apps.webhook.endpoints")
                .tag("state", "sound")
                .gauge()
                .value();
    }

    @Test
    void refresh_anApp_isShownAndCountedAgainAMinuteLater() {
        scene.app(APP, false);
        scene.database.execute(
                "INSERT INTO checkout_gateway.webhook_standings (app_id, connect) VALUES ('" + APP + "', false)");
        scene.database.execute("UPDATE checkout_gateway.webhook_standings SET state = 'sound'");
        count();
        assertThat(ready()).isEqualTo(1);
        assertThat(sound()).isEqualTo(1);

        scene.database.execute("DELETE FROM checkout_gateway.webhook_standings");
        count();
        assertThat(sound()).isEqualTo(1);
        nanos += AppMetrics.INTERVAL.toNanos();
        count();

        assertThat(sound()).isZero();
    }

    /** An alert on a number that stays where it was last good would never come. */
    @Test
    void refresh_thatCannotCount_doesNotFailAndSoonThereIsNoNumber() {
        scene.app(APP, false);
        count();
        scene.database.execute("ALTER TABLE checkout_gateway.apps RENAME TO elsewhere");

        nanos += AppMetrics.INTERVAL.toNanos();
        count();
        assertThat(ready()).isEqualTo(1);
        nanos += Duration.ofMinutes(10).toNanos();
        count();
        assertThat(ready()).isNaN();
        assertThat(sound()).isNaN();

        scene.database.execute("ALTER TABLE checkout_gateway.elsewhere RENAME TO apps");
        count();
        assertThat(ready()).as("counted with the next round that can").isEqualTo(1);
    }
}
