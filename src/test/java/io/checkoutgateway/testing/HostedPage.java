package io.checkoutgateway.testing;

import io.checkoutgateway.sandbox.StripeSandbox;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Stripe's page, as a customer with a browser uses it. */
public final class HostedPage {
    /** Accepted at once. */
    public static final String GOOD_CARD = "4242424242424242";
    /** Declined for want of money. */
    public static final String POOR_CARD = "4000000000009995";
    /** The bank asks the customer. */
    public static final String CHALLENGED_CARD = "4000002760003184";

    private final URI page;

    private HostedPage(URI page) {
        this.page = page;
    }

    /** The page of this session. */
    public static HostedPage of(StripeSandbox sandbox, String stripeSessionId) {
        return new HostedPage(sandbox.pageOf(stripeSessionId));
    }

    /** Enters a card and submits; answers the status of the page that follows. */
    public int pay(String cardNumber) {
        return submit(
                page,
                Map.of(
                        "email", "jenny@example.com",
                        "name", "Jenny Rosen",
                        "card_number", cardNumber,
                        "card_expiry", "12 / 99",
                        "card_cvc", "123"));
    }

    /** Lets the bank draw the amount, which it does days later. */
    public int payByDebit() {
        return submit(page, Map.of("email", "jenny@example.com", "name", "Jenny Rosen", "method", "sepa_debit"));
    }

    /** Submits a page that asks for no payment method. */
    public int confirm() {
        return submit(page, Map.of("email", "jenny@example.com", "name", "Jenny Rosen"));
    }

    /** Tells the bank yes. */
    public int passChallenge() {
        return submit(URI.create(page + "/challenge"), Map.of("outcome", "complete"));
    }

    /** Tells the bank no. */
    public int failChallenge() {
        return submit(URI.create(page + "/challenge"), Map.of("outcome", "fail"));
    }

    private static int submit(URI form, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return PlainHttp.send(HttpRequest.newBuilder(form)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)))
                .statusCode();
    }
}
