package io.checkoutgateway.sandbox.pages;

import io.checkoutgateway.sandbox.resources.BankDebit;
import io.checkoutgateway.sandbox.resources.Card;
import io.checkoutgateway.sandbox.resources.Consent;
import io.checkoutgateway.sandbox.resources.Due;
import io.checkoutgateway.sandbox.resources.Payer;
import io.checkoutgateway.sandbox.resources.Payment;
import io.checkoutgateway.sandbox.wire.Characters;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the customer typed, and what is wrong with it.
 *
 * @param errors sentences by field name, empty when the form can be sent on
 */
record PaymentForm(Map<String, String> typed, Map<String, String> errors, Instant now) {
    private static final Pattern EXPIRY = Pattern.compile("\\s*(\\d{1,2})\\s*/\\s*(\\d{2}|\\d{4})\\s*");
    private static final Pattern CARD = Pattern.compile("\\d{12,19}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final int MAX_TYPED = 500;

    /** A form nobody has filled in. */
    static PaymentForm blank(JsonObject session, Instant now) {
        Map<String, String> typed = new LinkedHashMap<>();
        JsonObject details = session.getJsonObject("customer_details");
        if (details != null) {
            put(typed, "email", details.getString("email"));
            put(typed, "name", details.getString("name"));
        }
        return new PaymentForm(typed, Map.of(), now);
    }

    /** Reads and checks what was sent. */
    static PaymentForm sent(Map<String, Object> fields, JsonObject session, Instant now) {
        Map<String, String> typed = new LinkedHashMap<>();
        fields.forEach((name, value) -> put(typed, name, value.toString()));
        Map<String, String> errors = new LinkedHashMap<>();
        PaymentForm form = new PaymentForm(typed, errors, now);
        form.checkEmail();
        if (Due.asksForMethod(session)) {
            form.checkMethod(session);
        }
        JsonObject consent = session.getJsonObject("consent_collection", new JsonObject());
        boolean terms = consent != null && "required".equals(consent.getString("terms_of_service"));
        if (terms && !form.has("terms")) {
            errors.put("terms", "Please accept the terms to go on.");
        }
        return form;
    }

    boolean isValid() {
        return errors.isEmpty();
    }

    String value(String name) {
        return typed.getOrDefault(name, "");
    }

    boolean has(String name) {
        return !value(name).isBlank();
    }

    Payer payer() {
        return new Payer(value("email").strip(), has("name") ? value("name").strip() : null);
    }

    /** Only where the page asks how to pay. */
    Payment payment() {
        if (!isCard()) {
            return new BankDebit(payer(), value("method"));
        }
        YearMonth expiry = expiry();
        if (expiry == null) {
            throw new IllegalStateException("only a valid form has a payment");
        }
        return new Card(payer(), digits("card_number"), expiry.getMonthValue(), expiry.getYear());
    }

    Consent consent() {
        return new Consent(has("terms"), has("promotions"));
    }

    private boolean isCard() {
        return !has("method") || value("method").equals("card");
    }

    private void checkEmail() {
        if (!EMAIL.matcher(value("email").strip()).matches()) {
            errors.put("email", "Please enter an e-mail address such as name@example.com.");
        }
    }

    private void checkMethod(JsonObject session) {
        if (isCard()) {
            checkCard();
        } else if (!session.getJsonArray("payment_method_types").contains(value("method"))) {
            errors.put("method", "Please choose one of the payment methods offered.");
        }
    }

    private void checkCard() {
        if (!isCardNumber(digits("card_number"))) {
            errors.put("card_number", "Your card number is invalid.");
        }
        YearMonth expiry = expiry();
        if (expiry == null) {
            errors.put("card_expiry", "Please enter the date as MM / YY.");
        } else if (expiry.isBefore(YearMonth.from(now.atOffset(ZoneOffset.UTC)))) {
            errors.put("card_expiry", "Your card's expiration date is in the past.");
        }
        if (!digits("card_cvc").matches("\\d{3,4}")) {
            errors.put("card_cvc", "Your card's security code is incomplete.");
        }
    }

    private @Nullable YearMonth expiry() {
        Matcher matcher = EXPIRY.matcher(value("card_expiry"));
        if (!matcher.matches()) {
            return null;
        }
        int month = Integer.parseInt(matcher.group(1));
        int year = Integer.parseInt(matcher.group(2));
        return month < 1 || month > 12 ? null : YearMonth.of(year < 100 ? 2000 + year : year, month);
    }

    private String digits(String name) {
        return value(name).replaceAll("[\\s-]", "");
    }

    /** The check digit every card number ends with (ISO/IEC 7812-1, annex B). */
    private static boolean isCardNumber(String number) {
        if (!CARD.matcher(number).matches()) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            int doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    private static void put(Map<String, String> typed, String name, @Nullable String value) {
        if (value != null) {
            typed.put(name, Characters.first(value, MAX_TYPED));
        }
    }
}
