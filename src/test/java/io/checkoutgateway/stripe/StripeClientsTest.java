package io.checkoutgateway.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StripeClientsTest {
    private final StripeClients clients = new StripeClients(
            Settings.of(Map.of("DATABASE_URL", "postgresql://none@localhost/none", "STRIPE_API_KEY", "sk_test_none"))
                    .stripe(),
            new StripeTransport(Duration.ofSeconds(1)));

    private static StripeApp app(String key) {
        return new StripeApp("app", "acme", "acct_own", false, Secret.of(key), List.of());
    }

    @Test
    void of_keyInUse_keepsItsClientAndForgetsTheOneUsedLongestAgo() {
        StripeClient used = clients.of(app("sk_test_used"));
        StripeClient replaced = clients.of(app("sk_test_replaced"));
        for (int other = 2; other < StripeClients.KEPT_MAX; other++) {
            StripeClient ignored = clients.of(app("sk_test_" + other));
        }
        assertThat(clients.of(app("sk_test_used"))).isSameAs(used);

        StripeClient ignored = clients.of(app("sk_test_one_more"));

        assertThat(clients.of(app("sk_test_used"))).isSameAs(used);
        assertThat(clients.of(app("sk_test_replaced"))).isNotSameAs(replaced);
    }

    @Test
    void passing_keyThatIsOnlyTried_isNotKept() {
        assertThat(clients.passing(app("sk_test_tried"))).isNotSameAs(clients.of(app("sk_test_tried")));
    }
}
