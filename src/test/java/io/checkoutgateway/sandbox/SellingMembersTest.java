package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.card;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.annotations.SerializedName;
import com.stripe.exception.StripeException;
import com.stripe.model.LineItem;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Plan;
import com.stripe.model.Price;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Stripe's objects of a sale look like: the members that its own client knows, and values of real ones of 2026. */
class SellingMembersTest {
    /** There only when they apply, which they do not here. */
    private static final Set<String> OPTIONAL = Set.of(
            "allowed_payment_method_types",
            "billed_until",
            "billing_schedules",
            "currency_options",
            "deleted",
            "excluded_payment_method_types",
            "hooks",
            "line_items",
            "name_collection",
            "optional_items",
            "payment_details",
            "presentment_details",
            "redirect_on_completion",
            "return_url",
            "tax_id_collection",
            "taxes",
            "tiers");

    @RegisterExtension
    private static final SandboxFixture FIXTURE = new SandboxFixture();

    @BeforeAll
    static void start() {
        FIXTURE.sandbox.clock().freeze();
        FIXTURE.sandbox.clock().set(Instant.parse("2027-01-31T12:00:00Z"));
    }

    private static JsonObject sold(Mode mode) throws StripeException {
        Session session = FIXTURE.session(Selling.params(mode, 990, 2).build());
        FIXTURE.submit(session.getUrl(), card("4242424242424242"));
        return read("/v1/checkout/sessions/" + session.getId());
    }

    private static JsonObject read(String path) {
        return new JsonObject(FIXTURE.get(path).body());
    }

    private static JsonObject first(JsonObject list) {
        return list.getJsonArray("data").getJsonObject(0);
    }

    private static Set<String> members(Class<?> model) {
        return Arrays.stream(model.getDeclaredFields())
                .map(field -> field.getAnnotation(SerializedName.class))
                .filter(Objects::nonNull)
                .map(SerializedName::value)
                .filter(name -> !OPTIONAL.contains(name))
                .collect(Collectors.toSet());
    }

    private static void hasTheMembersOf(Class<?> model, JsonObject object, String... others) {
        Set<String> expected = members(model);
        expected.addAll(Set.of(others));
        assertThat(object.fieldNames()).as(model.getSimpleName()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"PAYMENT", "SUBSCRIPTION"})
    void session_thatSold_hasTheMembersAndValuesOfRealOnes(Mode mode) throws StripeException {
        JsonObject session = sold(mode);

        hasTheMembersOf(Session.class, session);
        assertThat(session.getString("id")).startsWith("cs_test_a1").hasSize(66);
        assertThat(session.getString("currency")).isEqualTo("eur");
        assertThat(session.getLong("amount_subtotal")).isEqualTo(1_980);
        assertThat(session.getLong("amount_total")).isEqualTo(1_980);
        assertThat(session.getJsonObject("total_details"))
                .isEqualTo(new JsonObject()
                        .put("amount_discount", 0)
                        .put("amount_shipping", 0)
                        .put("amount_tax", 0));
        assertThat(session.getJsonArray("discounts")).isEqualTo(new JsonArray());
        assertThat(session.getJsonObject("phone_number_collection")).isEqualTo(new JsonObject().put("enabled", false));
        assertThat(session.getJsonObject("customer_details").getString("email")).isEqualTo("jenny@example.com");
        assertThat(session.getJsonObject("customer_details")
                        .getJsonObject("address")
                        .fieldNames())
                .containsExactlyInAnyOrder("city", "country", "line1", "line2", "postal_code", "state");
    }

    @Test
    void session_inPaymentMode_saysWhatHappensToCustomerAndInvoice() throws StripeException {
        JsonObject session = sold(Mode.PAYMENT);

        assertThat(session.getString("customer_creation")).isEqualTo("if_required");
        assertThat(session.getString("payment_method_collection")).isEqualTo("if_required");
        assertThat(session.getJsonObject("invoice_creation").getBoolean("enabled"))
                .isFalse();
        assertThat(session.getValue("saved_payment_method_options")).isNull();
    }

    @Test
    void session_inSubscriptionMode_alwaysMakesACustomer() throws StripeException {
        JsonObject session = sold(Mode.SUBSCRIPTION);

        assertThat(session.getString("customer_creation")).isEqualTo("always");
        assertThat(session.getString("payment_method_collection")).isEqualTo("always");
        assertThat(session.getValue("invoice_creation")).isNull();
        assertThat(session.getJsonObject("saved_payment_method_options").getString("payment_method_remove"))
                .isEqualTo("disabled");
    }

    @Test
    void lineItem_andItsPrice_haveTheMembersOfRealOnes() throws StripeException {
        JsonObject item =
                first(read("/v1/checkout/sessions/" + sold(Mode.SUBSCRIPTION).getString("id") + "/line_items"));

        Set<String> expected = members(LineItem.class);
        expected.remove("discounts");
        assertThat(item.fieldNames()).containsExactlyInAnyOrderElementsOf(expected);
        hasTheMembersOf(Price.class, item.getJsonObject("price"));
    }

    @Test
    void paymentIntent_ofSession_hasTheMembersOfRealOnes() throws StripeException {
        JsonObject session = sold(Mode.PAYMENT);
        JsonObject intent = read("/v1/payment_intents/" + session.getString("payment_intent"));

        hasTheMembersOf(PaymentIntent.class, intent, "excluded_payment_method_types");
        assertThat(intent.getJsonObject("payment_method_options"))
                .isEqualTo(session.getJsonObject("payment_method_options"));
    }

    @Test
    void subscription_ofSession_hasTheMembersOfRealOnes() throws StripeException {
        JsonObject session = sold(Mode.SUBSCRIPTION);
        JsonObject subscription = read("/v1/subscriptions/" + session.getString("subscription"));
        JsonObject item = first(subscription.getJsonObject("items"));

        hasTheMembersOf(Subscription.class, subscription);
        hasTheMembersOf(SubscriptionItem.class, item);
        hasTheMembersOf(Plan.class, item.getJsonObject("plan"));
        assertThat(item.getString("subscription")).isEqualTo(subscription.getString("id"));
        assertThat(item.getJsonObject("plan").getLong("amount")).isEqualTo(990);
        assertThat(subscription.getJsonObject("billing_mode").getString("type")).isEqualTo("flexible");
        assertThat(subscription.getValue("trial_end")).isNull();
        assertThat(Instant.ofEpochSecond(item.getLong("current_period_end")))
                .as("a month after the 31st of January")
                .isEqualTo(Instant.parse("2027-02-28T12:00:00Z"));
    }
}
