package io.checkoutgateway.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.StripeCollection;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerListParams;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.customers.StripeCustomerCalls;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Customers at Stripe. */
public final class StripeCustomerAccess implements StripeCustomerCalls {
    private static final String CREATE = "POST /v1/customers";
    private static final String LIST = "GET /v1/customers";

    /** How far Stripe's clock may be from ours. */
    private static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

    /** A lost create happened within the day that its key lived. */
    private static final Duration WINDOW = Duration.ofHours(25);

    private static final long PAGE_SIZE = 100;

    /** Ten thousand new customers in a day; further, finding one would cost more than a duplicate does harm. */
    private static final int PAGES_MAX = 100;

    /** Stripe's names for the members of our address. */
    private static final Map<String, String> ADDRESS_NAMES = Map.of(
            "country", "country",
            "postal_code", "postal_code",
            "state", "state",
            "city", "city",
            "line1", "line1",
            "line2", "line2");

    private final StripeCalls calls;
    private final StripeClients clients;

    public StripeCustomerAccess(StripeCalls calls, StripeSettings settings) {
        this.calls = calls;
        this.clients = new StripeClients(settings, calls.transport());
    }

    @Override
    public JsonObject parametersOf(StripeApp app, io.checkoutgateway.customers.Customer customer) {
        JsonObject parameters = new JsonObject().put("name", customer.name());
        putIfGiven(parameters, "email", customer.primaryEmail());
        JsonObject address = customer.billingAddress();
        if (address != null) {
            JsonObject stripes = new JsonObject();
            ADDRESS_NAMES.forEach((ours, theirs) -> putIfGiven(stripes, theirs, address.getString(ours)));
            parameters.put("address", stripes);
            putIfGiven(parameters, "phone", address.getString("phone_number"));
        }
        return parameters.put(
                "metadata",
                new JsonObject()
                        .put(ReservedMetadata.NAMESPACE, app.namespace())
                        .put(ReservedMetadata.APP_ID, app.id())
                        .put(ReservedMetadata.CUSTOMER_ID, customer.id()));
    }

    private static void putIfGiven(JsonObject parameters, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            parameters.put(name, value);
        }
    }

    @Override
    public Future<String> create(StripeApp app, JsonObject parameters, String idempotencyKey) {
        CustomerCreateParams params = CustomerCreateParams.builder()
                .putAllExtraParam(StripeClients.plain(parameters))
                .build();
        return calls.run(
                        app,
                        CREATE,
                        timeout -> idOf(clients.of(app)
                                .v1()
                                .customers()
                                .create(params, StripeClients.writing(timeout, idempotencyKey))))
                .recover(failure -> Future.failedFuture(aboutTheCustomer(failure)));
    }

    private static String idOf(Customer customer) {
        if (customer.getId() == null) {
            throw new IllegalArgumentException("This is not a Customer object with an id");
        }
        return customer.getId();
    }

    /** The caller asked for a session: what Stripe minds in the customer is no parameter of that request. */
    private static Throwable aboutTheCustomer(Throwable failure) {
        return failure instanceof StripeFailure refused && refused.effect() == StripeFailure.Effect.REFUSED
                ? new StripeFailure(
                        refused.reason(),
                        refused.effect(),
                        "The customer could not be made at Stripe. " + refused.getMessage(),
                        refused.stripeCode(),
                        List.of(),
                        refused.retryAfter(),
                        refused)
                : failure;
    }

    @Override
    public Future<Optional<String>> findCreated(StripeApp app, String customerId, Instant since) {
        CustomerListParams.Created window = CustomerListParams.Created.builder()
                .setGte(since.minus(CLOCK_SLACK).getEpochSecond())
                .setLte(since.plus(WINDOW).getEpochSecond())
                .build();
        return search(app, customerId, window, null, PAGES_MAX);
    }

    private Future<Optional<String>> search(
            StripeApp app,
            String customerId,
            CustomerListParams.Created window,
            @Nullable String after,
            int pagesLeft) {
        CustomerListParams.Builder params =
                CustomerListParams.builder().setCreated(window).setLimit(PAGE_SIZE);
        if (after != null) {
            params.setStartingAfter(after);
        }
        return calls.run(app, LIST, timeout -> list(app, params.build(), timeout))
                .compose(page -> {
                    Optional<String> found = page.getData().stream()
                            .filter(customer -> isOurs(customer, customerId))
                            .map(Customer::getId)
                            .findFirst();
                    boolean more = found.isEmpty() && page.getHasMore() && pagesLeft > 1;
                    return more
                            ? search(app, customerId, window, lastOf(page), pagesLeft - 1)
                            : Future.succeededFuture(found);
                });
    }

    private StripeCollection<Customer> list(StripeApp app, CustomerListParams params, int timeout)
            throws StripeException {
        return clients.of(app).v1().customers().list(params, StripeClients.reading(timeout));
    }

    private static String lastOf(StripeCollection<Customer> page) {
        return page.getData().get(page.getData().size() - 1).getId();
    }

    private static boolean isOurs(Customer customer, String customerId) {
        Map<String, String> metadata = customer.getMetadata();
        return metadata != null && customerId.equals(metadata.get(ReservedMetadata.CUSTOMER_ID));
    }
}
