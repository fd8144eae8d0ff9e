package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field that the contract names filters, in our words and in dj-stripe's. */
class FilterSessionsTest {
    private static final String OURS = "/api/v1/checkout-sessions";
    private static final String DJ_STRIPES = "/api/v1/djstripe/checkout-sessions";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    /** A completed session with everything set, among an open one and one that another service completed. */
    private static JsonObject ours = new JsonObject();

    private static JsonObject mirrored = new JsonObject();

    @BeforeAll
    static void open() throws Exception {
        String rich = openRich();
        HostedPage.of(GATEWAY.sandbox(), rich).pay(HostedPage.GOOD_CARD);
        GATEWAY.openSession();
        openForeign();
        Awaitility.await().untilAsserted(() -> {
            JsonObject session = GATEWAY.read(rich);
            assertThat(session.getString("status")).isEqualTo("complete");
            assertThat(session.getJsonObject("setup_intent").getString("status"))
                    .isEqualTo("succeeded");
        });
        GATEWAY.settle();
        ours = GATEWAY.read(rich);
        mirrored = GATEWAY.client().get(DJ_STRIPES + "/" + rich).expect(200).json();
    }

    private static String openRich() throws IOException {
        JsonObject body = new JsonObject(Files.readString(Path.of("api/examples/create-checkout-session.full.json")));
        JsonObject options = body.getJsonObject("stripe_options");
        options.remove("consent_collection");
        options.getJsonObject("custom_text").remove("terms_of_service_acceptance");
        options.put("currency", "CHF")
                .put("payment_method_types", new JsonArray().add("card"))
                .put("expires_at", Instant.now().plus(Duration.ofHours(3)).getEpochSecond());
        return GATEWAY.client()
                .post(checkoutSessionsOf(GATEWAY.customer()), body)
                .expect(201)
                .json()
                .getString("session_id");
    }

    private static void openForeign() throws Exception {
        String foreign = GATEWAY.openElsewhere(Selling.any(Mode.SETUP));
        HostedPage.of(GATEWAY.sandbox(), foreign).pay(HostedPage.GOOD_CARD);
    }

    private static List<String> find(String path, String field, String operator, String value) {
        String query = "?" + encoded("filter[" + field + "][" + operator + "]") + "=" + encoded(value);
        return GATEWAY.client().get(path + query).expect(200).json().getJsonArray("data").stream()
                .map(session -> ((JsonObject) session).getString("id"))
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String valueOf(JsonObject session, String field) {
        JsonObject setupIntent = session.getJsonObject("setup_intent", new JsonObject());
        Object value =
                switch (field) {
                    case "setup_intent_id" -> setupIntent.getValue("id");
                    case "setup_intent_status" -> setupIntent.getValue("status");
                    case "payment_method_id" -> setupIntent.getValue("payment_method_id");
                    case "submit_type" -> session.getValue(field, "auto");
                    default -> session.getValue(field);
                };
        return value == null ? "" : value.toString();
    }

    private static Set<String> fieldsOf(String schema) {
        try {
            JsonObject filter = new JsonObject(Files.readString(Path.of("api/schemas", schema + ".json")));
            return new TreeSet<>(filter.getJsonObject("properties").fieldNames());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> fields() {
        return Stream.concat(
                fieldsOf("CheckoutSessionFilter").stream().map(field -> argumentSet(field, OURS, field)),
                fieldsOf("DjStripeCheckoutSessionFilter").stream()
                        .map(field -> argumentSet("dj-stripe " + field, DJ_STRIPES, field)));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void list_everyField_isComparedWithItsValue(String path, String field) {
        JsonObject session = path.equals(OURS) ? ours : mirrored;
        String id = session.getString("id");
        String value = valueOf(session, field);

        // What the session does not have cannot equal anything; it must be found by that.
        if (value.isEmpty() && !field.equals("description")) {
            assertThat(find(path, field, "nexists", "true")).contains(id);
            assertThat(find(path, field, "exists", "true")).doesNotContain(id);
        } else {
            assertThat(find(path, field, "eq", value)).contains(id);
        }
    }

    static Stream<Arguments> operators() {
        String id = "ID";
        return Stream.of(
                argumentSet("word eq", "status", "eq", "complete", true),
                argumentSet("word eq, other case", "status", "eq", "COMPLETE", false),
                argumentSet("word neq", "status", "neq", "open", true),
                argumentSet("word neq itself", "status", "neq", "complete", false),
                argumentSet("word of several", "status", "oeq", "open,complete", true),
                argumentSet("word of none", "status", "oeq", "open,expired", false),
                argumentSet("id of several", "id", "oeq", "x," + id, true),
                argumentSet("id exists", "customer_id", "exists", "true", true),
                argumentSet("id exists not", "customer_id", "exists", "false", false),
                argumentSet("id nexists", "customer_id", "nexists", "true", false),
                argumentSet("nothing exists", "subscription_id", "exists", "", false),
                argumentSet("nothing is unequal", "subscription_id", "neq", "sub_1", true),
                argumentSet("text contains", "client_reference_id", "contains", "R-10", true),
                argumentSet("text contains, any case", "client_reference_id", "contains", "ORDER", true),
                argumentSet("text contains a wildcard", "client_reference_id", "contains", "%", false),
                argumentSet("text contains one of", "client_reference_id", "ocontains", "zzz,1001", true),
                argumentSet("text contains none of", "client_reference_id", "ocontains", "zzz,yyy", false),
                argumentSet("text greater", "client_reference_id", "gt", "order-1000", true),
                argumentSet("text greater or equal", "client_reference_id", "gte", "order-1001", true),
                argumentSet("text less", "client_reference_id", "lt", "order-1001", false),
                argumentSet("text less or equal", "client_reference_id", "lte", "order-1001", true),
                argumentSet("boolean", "livemode", "eq", "false", true),
                argumentSet("boolean not", "livemode", "eq", "true", false),
                argumentSet("time after", "created_at", "gt", "2026-01-01T00:00:00Z", true),
                argumentSet("time after, other zone", "created_at", "gt", "2026-01-01T00:00:00+14:00", true),
                argumentSet("time before", "created_at", "lt", "2026-01-01T00:00:00.000001Z", false),
                argumentSet("time to the microsecond", "created_at", "gte", "CREATED", true),
                argumentSet("time to the microsecond, beyond", "created_at", "gt", "CREATED", false),
                argumentSet("metadata eq", "metadata.order", "eq", "A-1001", true),
                argumentSet("metadata eq another", "metadata.order", "eq", "A-1002", false),
                argumentSet("metadata neq", "metadata.order", "neq", "A-1002", true),
                argumentSet("metadata of several", "metadata.plan", "oeq", "silver,gold", true),
                argumentSet("metadata contains", "metadata.order", "contains", "a-10", true),
                argumentSet("metadata exists", "metadata.plan", "exists", "true", true),
                argumentSet("metadata nexists", "metadata.colour", "nexists", "true", true),
                argumentSet("metadata greater", "metadata.order", "gt", "A-1000", true),
                argumentSet("metadata of an odd name", "metadata.a'b\"c.d", "eq", "x", false),
                argumentSet("an injection", "client_reference_id", "eq", "' OR '1'='1", false));
    }

    @ParameterizedTest
    @MethodSource("operators")
    void list_everyOperator_findsWhatItSays(String field, String operator, String value, boolean found) {
        String given = value.replace("ID", ours.getString("id")).replace("CREATED", ours.getString("created_at"));

        assertThat(find(OURS, field, operator, given).contains(ours.getString("id")))
                .isEqualTo(found);
    }

    @Test
    void list_shortForms_meanEqualAndExists() {
        String short1 = "?" + encoded("filter[client_reference_id]") + "=order-1001";
        String short2 = "?" + encoded("filter[client_reference_id]");

        assertThat(GATEWAY.client().get(OURS + short1).expect(200).json().getJsonArray("data"))
                .hasSize(1);
        assertThat(GATEWAY.client().get(OURS + short2).expect(200).json().getJsonArray("data"))
                .hasSize(1);
    }

    @Test
    void list_severalConditions_mustAllHold() {
        String both = "?" + encoded("filter[status]") + "=complete&" + encoded("filter[customer_id][exists]") + "=true&"
                + encoded("filter[created_at][gt]") + "=2026-01-01T00:00:00Z&"
                + encoded("filter[created_at][lt]") + "=2126-01-01T00:00:00Z";

        assertThat(GATEWAY.client().get(OURS + both).expect(200).json().getJsonArray("data"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eq", "oeq", "gte", "lte"})
    void listMirrored_number_isCompared(String operator) {
        String number = mirrored.getInteger("djstripe_id").toString();

        assertThat(find(DJ_STRIPES, "djstripe_id", operator, number)).contains(mirrored.getString("id"));
        assertThat(find(DJ_STRIPES, "djstripe_id", "neq", number)).doesNotContain(mirrored.getString("id"));
    }

    @Test
    void listMirrored_page_leadsForwardOnly() {
        JsonObject first = GATEWAY.client()
                .get(DJ_STRIPES + "?" + encoded("page[size]") + "=2")
                .expect(200)
                .json();
        String next = first.getJsonObject("meta").getJsonObject("page").getString("next");
        JsonObject second = GATEWAY.client()
                .get(DJ_STRIPES + "?" + encoded("page[size]") + "=2&" + encoded("page[after]") + "=" + next)
                .expect(200)
                .json();

        assertThat(Stream.of(first, second)
                        .flatMap(page -> page.getJsonArray("data").stream())
                        .map(session -> ((JsonObject) session).getInteger("djstripe_id"))
                        .collect(Collectors.toSet()))
                .hasSize(3);
        GATEWAY.client()
                .get(DJ_STRIPES + "?" + encoded("page[before]") + "=" + next)
                .expect(400);
        GATEWAY.client().get(DJ_STRIPES + "?sort=id").expect(400);
        GATEWAY.client().get(DJ_STRIPES + "?page=1").expect(400);
    }

    @Test
    void listMirrored_fieldsOfOurs_areNotTheirs() {
        for (String field : List.of("status", "metadata.order", "created_at", "stripe_session_id")) {
            GATEWAY.client()
                    .get(DJ_STRIPES + "?" + encoded("filter[" + field + "]") + "=x")
                    .expect(400);
        }
    }

    @Test
    void getMirrored_byEitherId_isTheWholeDocument() {
        JsonObject byNumber = GATEWAY.client()
                .get(DJ_STRIPES + "/" + mirrored.getInteger("djstripe_id"))
                .expect(200)
                .json();

        assertThat(byNumber).isEqualTo(mirrored);
        assertThat(mirrored.fieldNames())
                .containsExactlyInAnyOrder(
                        "djstripe_id",
                        "billing_address_collection",
                        "mode",
                        "submit_type",
                        "djstripe_created",
                        "djstripe_updated",
                        "id",
                        "livemode",
                        "created",
                        "metadata",
                        "description",
                        "cancel_url",
                        "client_reference_id",
                        "customer_email",
                        "display_items",
                        "locale",
                        "payment_method_types",
                        "success_url",
                        "djstripe_owner_account",
                        "customer",
                        "payment_intent",
                        "subscription");
        assertThat(mirrored.getMap())
                .containsEntry("billing_address_collection", "required")
                .containsEntry("mode", "setup")
                .containsEntry("submit_type", "auto")
                .containsEntry("livemode", false)
                .containsEntry("description", "")
                .containsEntry("client_reference_id", "order-1001")
                .containsEntry("locale", "de")
                .containsEntry("display_items", null)
                .containsEntry("payment_intent", null);
        assertThat(mirrored.getJsonObject("payment_method_types").fieldNames()).containsExactly("card");
        assertThat(mirrored.getJsonObject("metadata").getMap()).containsAllEntriesOf(Map.of("order", "A-1001"));
        assertThat(mirrored.getString("djstripe_owner_account")).startsWith("acct_");
        assertThat(mirrored.getInstant("created")).isBefore(Instant.now());
        assertThat(GATEWAY.client().get(DJ_STRIPES + "/" + ours.getString("id")).status())
                .isEqualTo(404);
    }

    @Test
    void getMirrored_sessionWithLittle_hasEmptyTextsForNulls() {
        String bare = find(DJ_STRIPES, "success_url", "eq", "https://other.example/done")
                .get(0);

        JsonObject document =
                GATEWAY.client().get(DJ_STRIPES + "/" + bare).expect(200).json();

        assertThat(document.getMap())
                .containsEntry("billing_address_collection", "auto")
                .containsEntry("cancel_url", "")
                .containsEntry("client_reference_id", "")
                .containsEntry("locale", "");
    }
}
