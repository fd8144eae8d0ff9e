package io.checkoutgateway.sandbox.pages;

import static io.checkoutgateway.sandbox.pages.Html.escape;

import io.checkoutgateway.sandbox.resources.Due;
import io.checkoutgateway.sandbox.wire.Characters;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the page on which a customer pays or leaves a card. */
final class CheckoutHtml {
    private static final Set<String> DEBITS =
            Set.of("acss_debit", "au_becs_debit", "bacs_debit", "nz_bank_account", "sepa_debit", "us_bank_account");

    private static final Map<String, List<String>> WORDS = Map.of(
            "setup", List.of("Save your payment method", "Save card"),
            "payment", List.of("Pay", "Pay now"),
            "subscription", List.of("Subscribe", "Subscribe"));

    private final JsonObject session;
    private final List<JsonObject> items;
    private final PaymentForm form;
    private final boolean asks;

    /**
     * A page.
     *
     * @param items what is sold, empty in setup mode
     */
    CheckoutHtml(JsonObject session, List<JsonObject> items, PaymentForm form) {
        this.session = session;
        this.items = items;
        this.form = form;
        this.asks = Due.asksForMethod(session);
    }

    /** The page; an alert is what the bank said to the attempt before. */
    String render(@Nullable String alert) {
        String title = words().get(0);
        String locale = session.getString("locale");
        String body =
                """
                <main>
                <section aria-labelledby="what">
                <p><span class="shop">%s</span> <span class="badge">SANDBOX</span></p>
                <h1 id="what">%s</h1>
                %s%s
                %s
                </section>
                <section class="card" aria-labelledby="how">
                <h2 id="how">%s</h2>
                %s
                <form method="post" novalidate>
                %s%s%s%s
                <button type="submit">%s</button>
                %s
                </form>
                %s
                </section>
                </main>"""
                        .formatted(
                                escape(shop()),
                                escape(title),
                                facts(),
                                goods(),
                                Html.link(session.getString("cancel_url"), "← Back to " + shop()),
                                asks ? "Payment details" : "Your details",
                                alert(alert),
                                contact(),
                                asks ? methods() : "",
                                asks ? card() : "",
                                consent(),
                                asks ? escape(words().get(1)) : "Complete order",
                                customText("submit"),
                                asks ? hints() : "");
        return Html.document(locale == null || locale.equals("auto") ? "en" : locale, title + " – " + shop(), body);
    }

    private List<String> words() {
        return WORDS.getOrDefault(session.getString("mode"), List.of("Checkout", "Continue"));
    }

    private String shop() {
        JsonObject branding = session.getJsonObject("branding_settings");
        String name = branding == null ? null : branding.getString("display_name");
        return name == null ? "Sandbox shop" : name;
    }

    private String facts() {
        return "<dl>" + fact("Customer", session.getString("customer"))
                + fact("Reference", session.getString("client_reference_id")) + fact("Session", session.getString("id"))
                + "</dl>";
    }

    private static String fact(String name, @Nullable String value) {
        if (value == null) {
            return "";
        }
        String shown = Characters.count(value) > 28 ? Characters.first(value, 25) + "…" : value;
        return "<dt>" + escape(name) + "</dt><dd><code>" + escape(shown) + "</code></dd>";
    }

    private String goods() {
        if (items.isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder("<table><caption class=\"note\">Your order</caption>");
        items.forEach(item -> rows.append("<tr><td>")
                .append(escape(item.getString("description")))
                .append(" × ")
                .append(item.getLong("quantity"))
                .append("</td><td>")
                .append(escape(money(item.getLong("amount_total"))))
                .append("</td></tr>"));
        return rows.append("<tr><th scope=\"row\">Total</th><th>")
                .append(escape(money(session.getLong("amount_total"))))
                .append("</th></tr></table>")
                .toString();
    }

    private String money(long minor) {
        Currency currency = Currency.getInstance(session.getString("currency").toUpperCase(Locale.ROOT));
        int digits = Math.max(currency.getDefaultFractionDigits(), 0);
        return BigDecimal.valueOf(minor, digits) + " " + currency.getCurrencyCode();
    }

    private String alert(@Nullable String alert) {
        if (alert == null && form.isValid()) {
            return "";
        }
        String text = alert == null ? "Please check the fields marked below." : alert;
        return "<p class=\"alert\" role=\"alert\">" + escape(text) + "</p>";
    }

    private String contact() {
        return field("email", "E-mail", "email", "email", "name@example.com")
                + (asks
                        ? field("name", "Name on card", "text", "cc-name", "")
                        : field("name", "Name", "text", "name", ""));
    }

    private String methods() {
        List<String> debits = session.getJsonArray("payment_method_types", new JsonArray()).stream()
                .map(String.class::cast)
                .filter(DEBITS::contains)
                .toList();
        if (debits.isEmpty()) {
            return "";
        }
        StringBuilder options = new StringBuilder("<option value=\"card\">Card</option>");
        debits.forEach(debit -> options.append("<option")
                .append(form.value("method").equals(debit) ? " selected" : "")
                .append(">")
                .append(escape(debit))
                .append("</option>"));
        return "<div class=\"field\"><label for=\"method\">Payment method</label><select id=\"method\" name=\"method\">"
                + options + "</select>" + error("method") + "</div>";
    }

    private String card() {
        return field("card_number", "Card number", "text", "cc-number", "4242 4242 4242 4242")
                + "<div class=\"pair\">" + field("card_expiry", "Expires", "text", "cc-exp", "MM / YY")
                + field("card_cvc", "Security code", "text", "cc-csc", "CVC") + "</div>";
    }

    private String consent() {
        JsonObject collection = session.getJsonObject("consent_collection");
        if (collection == null) {
            return "";
        }
        String boxes = "";
        if ("required".equals(collection.getString("terms_of_service"))) {
            String own = message("terms_of_service_acceptance");
            boxes += box("terms", own == null ? "I agree to the terms of service." : own);
        }
        if ("auto".equals(collection.getString("promotions"))) {
            boxes += box("promotions", "Keep me up to date with news and offers.");
        }
        return boxes;
    }

    private String box(String name, String text) {
        return """
                <div class="check"><input type="checkbox" id="%1$s" name="%1$s" value="yes"%2$s%4$s>
                <div><label for="%1$s">%3$s</label>%5$s</div></div>"""
                .formatted(name, form.has(name) ? " checked" : "", escape(text), invalid(name), error(name));
    }

    private String field(String name, String label, String type, String autocomplete, String example) {
        boolean secret = name.startsWith("card_");
        return """
                <div class="field"><label for="%1$s">%2$s</label>
                <input type="%3$s" id="%1$s" name="%1$s" value="%4$s" autocomplete="%5$s" placeholder="%6$s"%7$s%8$s>
                %9$s</div>"""
                .formatted(
                        name,
                        escape(label),
                        type,
                        secret ? "" : escape(form.value(name)),
                        autocomplete,
                        escape(example),
                        secret ? " inputmode=\"numeric\"" : "",
                        invalid(name),
                        error(name));
    }

    private String invalid(String name) {
        return form.errors().containsKey(name) ? " aria-invalid=\"true\" aria-describedby=\"" + name + "-error\"" : "";
    }

    private String error(String name) {
        String text = form.errors().get(name);
        return text == null ? "" : "<p class=\"wrong\" id=\"" + name + "-error\">" + escape(text) + "</p>";
    }

    private String customText(String place) {
        String text = message(place);
        return text == null ? "" : "<p class=\"note\">" + escape(text) + "</p>";
    }

    private @Nullable String message(String place) {
        JsonObject text = session.getJsonObject("custom_text", new JsonObject()).getJsonObject(place);
        return text == null ? null : text.getString("message");
    }

    private static String hints() {
        return """
                <details><summary>Test cards</summary>
                <p><code>4242 4242 4242 4242</code> succeeds<br>
                <code>4000 0027 6000 3184</code> asks the bank (3D Secure)<br>
                <code>4000 0000 0000 0002</code> is declined<br>
                <code>4000 0000 0000 9995</code> has insufficient funds<br>
                Any future date, any three digits.</p></details>""";
    }
}
