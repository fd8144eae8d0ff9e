package io.checkoutgateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.gson.annotations.SerializedName;
import com.stripe.param.checkout.SessionCreateParams;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SessionParametersTest {
    private static final String HOSTED = "mode=setup&success_url=https://shop.example/ok";
    private static final String GOOD = HOSTED + "&payment_method_types[0]=card";
    private static final String EMBEDDED = "mode=setup&ui_mode=embedded_page&payment_method_types[0]=card";

    @RegisterExtension
    private static final SandboxFixture FIXTURE = new SandboxFixture();

    @BeforeAll
    static void start() {
        FIXTURE.sandbox.clock().freeze();
    }

    static List<Arguments> refused() {
        String long201 = "x".repeat(201);
        String keys =
                IntStream.range(0, 51).mapToObj(i -> "&metadata[k" + i + "]=v").collect(Collectors.joining());
        return List.of(
                argumentSet("no mode", "success_url=https://a.example", "Missing required param: mode.", "mode"),
                argumentSet(
                        "unknown mode",
                        "mode=gift",
                        "Invalid mode: must be one of payment, setup, or subscription",
                        "mode"),
                argumentSet("no success_url", "mode=setup", "Missing required param: success_url.", "success_url"),
                argumentSet("bad url", "mode=setup&success_url=nowhere", "Not a valid URL", "success_url"),
                argumentSet(
                        "long url",
                        "mode=setup&success_url=https://a.example/" + "x".repeat(5_000),
                        "Invalid URL: URL must be 5000 characters or less.",
                        "success_url"),
                argumentSet("no currency", HOSTED, "Missing required param: currency.", "currency"),
                argumentSet("wrong currency", HOSTED + "&currency=xyz", "Invalid currency: xyz", "currency"),
                argumentSet(
                        "line items",
                        GOOD + "&line_items[0][price]=price_1",
                        "You can not pass `line_items` in `setup` mode.",
                        "line_items"),
                argumentSet(
                        "promotion codes",
                        GOOD + "&allow_promotion_codes=true",
                        "You can not pass `allow_promotion_codes` in `setup` mode.",
                        "allow_promotion_codes"),
                argumentSet(
                        "two customers",
                        GOOD + "&customer=cus_1&customer_email=a@b.example",
                        "You may only specify one of these parameters: customer, customer_email.",
                        "customer"),
                argumentSet("unknown customer", GOOD + "&customer=5", "No such customer: '5'", "customer"),
                argumentSet("unknown parameter", GOOD + "&foo=1", "Received unknown parameter: foo", "foo"),
                argumentSet(
                        "unknown inner parameter",
                        GOOD + "&custom_text[foo][message]=1",
                        "Received unknown parameter: custom_text[foo]",
                        "custom_text[foo]"),
                argumentSet(
                        "old ui_mode",
                        GOOD + "&ui_mode=hosted",
                        "Invalid ui_mode: must be one of elements, embedded_page, form, or hosted_page",
                        "ui_mode"),
                argumentSet(
                        "embedded without return_url", EMBEDDED, "Missing required param: return_url.", "return_url"),
                argumentSet(
                        "embedded with success_url",
                        EMBEDDED + "&return_url=https://a.example&success_url=https://a.example",
                        "You can not pass `success_url` when `ui_mode` is `embedded_page`.",
                        "success_url"),
                argumentSet(
                        "embedded, never redirected, with return_url",
                        EMBEDDED + "&return_url=https://a.example&redirect_on_completion=never",
                        "You can not pass `return_url` when `redirect_on_completion` is `never`.",
                        "return_url"),
                argumentSet(
                        "long reference",
                        GOOD + "&client_reference_id=" + long201,
                        "at most 200 characters",
                        "client_reference_id"),
                argumentSet("no integer", GOOD + "&expires_at=soon", "Invalid integer: soon", "expires_at"),
                argumentSet("empty choice", GOOD + "&locale=", "You passed an empty string for 'locale'.", "locale"),
                argumentSet(
                        "too many metadata keys",
                        GOOD + keys,
                        "Metadata can have up to 50 keys, but you've set 51.",
                        "metadata"),
                argumentSet(
                        "long metadata key", GOOD + "&metadata[" + "k".repeat(41) + "]=v", "40 characters", "metadata"),
                argumentSet(
                        "long metadata value", GOOD + "&metadata[k]=" + "v".repeat(501), "500 characters", "metadata"),
                argumentSet(
                        "missing inner",
                        GOOD + "&after_expiration[recovery][allow_promotion_codes]=true",
                        "Missing required param: after_expiration[recovery][enabled].",
                        "after_expiration[recovery][enabled]"),
                argumentSet(
                        "no such expansion",
                        GOOD + "&expand[]=foo",
                        "This property cannot be expanded (foo).",
                        "expand"),
                argumentSet(
                        "deep expansion",
                        GOOD + "&expand[]=a.b.c.d.e",
                        "You cannot expand more than 4 levels",
                        "expand"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void create_wrongParameter_isRefusedInStripesWords(String form, String message, String param) {
        HttpResponse<String> response = FIXTURE.post("/v1/checkout/sessions", form);

        JsonObject error = SandboxFixture.error(response);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error.getString("message")).contains(message);
        assertThat(error.getString("param")).isEqualTo(param);
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
        assertThat(error.getString("request_log_url"))
                .contains(response.headers().firstValue("Request-Id").orElseThrow());
    }

    /** Each is one character, two units of a Java string and four bytes. */
    @Test
    void create_textsAtTheirLimitsOutsideOfTheBasicPlane_areTakenAndOneCharacterMoreRefused() {
        String form = GOOD + "&metadata[" + cards(40) + "]=" + cards(500) + "&client_reference_id=" + cards(200);
        HttpResponse<String> created = FIXTURE.post("/v1/checkout/sessions", form);

        assertThat(created.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(created.body()).getString("client_reference_id"))
                .isEqualTo("\uD83D\uDCB3".repeat(200));
        assertThat(refusalOf("metadata[" + cards(41) + "]=v")).contains("a key with 41 characters");
        assertThat(refusalOf("metadata[k]=" + cards(501)))
                .contains("501 characters. Invalid value: " + "\uD83D\uDCB3".repeat(40) + "...");
        assertThat(refusalOf("client_reference_id=" + cards(201)))
                .isEqualTo("Invalid string: " + "\uD83D\uDCB3".repeat(97) + "...; must be at most 200 characters");
    }

    private static String cards(int count) {
        return "%F0%9F%92%B3".repeat(count);
    }

    private static String refusalOf(String parameter) {
        return SandboxFixture.error(FIXTURE.post("/v1/checkout/sessions", GOOD + "&" + parameter))
                .getString("message");
    }

    @Test
    void create_expiryAtTheEdges_isTakenAndOneSecondBeyondRefused() {
        long now = FIXTURE.sandbox.clock().seconds();

        assertThat(expiringAt(now + 1_800).statusCode()).isEqualTo(200);
        assertThat(expiringAt(now + 86_400).statusCode()).isEqualTo(200);
        assertThat(SandboxFixture.error(expiringAt(now + 1_799)).getString("message"))
                .isEqualTo("The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.");
        assertThat(SandboxFixture.error(expiringAt(now + 86_401)).getString("message"))
                .isEqualTo("The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.");
    }

    @Test
    void create_everyParameterStripeJavaHas_isKnown() {
        List<String> names = Arrays.stream(SessionCreateParams.class.getDeclaredFields())
                .map(field -> field.getAnnotation(SerializedName.class))
                .filter(Objects::nonNull)
                .map(SerializedName::value)
                .filter(name -> !name.startsWith("_stripe_java"))
                .toList();

        assertThat(names).hasSizeGreaterThan(50).allSatisfy(name -> {
            String message = SandboxFixture.error(FIXTURE.post("/v1/checkout/sessions", name + "[x]=y"))
                    .getString("message");
            assertThat(message)
                    .doesNotContain("Received unknown parameter: " + name + "\n")
                    .isNotEqualTo("Received unknown parameter: " + name);
        });
    }

    @Test
    void create_everyPaymentMethodTypeOfStripeJava_isKnown() throws NoSuchFieldException {
        for (SessionCreateParams.PaymentMethodType type : SessionCreateParams.PaymentMethodType.values()) {
            assertThat(FIXTURE.post("/v1/checkout/sessions", HOSTED + "&payment_method_types[0]=" + type.getValue())
                            .statusCode())
                    .as(type.getValue())
                    .isEqualTo(200);
        }
    }

    @Test
    void create_richSetup_isEchoed() {
        JsonObject session = new JsonObject(FIXTURE.post(
                        "/v1/checkout/sessions",
                        GOOD + "&locale=de&consent_collection[terms_of_service]=required"
                                + "&custom_text[submit][message]=Hi+%26+bye&custom_text[after_submit]="
                                + "&custom_fields[0][key]=vat&custom_fields[0][type]=text"
                                + "&custom_fields[0][label][custom]=VAT&custom_fields[0][label][type]=custom"
                                + "&tax_id_collection[enabled]=true&billing_address_collection=required"
                                + "&payment_method_options[card][request_three_d_secure]=any"
                                + "&branding_settings[display_name]=Acme&after_expiration[recovery][enabled]=true")
                .body());

        assertThat(session.getString("locale")).isEqualTo("de");
        assertThat(session.getJsonObject("consent_collection"))
                .isEqualTo(new JsonObject()
                        .put("payment_method_reuse_agreement", null)
                        .put("promotions", "none")
                        .put("terms_of_service", "required"));
        assertThat(session.getJsonObject("custom_text").getJsonObject("submit").getString("message"))
                .isEqualTo("Hi & bye");
        assertThat(session.getJsonArray("custom_fields")
                        .getJsonObject(0)
                        .getJsonObject("text")
                        .containsKey("value"))
                .isTrue();
        assertThat(session.getJsonObject("payment_method_options")
                        .getJsonObject("card")
                        .getString("request_three_d_secure"))
                .isEqualTo("any");
        assertThat(session.getJsonObject("branding_settings").getString("display_name"))
                .isEqualTo("Acme");
        assertThat(session.getJsonObject("branding_settings").getString("border_style"))
                .isEqualTo("rounded");
    }

    private static HttpResponse<String> expiringAt(long second) {
        return FIXTURE.post("/v1/checkout/sessions", GOOD + "&expires_at=" + second);
    }
}
