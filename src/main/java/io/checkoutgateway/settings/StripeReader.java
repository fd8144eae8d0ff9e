package io.checkoutgateway.settings;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what may be configured of the work at Stripe: how it is called, and what is opened and installed there. */
final class StripeReader {
    private static final Pattern STRIPE_KEY = Pattern.compile("[sr]k_(test|live)_[A-Za-z0-9_]{4,}");
    private static final Pattern ACCOUNT = Pattern.compile("acct_[A-Za-z0-9]{1,60}");

    private final Values values;

    StripeReader(Values values) {
        this.values = values;
    }

    StripeSettings stripe() {
        return new StripeSettings(
                stripeKey(),
                values.secrets(
                        "STRIPE_WEBHOOK_SECRET",
                        "The endpoint's signing secret, whsec_…; two separated by a comma while one replaces the other. "
                                + "Without it every delivery is refused."),
                values.optional(
                        "STRIPE_ACCOUNT_ID",
                        ACCOUNT,
                        "an id like acct_…",
                        "The account of the key, for one that may not read it at Stripe; a key that Stripe says is of "
                                + "another account is not used."),
                values.url(
                        "STRIPE_API_BASE",
                        "https://api.stripe.com",
                        "Stripe's API, or a stand-in that speaks like it."),
                values.number(
                        "STRIPE_WORKERS",
                        32,
                        1,
                        200,
                        "Stripe calls under way at once. 25 a second of up to 1 s each keep 25 busy (Little's law). 1 to 200."),
                values.number(
                        "STRIPE_QUEUE",
                        128,
                        0,
                        10_000,
                        "Stripe calls that may wait for a worker; one more is answered 503 at once."),
                values.number(
                        "STRIPE_RETRIES",
                        2,
                        0,
                        5,
                        "How often a Stripe call is repeated after the first try, 0 to 5 times."),
                values.duration(
                        "STRIPE_CONNECT_TIMEOUT", "PT2S", "PT0.1S", "PT30S", "How long one try may take to connect."),
                values.duration(
                        "STRIPE_READ_TIMEOUT",
                        "PT15S",
                        "PT0.1S",
                        "PT80S",
                        "How long one try may wait for Stripe's answer."),
                values.duration(
                        "STRIPE_DEADLINE",
                        "PT25S",
                        "PT0.1S",
                        "PT2M",
                        "How long a Stripe call may take in all, waits and retries included; at most PT2M."),
                values.number(
                        "STRIPE_REQUESTS_PER_SECOND",
                        20,
                        1,
                        10_000,
                        "The most calls a second of one process to one account. Stripe allows the account 25 in test mode and 100 live, "
                                + "whoever makes them: divide by the replicas."),
                values.number(
                        "STRIPE_OPERATION_REQUESTS_PER_SECOND",
                        20,
                        1,
                        10_000,
                        "The most calls a second of one kind. Stripe allows 25 for each operation."),
                values.number(
                        "STRIPE_BACKGROUND_REQUESTS_PER_SECOND",
                        5,
                        1,
                        1_000,
                        "The most calls a second that nobody waits for (catch-up, backfill), out of the account's; they give way."));
    }

    private @Nullable Secret stripeKey() {
        String name = "STRIPE_API_KEY";
        values.describe(
                name,
                null,
                false,
                true,
                "The secret or restricted key of a Stripe account, sk_… or rk_…, that serves GATEWAY_NAMESPACE; without it, "
                        + "accounts are connected over the API only. Another key must be of the same account: Stripe is "
                        + "asked, and one of another is not used.");
        Optional<String> key = values.value(name);
        if (key.filter(value -> !STRIPE_KEY.matcher(value).matches()).isPresent()) {
            values.refuse(name + " must look like sk_test_…, sk_live_…, rk_test_… or rk_live_…");
        }
        return key.map(Secret::of).orElse(null);
    }

    CheckoutSettings checkout() {
        return new CheckoutSettings(
                values.matching(
                        "GATEWAY_NAMESPACE",
                        "default",
                        Namespace.FORM,
                        Namespace.RULE,
                        "The namespace that owns the configured Stripe account."),
                values.duration(
                        "GATEWAY_CREATE_LEASE",
                        "PT60S",
                        "PT1S",
                        "PT10M",
                        "How long one process may work at a create before another takes it over; longer than twice STRIPE_DEADLINE."),
                values.duration(
                        "GATEWAY_RECONCILE_INTERVAL",
                        "PT5S",
                        "PT0.1S",
                        "PT10M",
                        "How often creates that nobody finished are looked for."),
                values.duration(
                        "GATEWAY_IDEMPOTENCY_RETENTION",
                        "P7D",
                        "P1D",
                        "P90D",
                        "How long an answer stays available under its Idempotency-Key, P1D to P90D; Stripe promises 24 h."),
                values.hosts(
                        "GATEWAY_REDIRECT_HOSTS",
                        "Hosts that the configured account's customers may be sent to: shop.example.com,*.example.com. "
                                + "Without it the app's owner decides, and every public host is taken at first."));
    }

    AppSettings apps() {
        return new AppSettings(
                publicUrl(),
                values.flag(
                        "GATEWAY_WEBHOOK_REGISTRATION",
                        true,
                        "Whether installing an app registers its webhook endpoint at Stripe. Where it is false, as beside stripe "
                                + "listen, deliveries are signed with STRIPE_WEBHOOK_SECRET."),
                values.optionalUrl(
                        "GATEWAY_SANDBOX_API_BASE",
                        "The stand-in of Stripe that apps of type sandbox work against; without it there are none."),
                values.duration(
                        "GATEWAY_APPS_INTERVAL",
                        "PT10S",
                        "PT0.1S",
                        "PT10M",
                        "How often installs and removals of apps that nobody finished are looked for."));
    }

    /** Stripe delivers to https only; to this machine nobody but a stand-in does. */
    private @Nullable URI publicUrl() {
        String name = "GATEWAY_PUBLIC_URL";
        URI url = values.optionalUrl(
                name,
                "Where Stripe reaches the API, such as https://checkout.acme.example; apps cannot be installed without it.");
        boolean plain = url != null
                && "http".equals(url.getScheme())
                && !url.getHost().equals("localhost")
                && !url.getHost().startsWith("127.");
        if (url != null && (plain || url.getQuery() != null || url.getFragment() != null)) {
            values.refuse(name + " must be an https URL without query and fragment, was \"" + url + "\"");
        }
        return url;
    }
}
