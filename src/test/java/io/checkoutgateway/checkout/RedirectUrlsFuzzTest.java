package io.checkoutgateway.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.apps.RedirectHosts;
import io.checkoutgateway.settings.HostPattern;
import io.checkoutgateway.testing.Fuzz;
import io.checkoutgateway.testing.Hostile;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is taken begins with a host of the list, as anyone would read it. */
class RedirectUrlsFuzzTest {
    private static final RedirectHosts HOSTS = new RedirectHosts(List.of(
            HostPattern.of("shop.example.com").orElseThrow(),
            HostPattern.of("*.pay.example.com").orElseThrow()));

    private static final List<String> GOOD = List.of(
            "https://shop.example.com/done?s={CHECKOUT_SESSION_ID}",
            "https://a.pay.example.com:8443/x#y",
            "https://evil.test/shop.example.com",
            "https://user:password@shop.example.com/");

    private static String url(Random random) {
        return random.nextInt(10) == 0
                ? Hostile.text(random)
                : Hostile.bent(random, GOOD.get(random.nextInt(GOOD.size())));
    }

    @Test
    void anyUrl_isTakenOnlyWithAHostOfTheList() {
        int[] taken = {0};
        Fuzz.each("redirect url", random -> {
            String url = url(random);
            if (RedirectUrls.mistakeOf(url, true, HOSTS) == null) {
                taken[0]++;
                assertThat(url)
                        .matches(
                                "https://(?i:shop\\.example\\.com|([a-z0-9-]+\\.)+pay\\.example\\.com)(:\\d+)?([/?#][!-~]*)?");
            }
        });
        assertThat(taken[0]).as("some are taken, or this proves nothing").isGreaterThan(100);
    }

    @Test
    void anyPattern_isAHostOrNothing() {
        Fuzz.each("host pattern", random -> HostPattern.of(Hostile.bent(random, "*.pay.example.com"))
                .ifPresent(pattern -> assertThat(pattern.toString()).matches("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)+")));
    }
}
