package io.checkoutgateway.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.checkoutgateway.api.model.BillingAppStripeCreateCheckoutSessionRequestOptions;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.settings.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final StripeApp TEST = app(false);
    private static final StripeApp LIVE = app(true);

    private static StripeApp app(boolean livemode) {
        return new StripeApp("app", "test", null, livemode, Secret.of("sk"), List.of());
    }

    private static Customer customer(@Nullable String currency) {
        return new Customer(
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "test",
                "key",
                "name",
                null,
                Map.of(),
                null,
                null,
                currency,
                null,
                NOW,
                NOW,
                null);
    }

    private static BillingAppStripeCreateCheckoutSessionRequestOptions options() {
        return new BillingAppStripeCreateCheckoutSessionRequestOptions().withSuccessUrl("https://shop.example/done");
    }

    private static List<InvalidParameter> broken(
            BillingAppStripeCreateCheckoutSessionRequestOptions options, StripeApp app, Customer customer) {
        GatewayException refused = catchThrowableOfType(
                GatewayException.class,
                () -> CreateRules.check(
                        new CreateCheckout(Actor.gateway("test", "test"), customer.id(), options, Optional.empty()),
                        app,
                        customer,
                        NOW));
        return refused == null ? List.of() : refused.invalidParameters();
    }

    private static List<InvalidParameter> broken(BillingAppStripeCreateCheckoutSessionRequestOptions options) {
        return broken(options, TEST, customer("EUR"));
    }

    @ParameterizedTest
    @CsvSource({"PT28M59S, minimum", "PT29M, ''", "PT30M, ''", "PT24H, ''", "PT24H1M, ''", "PT24H1M1S, maximum"})
    void expiresAt_window_isHalfAnHourToADay(Duration after, String rule) {
        List<InvalidParameter> broken =
                broken(options().withExpiresAt(NOW.plus(after).getEpochSecond()));

        assertThat(broken).extracting(InvalidParameter::rule).isEqualTo(rule.isEmpty() ? List.of() : List.of(rule));
        assertThat(broken)
                .allSatisfy(parameter -> assertThat(parameter.pointer()).isEqualTo("/stripe_options/expires_at"));
    }

    @ParameterizedTest
    @CsvSource({"PT30M, PT31M", "PT1H, PT1H", "PT24H, PT23H55M"})
    void expiry_wish_isKeptClearOfStripesEdges(Duration wished, Duration sent) {
        assertThat(CreateRules.expiry(NOW.plus(wished).getEpochSecond(), NOW)).isEqualTo(NOW.plus(sent));
    }

    @Test
    void expiry_noWish_isTheLongest() {
        assertThat(CreateRules.expiry(null, NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(23 * 60 + 55)));
    }

    @Test
    void currency_fromNowhereAndNoTypes_isRequired() {
        assertThat(broken(options(), TEST, customer(null)))
                .extracting(InvalidParameter::field)
                .containsExactly("stripe_options.currency");
        assertThat(broken(options().withPaymentMethodTypes(Set.of()), TEST, customer(null)))
                .hasSize(1);
        assertThat(broken(options().withCurrency("EUR"), TEST, customer(null))).isEmpty();
        assertThat(broken(options().withPaymentMethodTypes(Set.of("card")), TEST, customer(null)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/done?session_id={CHECKOUT_SESSION_ID}",
                "https://shop.example",
                "http://localhost:3000/done",
                "http://127.0.0.1/done",
                "http://[::1]:8080/done"
            })
    void url_secureOrLocal_isTaken(String url) {
        assertThat(broken(options().withSuccessUrl(url))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.example/done",
                "ftp://shop.example/done",
                "javascript:alert(1)",
                "//shop.example/done",
                "/done",
                "https://user:password@shop.example/done",
                "https://user@shop.example/done",
                "https://shop.example/a b",
                "https:///done",
                "http://localhost.evil.example/done",
                ""
            })
    void url_anythingElse_isRefused(String url) {
        assertThat(broken(options().withSuccessUrl(url)))
                .extracting(InvalidParameter::field)
                .containsExactly("stripe_options.success_url");
    }

    @Test
    void url_localInLiveMode_isRefused() {
        assertThat(broken(options().withSuccessUrl("http://localhost/done"), LIVE, customer("EUR")))
                .hasSize(1);
    }

    @Test
    void check_severalMistakes_tellsThemAll() {
        assertThat(broken(
                        options()
                                .withSuccessUrl("x")
                                .withCancelUrl("x")
                                .withReturnUrl("x")
                                .withExpiresAt(1L),
                        TEST,
                        customer(null)))
                .extracting(InvalidParameter::field)
                .containsExactlyInAnyOrder(
                        "stripe_options.success_url",
                        "stripe_options.cancel_url",
                        "stripe_options.return_url",
                        "stripe_options.expires_at",
                        "stripe_options.currency");
    }
}
