package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.setup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.annotations.SerializedName;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentMethod;
import com.stripe.model.SetupIntent;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionListParams;
import com.stripe.param.checkout.SessionUpdateParams;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CheckoutSessionsTest {
    /** Members stripe-node 22.4.0 declares optional: there only when they apply. */
    private static final Set<String> OPTIONAL = Set.of(
            "branding_settings",
            "excluded_payment_method_types",
            "line_items",
            "name_collection",
            "optional_items",
            "phone_number_collection",
            "presentment_details",
            "redirect_on_completion",
            "return_url",
            "tax_id_collection");

    @RegisterExtension
    private static final SandboxFixture FIXTURE = new SandboxFixture();

    @Test
    void create_setupForCustomer_isOpenWithIntentAndAddress() throws StripeException {
        Customer customer = FIXTURE.customer();
        long before = FIXTURE.sandbox.clock().seconds();

        Session session = FIXTURE.session(setup().setCustomer(customer.getId())
                .setClientReferenceId("ref-1")
                .putMetadata("billing_session_id", "01J")
                .setSetupIntentData(SessionCreateParams.SetupIntentData.builder()
                        .putMetadata("billing_customer_id", "01K")
                        .build())
                .addExpand("setup_intent")
                .addExpand("customer")
                .build());

        assertThat(session.getId()).startsWith("cs_test_c1").hasSize(66);
        assertThat(session.getStatus()).isEqualTo("open");
        assertThat(session.getPaymentStatus()).isEqualTo("no_payment_required");
        assertThat(session.getUiMode()).isEqualTo("hosted_page");
        assertThat(session.getUrl()).startsWith(FIXTURE.sandbox.baseUri() + "/c/pay/" + session.getId() + "#");
        assertThat(session.getClientSecret()).isNull();
        assertThat(session.getExpiresAt() - session.getCreated()).isEqualTo(86_400);
        assertThat(session.getCreated()).isGreaterThanOrEqualTo(before);
        assertThat(session.getMetadata()).containsEntry("billing_session_id", "01J");
        assertThat(session.getCustomerObject().getEmail()).isEqualTo("jenny@example.com");
        SetupIntent intent = session.getSetupIntentObject();
        assertThat(intent.getStatus()).isEqualTo("requires_payment_method");
        assertThat(intent.getMetadata()).containsExactly(java.util.Map.entry("billing_customer_id", "01K"));
        assertThat(intent.getCustomer()).isEqualTo(customer.getId());
    }

    @Test
    void create_anySession_hasExactlyTheMembersOfDahlia() throws StripeException {
        Session session = FIXTURE.session(setup().build());

        Set<String> expected = members(Session.class);
        expected.removeAll(OPTIONAL);
        expected.add("branding_settings");
        assertThat(session.getRawJsonObject().keySet()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void setupIntent_ofSession_hasExactlyTheMembersOfDahlia() throws StripeException {
        SetupIntent intent =
                FIXTURE.session(setup().addExpand("setup_intent").build()).getSetupIntentObject();

        Set<String> expected = members(SetupIntent.class);
        expected.removeAll(Set.of("attach_to_self", "allowed_payment_method_types"));
        JsonObject raw = new JsonObject(
                FIXTURE.get("/v1/setup_intents/" + intent.getId()).body());
        assertThat(raw.fieldNames()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void create_embedded_hasSecretAndNoAddress() throws StripeException {
        Session session = FIXTURE.session(SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SETUP)
                .setUiMode(SessionCreateParams.UiMode.EMBEDDED_PAGE)
                .setReturnUrl("https://shop.example/back?session={CHECKOUT_SESSION_ID}")
                .setCurrency("eur")
                .build());

        assertThat(session.getUrl()).isNull();
        assertThat(session.getClientSecret()).startsWith(session.getId() + "_secret_");
        assertThat(session.getRedirectOnCompletion()).isEqualTo("always");
        assertThat(session.getPaymentMethodTypes()).containsExactly("card", "link");
        assertThat(session.getPaymentMethodConfigurationDetails().getId()).startsWith("pmc_");
        assertThat(session.getAmountTotal()).isZero();
    }

    @Test
    void expire_openSession_endsItOnce() throws StripeException {
        Session session = FIXTURE.session(setup().build());

        Session expired = FIXTURE.stripe.v1().checkout().sessions().expire(session.getId());

        assertThat(expired.getStatus()).isEqualTo("expired");
        assertThat(expired.getUrl()).isNull();
        assertThatThrownBy(() -> FIXTURE.stripe.v1().checkout().sessions().expire(session.getId()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Only Checkout Sessions with a status in [\"open\"] can be expired. This "
                        + "Checkout Session has a status of `expired`.");
    }

    @Test
    void retrieve_unknownSession_isStripes404() {
        assertThatThrownBy(() -> FIXTURE.stripe.v1().checkout().sessions().retrieve("cs_test_unknown"))
                .isInstanceOfSatisfying(InvalidRequestException.class, failure -> {
                    assertThat(failure.getStatusCode()).isEqualTo(404);
                    assertThat(failure.getCode()).isEqualTo("resource_missing");
                    assertThat(failure.getStripeError().getMessage())
                            .isEqualTo("No such checkout.session: 'cs_test_unknown'");
                    assertThat(failure.getRequestId()).startsWith("req_");
                });
        assertThatThrownBy(() -> FIXTURE.stripe.v1().checkout().sessions().retrieve("garbage"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Invalid checkout.session id: garbage");
    }

    @Test
    void update_metadata_mergesAndRemoves() throws StripeException {
        Session session = FIXTURE.session(
                setup().putMetadata("keep", "1").putMetadata("drop", "2").build());

        Session updated = FIXTURE.stripe
                .v1()
                .checkout()
                .sessions()
                .update(
                        session.getId(),
                        SessionUpdateParams.builder()
                                .putMetadata("drop", "")
                                .putMetadata("new", "3")
                                .build());

        assertThat(updated.getMetadata()).containsExactlyInAnyOrderEntriesOf(java.util.Map.of("keep", "1", "new", "3"));
    }

    @Test
    void list_byCustomerInPages_givesNewestFirst() throws StripeException {
        String customer = FIXTURE.customer().getId();
        String first = FIXTURE.session(setup().setCustomer(customer).build()).getId();
        String second = FIXTURE.session(setup().setCustomer(customer).build()).getId();
        String third = FIXTURE.session(setup().setCustomer(customer).build()).getId();
        SessionListParams.Builder mine =
                SessionListParams.builder().setCustomer(customer).setLimit(2L).addExpand("data.setup_intent");

        var page = FIXTURE.stripe.v1().checkout().sessions().list(mine.build());
        var rest = FIXTURE.stripe
                .v1()
                .checkout()
                .sessions()
                .list(mine.setStartingAfter(second).build());
        var back = FIXTURE.stripe
                .v1()
                .checkout()
                .sessions()
                .list(mine.setStartingAfter((String) null)
                        .setEndingBefore(first)
                        .build());

        assertThat(page.getData()).extracting(Session::getId).containsExactly(third, second);
        assertThat(page.getData())
                .allSatisfy(one -> assertThat(one.getSetupIntentObject()).isNotNull());
        assertThat(page.getHasMore()).isTrue();
        assertThat(page.getUrl()).isEqualTo("/v1/checkout/sessions");
        assertThat(rest.getData()).extracting(Session::getId).containsExactly(first);
        assertThat(rest.getHasMore()).isFalse();
        assertThat(back.getData()).extracting(Session::getId).containsExactly(third, second);
    }

    @Test
    void list_byStatusAndTime_filters() throws StripeException {
        String customer = FIXTURE.customer().getId();
        Session open = FIXTURE.session(setup().setCustomer(customer).build());
        Session gone = FIXTURE.session(setup().setCustomer(customer).build());
        String expired =
                FIXTURE.stripe.v1().checkout().sessions().expire(gone.getId()).getId();

        assertThat(ids(list("customer=" + customer + "&status=open"))).containsExactly(open.getId());
        assertThat(ids(list("customer=" + customer + "&status=expired"))).containsExactly(expired);
        assertThat(ids(list("customer=" + customer + "&created[gt]=" + open.getCreated() + 60)))
                .isEmpty();
        assertThat(ids(list("customer=" + customer + "&created[lte]=" + gone.getCreated())))
                .hasSize(2);
    }

    @Test
    void completedByControl_paymentMethod_isAttachedAndParsed() throws StripeException {
        String customer = FIXTURE.customer().getId();
        Session session = FIXTURE.session(setup().setCustomer(customer).build());

        FIXTURE.control("POST", "/sessions/" + session.getId() + "/complete", new JsonObject());

        Session done = FIXTURE.stripe
                .v1()
                .checkout()
                .sessions()
                .retrieve(
                        session.getId(),
                        com.stripe.param.checkout.SessionRetrieveParams.builder()
                                .addExpand("setup_intent.payment_method")
                                .addExpand("setup_intent.latest_attempt")
                                .build());
        PaymentMethod method = done.getSetupIntentObject().getPaymentMethodObject();
        assertThat(done.getStatus()).isEqualTo("complete");
        assertThat(done.getUrl()).isNull();
        assertThat(method.getCustomer()).isEqualTo(customer);
        assertThat(method.getCard().getLast4()).isEqualTo("4242");
        assertThat(done.getSetupIntentObject().getLatestAttemptObject().getStatus())
                .isEqualTo("succeeded");
        assertThat(FIXTURE.sandbox.ledger().session(session.getId()).status()).isEqualTo("complete");
    }

    private static JsonObject list(String query) {
        return new JsonObject(FIXTURE.get("/v1/checkout/sessions?" + query).body());
    }

    private static java.util.List<String> ids(JsonObject list) {
        return list.getJsonArray("data").stream()
                .map(one -> ((JsonObject) one).getString("id"))
                .toList();
    }

    private static Set<String> members(Class<?> model) {
        return Arrays.stream(model.getDeclaredFields())
                .map(field -> field.getAnnotation(SerializedName.class))
                .filter(Objects::nonNull)
                .map(SerializedName::value)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
