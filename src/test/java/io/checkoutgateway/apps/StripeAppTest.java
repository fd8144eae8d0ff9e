package io.checkoutgateway.apps;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.Secret;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class StripeAppTest {
    private static final StripeApp APP = new StripeApp(
            "app",
            "acme",
            "acct_own",
            false,
            Secret.of("sk_test_1"),
            List.of(Secret.of("whsec_1")),
            null,
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

    @Test
    void connected_theAppsOwnAccountOrNone_isTheApp() {
        assertThat(APP.connected("acct_own")).isSameAs(APP);
        assertThat(APP.connected(null)).isSameAs(APP);
    }
}
