package io.checkoutgateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.gson.annotations.SerializedName;
import com.stripe.param.checkout.SessionCreateParams.PaymentIntentData;
import com.stripe.param.checkout.SessionCreateParams.SubscriptionData;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What sessions that sell something refuse. */
class SellingParametersTest {
    private static final String ITEM = "&success_url=https://shop.example/ok&line_items[0][price_data][currency]=eur"
            + "&line_items[0][price_data][unit_amount]=990&line_items[0][price_data][product_data][name]=Thing";
    private static final String SECOND_ITEM = "&line_items[1][price_data][product_data][name]=Other";
    private static final String MONTHLY = "&line_items[0][price_data][recurring][interval]=month";
    private static final String PAYMENT = "mode=payment" + ITEM;
    private static final String SUBSCRIPTION = "mode=subscription" + ITEM + MONTHLY;
    private static final String TRIAL_END = "&subscription_data[trial_end]=";
    private static final String TRIAL_DAYS = "&subscription_data[trial_period_days]=";
    private static final String END_BEHAVIOR = "&subscription_data[trial_settings][end_behavior]";
    private static final long TWO_DAYS = 172_800;
    private static final long TWO_YEARS = 63_072_000;

    @RegisterExtension
    private static final SandboxFixture FIXTURE = new SandboxFixture();

    private static long now;

    @BeforeAll
    static void start() {
        FIXTURE.sandbox.clock().freeze();
        now = FIXTURE.sandbox.clock().seconds();
    }

    private static HttpResponse<String> create(String form) {
        return FIXTURE.post("/v1/checkout/sessions", form);
    }

    static List<Arguments> refused() {
        return List.of(
                argumentSet(
                        "unknown member",
                        SUBSCRIPTION + "&subscription_data[trial_days]=3",
                        "Received unknown parameter: subscription_data[trial_days]",
                        "subscription_data[trial_days]"),
                argumentSet(
                        "unknown member of payment data",
                        PAYMENT + "&payment_intent_data[colour]=red",
                        "Received unknown parameter: payment_intent_data[colour]",
                        "payment_intent_data[colour]"),
                argumentSet("no days", SUBSCRIPTION + TRIAL_DAYS + "0", "greater than or equal to 1", days()),
                argumentSet("days in words", SUBSCRIPTION + TRIAL_DAYS + "ten", "Invalid integer: ten", days()),
                argumentSet(
                        "more than two years",
                        SUBSCRIPTION + TRIAL_DAYS + "731",
                        "The maximum number of trial period days is 730 (2 years).",
                        days()),
                argumentSet(
                        "days and end",
                        SUBSCRIPTION + TRIAL_DAYS + "3" + TRIAL_END + "9999999999",
                        "You may only specify one of these parameters: trial_end, trial_period_days.",
                        "subscription_data[trial_end]"),
                argumentSet(
                        "trial in payment mode",
                        PAYMENT + TRIAL_DAYS + "3",
                        "You can not pass `subscription_data` in `payment` mode.",
                        "subscription_data"),
                argumentSet(
                        "strange end",
                        SUBSCRIPTION + TRIAL_DAYS + "3" + END_BEHAVIOR + "[missing_payment_method]=shout",
                        "must be one of cancel, create_invoice, or pause",
                        "subscription_data[trial_settings][end_behavior][missing_payment_method]"),
                argumentSet(
                        "method collection in payment mode",
                        PAYMENT + "&payment_method_collection=if_required",
                        "You can not pass `payment_method_collection` in `payment` mode.",
                        "payment_method_collection"),
                argumentSet(
                        "strange method collection",
                        SUBSCRIPTION + "&payment_method_collection=never",
                        "Invalid payment_method_collection: must be one of always or if_required",
                        "payment_method_collection"),
                argumentSet(
                        "nothing that recurs",
                        "mode=subscription" + ITEM,
                        "You must provide at least one recurring price in `subscription` mode when using prices.",
                        "line_items"),
                argumentSet(
                        "recurring in payment mode",
                        PAYMENT + MONTHLY,
                        "You specified `payment` mode but passed a recurring price.",
                        "line_items[0]"),
                argumentSet(
                        "two currencies",
                        PAYMENT + SECOND_ITEM + "&line_items[1][price_data][currency]=usd"
                                + "&line_items[1][price_data][unit_amount]=100",
                        "The price specified supports currencies of `usd` which doesn't include the expected currency "
                                + "of `eur`.",
                        "line_items[1]"),
                argumentSet(
                        "another currency than the session's",
                        PAYMENT + "&currency=usd",
                        "The price specified supports currencies of `eur` which doesn't include the expected currency "
                                + "of `usd`.",
                        "line_items[0]"),
                argumentSet(
                        "more money than a number holds",
                        PAYMENT + SECOND_ITEM + "&line_items[1][price_data][currency]=eur"
                                + "&line_items[1][price_data][unit_amount]=" + Long.MAX_VALUE,
                        "too large",
                        "line_items"),
                argumentSet(
                        "unknown coupon",
                        PAYMENT + "&discounts[0][coupon]=FREE",
                        "No such coupon: 'FREE'",
                        "discounts[0][coupon]"),
                argumentSet(
                        "coupon and promotion codes",
                        PAYMENT + "&discounts[0][coupon]=FREE&allow_promotion_codes=true",
                        "You may only specify one of these parameters: allow_promotion_codes, discounts.",
                        "allow_promotion_codes"));
    }

    private static String days() {
        return "subscription_data[trial_period_days]";
    }

    @ParameterizedTest
    @MethodSource("refused")
    void create_wrongParameter_isRefusedInStripesWords(String form, String message, String param) {
        HttpResponse<String> response = create(form);

        JsonObject error = SandboxFixture.error(response);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error.getString("message")).contains(message);
        assertThat(error.getString("param")).isEqualTo(param);
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
    }

    @Test
    void create_trialAtTheEdges_isTakenAndOneSecondBeyondRefused() {
        assertThat(create(SUBSCRIPTION + TRIAL_END + (now + TWO_DAYS)).statusCode())
                .isEqualTo(200);
        assertThat(create(SUBSCRIPTION + TRIAL_END + (now + TWO_YEARS)).statusCode())
                .isEqualTo(200);
        assertThat(create(SUBSCRIPTION + TRIAL_DAYS + "730").statusCode()).isEqualTo(200);
        assertThat(SandboxFixture.error(create(SUBSCRIPTION + TRIAL_END + (now + TWO_DAYS - 1)))
                        .getString("message"))
                .isEqualTo("The `trial_end` date has to be at least 2 days in the future.");
        assertThat(SandboxFixture.error(create(SUBSCRIPTION + TRIAL_END + (now + TWO_YEARS + 1)))
                        .getString("message"))
                .isEqualTo("The maximum number of trial period days is 730 (2 years).");
    }

    @Test
    void create_everyMemberStripeJavaHas_isKnown() {
        assertThat(Stream.concat(
                        refusalsOf("payment_intent_data", PaymentIntentData.class).stream(),
                        refusalsOf("subscription_data", SubscriptionData.class).stream()))
                .hasSizeGreaterThan(20)
                .noneMatch(message -> message.matches("Received unknown parameter: \\w+\\[\\w+]"));
    }

    /** What is said to each member as an object, which none of them can be. */
    private static List<String> refusalsOf(String name, Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .map(field -> field.getAnnotation(SerializedName.class))
                .filter(Objects::nonNull)
                .map(SerializedName::value)
                .filter(member -> !member.startsWith("_stripe_java"))
                .map(member -> create("mode=setup&" + name + "[" + member + "][x]=y"))
                .map(answer -> SandboxFixture.error(answer).getString("message"))
                .toList();
    }
}
