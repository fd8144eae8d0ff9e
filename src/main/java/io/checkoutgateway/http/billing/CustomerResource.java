package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.Address;
import io.checkoutgateway.api.model.BillingCustomer;
import io.checkoutgateway.api.model.BillingCustomerUsageAttribution;
import io.checkoutgateway.api.model.CreateCustomerRequest;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.NewCustomer;
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
        Address address = request.getBillingAddress();
        BillingCustomerUsageAttribution attribution = request.getUsageAttribution();
        return new NewCustomer(
                request.getKey(),
                request.getName(),
                request.getDescription(),
                Objects.requireNonNullElse(request.getLabels(), Map.of()),
                attribution == null ? null : attribution.getSubjectKeys(),
                request.getPrimaryEmail(),
                request.getCurrency(),
                address == null ? null : JsonObject.mapFrom(address));
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
