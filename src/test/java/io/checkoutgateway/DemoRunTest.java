package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoRunTest {
    @Test
    void meantForUs_shellOfADeveloper_leavesOutWhatIsForOtherPrograms() {
        Map<String, String> shell = Map.of(
                "STRIPE_SECRET_KEY", "sk_test_another",
                "STRIPE_PRICE_ID", "price_1",
                "DATABASE_POOL_MAX", "5",
                "STRIPE_RETRIES", "3",
                "STRIPE_API_KEY_FILE", "/run/secrets/stripe",
                "LOG_FORMAT", "json",
                "GATEWAY_HTTP_PROT", "a typo, which is refused");

        assertThat(DemoRun.meantForUs(shell))
                .containsOnlyKeys("STRIPE_RETRIES", "STRIPE_API_KEY_FILE", "LOG_FORMAT", "GATEWAY_HTTP_PROT");
    }
}
