package io.checkoutgateway.apps;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.Secret;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StripeAppTest {
    private static final StripeApp APP = new StripeApp(
            "app",
            "acme",
            "acct_own",
            false,
            Secret.of("sk_test_1"),
            List.of(Secret.of("whsec_1")),
            URI.create("http://127.0.0.1:12111"));

    @Test
    void connected_anotherAccount_keepsEverythingElseOfAnInstalledApp() {
        StripeApp connected = APP.connected("acct_theirs");

        assertThat(connected.connectedAccount()).isEqualTo("acct_theirs");
        assertThat(connected.accountId()).isEqualTo("acct_theirs");
        assertThat(connected.apiBase()).isEqualTo(APP.apiBase());
        assertThat(connected.apiKey()).isEqualTo(APP.apiKey());
        assertThat(connected.webhookSecrets()).isEqualTo(APP.webhookSecrets());
    }

    private static StripeApp app(String id, @Nullable String account, boolean livemode, String key) {
        return new StripeApp(id, "acme", account, livemode, Secret.of(key), List.of());
    }

    @Test
    void rateKey_appsOfOneAccount_shareItInEachMode() {
        StripeApp own = app("app", "acct_own", false, "sk_test_1");

        assertThat(own.rateKey())
                .isEqualTo(app("other", "acct_own", false, "rk_test_2").rateKey());
        assertThat(own.connected("acct_theirs").rateKey()).isEqualTo(own.rateKey());
        assertThat(own.rateKey())
                .isNotEqualTo(app("app", "acct_own", true, "sk_live_1").rateKey());
        assertThat(own.rateKey())
                .isNotEqualTo(app("app", "acct_theirs", false, "sk_test_1").rateKey());
    }

    @Test
    void rateKey_accountIsNotKnownYet_isThatOfItsKey() {
        StripeApp unknown = app("app", null, false, "sk_test_1");

        assertThat(unknown.rateKey())
                .isEqualTo(app("other", null, false, "sk_test_1").rateKey());
        assertThat(unknown.connected("acct_theirs").rateKey()).isEqualTo(unknown.rateKey());
        assertThat(unknown.rateKey())
                .isNotEqualTo(app("app", null, false, "sk_test_2").rateKey());
        assertThat(unknown.rateKey()).doesNotContain("sk_test_1");
    }

    @Test
    void connected_theAppsOwnAccountOrNone_isTheApp() {
        assertThat(APP.connected("acct_own")).isSameAs(APP);
        assertThat(APP.connected(null)).isSameAs(APP);
    }
}
