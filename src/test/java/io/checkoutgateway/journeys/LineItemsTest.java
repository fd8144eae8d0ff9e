package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionCreateParams.LineItem;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What sessions sell, and what Stripe said of them. */
class LineItemsTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions/";
    private static final String DJSTRIPE = "/api/v1/djstripe/checkout-sessions";

    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension();

    /** Another service sells two things, and they are paid for. */
    private static String sold() throws StripeException {
        String session = GATEWAY.openElsewhere(SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.PAYMENT)
                .setSuccessUrl("https://other.example/done")
                .addLineItem(item("T-shirt", 1500, 2))
                .addLineItem(item("Mug", 900, 1)));
        HostedPage.of(GATEWAY.sandbox(), session).pay(HostedPage.GOOD_CARD);
        return session;
    }

    private static LineItem item(String name, long amount, long quantity) {
        return LineItem.builder()
                .setQuantity(quantity)
                .setPriceData(LineItem.PriceData.builder()
                        .setCurrency("eur")
                        .setUnitAmount(amount)
                        .setProductData(LineItem.PriceData.ProductData.builder()
                                .setName(name)
                                .build())
                        .build())
                .build();
    }

    private static Answer lineItems(String session, String query) {
        return GATEWAY.client().get(SESSIONS + session + "/line-items" + query);
    }

    /** As soon as the session is known and nothing is to be fetched any more. */
    private static JsonObject settled(String session) {
        return Awaitility.await()
                .until(
                        () -> lineItems(session, ""),
                        answer -> answer.status() == 200
                                && !answer.json().getJsonObject("meta").getBoolean("pending"))
                .json();
    }

    private static List<String> descriptions(JsonObject page) {
        return page.getJsonArray("data").stream()
                .map(item -> ((JsonObject) item).getString("description"))
                .toList();
    }

    @Test
    void lineItems_ofWhatAnotherServiceSold_areFetchedAndShown() throws StripeException {
        JsonObject page = settled(sold());

        assertThat(descriptions(page)).containsExactly("T-shirt", "Mug");
        assertThat(page.getJsonObject("meta").getMap()).containsKey("fetched_at");
        JsonObject shirt = page.getJsonArray("data").getJsonObject(0);
        assertThat(shirt.getString("id")).startsWith("li_");
        assertThat(shirt.getString("price_id")).startsWith("price_");
        assertThat(shirt.getString("product_id")).startsWith("prod_");
        assertThat(shirt.getString("currency")).isEqualTo("EUR");
        assertThat(shirt.getLong("quantity")).isEqualTo(2);
        assertThat(shirt.getLong("amount_total")).isEqualTo(3000);
    }

    @Test
    void lineItems_inPages_showEachOnce() throws StripeException {
        String session = sold();
        settled(session);

        JsonObject first = lineItems(session, "?page[size]=1").expect(200).json();
        String next = first.getJsonObject("meta").getJsonObject("page").getString("next");
        JsonObject second = lineItems(session, "?page[size]=1&page[after]=" + next)
                .expect(200)
                .json();

        assertThat(descriptions(first)).containsExactly("T-shirt");
        assertThat(descriptions(second)).containsExactly("Mug");
        assertThat(second.getJsonObject("meta").getJsonObject("page").getString("next"))
                .isNull();
        assertThat(lineItems(session, "?page[after]=99").expect(200).json().getJsonArray("data"))
                .isEmpty();
        lineItems(session, "?page[after]=-1").expect(400);
    }

    @Test
    void lineItems_inSetupMode_areNoneAndNotAwaited() {
        String session = GATEWAY.openSession().getString("session_id");

        JsonObject page = lineItems(session, "").expect(200).json();

        assertThat(page.getJsonArray("data")).isEmpty();
        assertThat(page.getJsonObject("meta").getBoolean("pending")).isFalse();
        assertThat(page.getJsonObject("meta").getMap()).doesNotContainKey("fetched_at");
    }

    @Test
    void lineItems_fetchingGivenUp_isBegunAgainByARefresh() throws StripeException {
        GATEWAY.sandbox().faults().add("GET", "/v1/checkout/sessions/*/line_items", 100, Effect.status(400));
        String session = sold();
        assertThat(settled(session).getJsonArray("data")).isEmpty();
        GATEWAY.sandbox().faults().clear();

        GATEWAY.client().post(SESSIONS + session + "/refresh").expect(200);

        assertThat(descriptions(settled(session))).containsExactly("T-shirt", "Mug");
    }

    @Test
    void displayItems_ofTheMirror_areAMapByLineItem() throws StripeException {
        String session = sold();
        List<Object> ids = settled(session).getJsonArray("data").stream()
                .map(item -> (Object) ((JsonObject) item).getString("id"))
                .toList();

        JsonObject one =
                GATEWAY.client().get(DJSTRIPE + "/" + session).expect(200).json();
        JsonObject list = GATEWAY.client()
                .get(DJSTRIPE + "?filter[id]=" + session)
                .expect(200)
                .json();

        JsonObject items = one.getJsonObject("display_items");
        assertThat(items.fieldNames()).containsExactlyElementsOf((List<String>) (List<?>) ids);
        assertThat(items.getJsonObject((String) ids.get(0))
                        .getJsonObject("price")
                        .getLong("unit_amount"))
                .isEqualTo(1500);
        assertThat(list.getJsonArray("data").getJsonObject(0).getJsonObject("display_items"))
                .isEqualTo(items);
    }

    @Test
    void displayItems_inSetupMode_areNull() {
        String session = GATEWAY.openSession().getString("session_id");

        assertThat(GATEWAY.client()
                        .get(DJSTRIPE + "/" + session)
                        .expect(200)
                        .json()
                        .getMap())
                .containsEntry("display_items", null);
    }

    @Test
    void stripeObject_isWhatStripeSays() throws StripeException {
        String session = GATEWAY.openSession().getString("session_id");
        GATEWAY.settle();

        Answer answer =
                GATEWAY.client().get(SESSIONS + session + "/stripe-object").expect(200);

        JsonObject atStripe = new JsonObject(GATEWAY.stripe()
                .v1()
                .checkout()
                .sessions()
                .retrieve(session)
                .getLastResponse()
                .body());
        assertThat(answer.json()).isEqualTo(atStripe);
        GATEWAY.client()
                .with("If-None-Match", answer.header("ETag"))
                .get(SESSIONS + session + "/stripe-object")
                .expect(304);
    }

    @Test
    void stripeObject_thatStripeNeverMade_isNotFound() {
        GATEWAY.sandbox().faults().once("POST", "/v1/checkout/sessions", Effect.status(400));
        String customer = GATEWAY.customer();
        GATEWAY.client()
                .post(ContractClient.checkoutSessionsOf(customer), ContractClient.hosted())
                .expect(422);
        String failed = GATEWAY.client()
                .get("/api/v1/checkout-sessions?filter[customer_id]=" + customer)
                .expect(200)
                .json()
                .getJsonArray("data")
                .getJsonObject(0)
                .getString("id");

        GATEWAY.client().get(SESSIONS + failed + "/stripe-object").expect(404);
        assertThat(lineItems(failed, "").expect(200).json().getJsonArray("data"))
                .isEmpty();
    }

    @Test
    void sessions_ofAnotherNamespace_doNotExist() throws StripeException {
        String session = sold();
        settled(session);
        ContractClient stranger = GATEWAY.get().client("stranger");

        stranger.get(SESSIONS + session + "/line-items").expect(404);
        stranger.get(SESSIONS + session + "/stripe-object").expect(404);
    }
}
