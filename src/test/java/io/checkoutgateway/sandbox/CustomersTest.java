package io.checkoutgateway.sandbox;

import static io.checkoutgateway.sandbox.SandboxFixture.setup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentMethod;
import com.stripe.param.CustomerSearchParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CustomersTest {
    @RegisterExtension
    private final SandboxFixture fixture = new SandboxFixture();

    @Test
    void update_nameAndMetadata_isToldWithThePreviousValues() throws StripeException {
        Customer customer = fixture.customer();

        Customer updated = update(
                customer,
                CustomerUpdateParams.builder()
                        .setName("Jenny R.")
                        .setEmail(com.stripe.param.common.EmptyParam.EMPTY)
                        .putMetadata("tenant", "")
                        .build());

        assertThat(updated.getName()).isEqualTo("Jenny R.");
        assertThat(updated.getEmail()).isNull();
        assertThat(updated.getMetadata()).isEmpty();
        JsonObject previous = latest("customer.updated").getJsonObject("data").getJsonObject("previous_attributes");
        assertThat(previous)
                .isEqualTo(new JsonObject()
                        .put("name", "Jenny Rosen")
                        .put("email", "jenny@example.com")
                        .put("metadata", new JsonObject().put("tenant", "acme")));
    }

    @Test
    void search_byMetadata_findsNewestFirst() throws StripeException {
        String first = fixture.customer().getId();
        String second = fixture.customer().getId();

        var found = fixture.stripe
                .v1()
                .customers()
                .search(CustomerSearchParams.builder()
                        .setQuery("metadata['tenant']:'acme' AND email:'jenny@example.com'")
                        .build());
        var none = fixture.stripe
                .v1()
                .customers()
                .search(CustomerSearchParams.builder()
                        .setQuery("metadata['tenant']:'other'")
                        .build());

        assertThat(found.getData()).extracting(Customer::getId).containsExactly(second, first);
        assertThat(none.getData()).isEmpty();
        assertThatThrownBy(() -> fixture.stripe
                        .v1()
                        .customers()
                        .search(CustomerSearchParams.builder().setQuery("???").build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("unable to parse");
    }

    @Test
    void delete_customer_leavesATombstone() throws StripeException {
        Customer customer = fixture.customer();

        assertThat(fixture.stripe.v1().customers().delete(customer.getId()).getDeleted())
                .isTrue();

        assertThat(fixture.stripe.v1().customers().retrieve(customer.getId()).getDeleted())
                .isTrue();
        assertThat(fixture.stripe.v1().customers().list().getData()).isEmpty();
        assertThatThrownBy(() ->
                        fixture.session(setup().setCustomer(customer.getId()).build()))
                .hasMessageContaining("No such customer: '" + customer.getId() + "'");
        assertThat(fixture.sandbox.ledger().customersWithMetadata("tenant", "acme"))
                .isEmpty();
    }

    @Test
    void defaultPaymentMethod_mustBeAttachedAndGoesWhenDetached() throws StripeException {
        Customer owner = fixture.customer();
        Customer other = fixture.customer();
        String method = savedMethod(owner);

        assertThatThrownBy(() -> update(other, defaultsTo(method)))
                .hasMessageContaining("does not have a payment method with the ID " + method);
        assertThat(update(owner, defaultsTo(method)).getInvoiceSettings().getDefaultPaymentMethod())
                .isEqualTo(method);
        PaymentMethod detached = fixture.stripe.v1().paymentMethods().detach(method);

        assertThat(detached.getCustomer()).isNull();
        assertThat(fixture.stripe
                        .v1()
                        .customers()
                        .retrieve(owner.getId())
                        .getInvoiceSettings()
                        .getDefaultPaymentMethod())
                .isNull();
        assertThatThrownBy(() -> fixture.stripe
                        .v1()
                        .paymentMethods()
                        .attach(
                                method,
                                PaymentMethodAttachParams.builder()
                                        .setCustomer(owner.getId())
                                        .build()))
                .hasMessageContaining("may not be used again");
    }

    @Test
    void paymentMethods_ofCustomer_areListedBothWays() throws StripeException {
        Customer owner = fixture.customer();
        String method = savedMethod(owner);

        JsonObject own = new JsonObject(fixture.get("/v1/customers/" + owner.getId() + "/payment_methods")
                .body());
        JsonObject all = new JsonObject(fixture.get("/v1/payment_methods?type=card&customer=" + owner.getId())
                .body());

        assertThat(own.getJsonArray("data")).hasSize(1);
        assertThat(all.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo(method);
        assertThat(fixture.get("/v1/customers/" + owner.getId() + "/payment_methods/" + method)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void setupIntent_ofCheckout_canOnlyBeMovedByCheckout() throws StripeException {
        String intent = fixture.session(setup().build()).getSetupIntent();

        assertThatThrownBy(() -> fixture.stripe.v1().setupIntents().confirm(intent))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> fixture.stripe.v1().setupIntents().cancel(intent))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(SandboxFixture.error(fixture.post("/v1/setup_intents/" + intent, "payment_method=pm_1"))
                        .getString("message"))
                .startsWith("Some of the parameters you provided (payment_method) cannot be used when modifying a "
                        + "SetupIntent that was created by Checkout.");
    }

    private String savedMethod(Customer owner) throws StripeException {
        var session = fixture.session(setup().setCustomer(owner.getId()).build());
        fixture.control("POST", "/sessions/" + session.getId() + "/complete", new JsonObject());
        return fixture.stripe
                .v1()
                .setupIntents()
                .retrieve(session.getSetupIntent())
                .getPaymentMethod();
    }

    private Customer update(Customer customer, CustomerUpdateParams params) throws StripeException {
        return fixture.stripe.v1().customers().update(customer.getId(), params);
    }

    private static CustomerUpdateParams defaultsTo(String method) {
        return CustomerUpdateParams.builder()
                .setInvoiceSettings(CustomerUpdateParams.InvoiceSettings.builder()
                        .setDefaultPaymentMethod(method)
                        .build())
                .build();
    }

    private JsonObject latest(String type) {
        return new JsonObject(fixture.get("/v1/events?limit=1&type=" + type).body())
                .getJsonArray("data")
                .getJsonObject(0);
    }
}
