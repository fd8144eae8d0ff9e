package io.checkoutgateway.apps;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.Secret;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StripeKeyTest {
    @ParameterizedTest
    @CsvSource({
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc, sk_test_***7dc, false",
        "rk_test_4eC39HqLyjWDarjtT1zdp7dc, rk_test_***7dc, false",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc, sk_live_***7dc, true",
        "rk_live_4eC39HqLyjWDarjtT1zdp7dc, rk_live_***7dc, true",
        "sk_org_live_4eC39HqLyjWDarjtT1zdp7dc, sk_org_l***7dc, true",
        "sk_test_abc, ***, false"
    })
    void masked_showsTheKindAndTheEndOnly(String key, String masked, boolean live) {
        StripeKey known = new StripeKey(Secret.of(key));

        assertThat(known.masked()).isEqualTo(masked);
        assertThat(known.livemode()).isEqualTo(live);
        assertThat(known.toString()).doesNotContain(key);
    }
}
