package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.Address;
import io.checkoutgateway.api.model.BillingCustomer;
import io.checkoutgateway.api.model.BillingCustomerUsageAttribution;
import io.checkoutgateway.api.model.CreateCustomerRequest;
import io.checkoutgateway.api.model.UpsertCustomerRequest;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerDetails;
import io.checkoutgateway.customers.NewCustomer;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.checkoutgateway.http.Wire;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A customer, between the contract's words and the product's. */
public final class CustomerResource {
    private CustomerResource() {}

    /** The customer that a request asks for. */
    public static NewCustomer of(CreateCustomerRequest request) {
        return new NewCustomer(
                request.getKey(),
                new CustomerDetails(
                        request.getName(),
                        request.getDescription(),
                        labels(request.getLabels()),
                        subjectKeys(request.getUsageAttribution()),
                        email(request.getPrimaryEmail()),
                        request.getCurrency(),
                        address(request.getBillingAddress())));
    }

    static CustomerDetails of(UpsertCustomerRequest request) {
        return new CustomerDetails(
                request.getName(),
                request.getDescription(),
                labels(request.getLabels()),
                subjectKeys(request.getUsageAttribution()),
                email(request.getPrimaryEmail()),
                request.getCurrency(),
                address(request.getBillingAddress()));
    }

    private static Map<String, String> labels(@Nullable Map<String, String> labels) {
        return Objects.requireNonNullElse(labels, Map.of());
    }

    private static @Nullable List<String> subjectKeys(@Nullable BillingCustomerUsageAttribution attribution) {
        return attribution == null ? null : attribution.getSubjectKeys();
    }

    /** OpenMeter takes an empty address; nobody can be written to there. */
    private static @Nullable String email(@Nullable String email) {
        return email == null || email.isEmpty() ? null : email;
    }

    private static @Nullable JsonObject address(@Nullable Address address) {
        return address == null ? null : JsonObject.mapFrom(address);
    }

    static Reply reply(Customer customer) {
        return Reply.json(200, of(customer)).with(Versions.ETAG, Versions.tagOf(customer.version()));
    }

    static BillingCustomer of(Customer customer) {
        JsonObject address = customer.billingAddress();
        return new BillingCustomer()
                .withId(customer.id())
                .withKey(customer.key())
                .withName(customer.name())
                .withDescription(customer.description())
                .withLabels(customer.labels().isEmpty() ? null : customer.labels())
                .withUsageAttribution(attribution(customer.subjectKeys()))
                .withPrimaryEmail(customer.primaryEmail())
                .withCurrency(customer.currency())
                .withBillingAddress(address == null ? null : address.mapTo(Address.class))
                .withCreatedAt(Wire.utc(customer.createdAt()))
                .withUpdatedAt(Wire.utc(customer.updatedAt()))
                .withDeletedAt(Wire.utc(customer.deletedAt()));
    }

    private static @Nullable BillingCustomerUsageAttribution attribution(@Nullable List<String> subjectKeys) {
        return subjectKeys == null ? null : new BillingCustomerUsageAttribution().withSubjectKeys(subjectKeys);
    }
}
