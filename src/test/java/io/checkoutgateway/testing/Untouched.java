package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.world.Ledger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What the gateway and Stripe hold before the tests of a class; after each of them it is the same. */
public final class Untouched implements BeforeEachCallback, AfterEachCallback {
    /** Keys of this name are the tests' own. */
    private static final String COUNTS =
            """
            SELECT
                (SELECT count(*) FROM checkout_gateway.customers),
                (SELECT count(*) FROM checkout_gateway.customer_subjects),
                (SELECT count(*) FROM checkout_gateway.stripe_customer_links),
                (SELECT count(*) FROM checkout_gateway.checkout_sessions),
                (SELECT count(*) FROM checkout_gateway.idempotency_keys),
                (SELECT count(*) FROM checkout_gateway.apps),
                (SELECT count(*) FROM checkout_gateway.app_webhooks),
                (SELECT count(*) FROM checkout_gateway.app_redirect_hosts),
                (SELECT count(*) FROM checkout_gateway.webhook_endpoints),
                (SELECT count(*) FROM checkout_gateway.api_keys WHERE name <> 'test'),
                (SELECT count(*) FROM checkout_gateway.stripe_events)
            """;

    private final GatewayExtension gateway;
    private @Nullable String rows;
    private @Nullable Ledger stripe;

    /** @param gateway whose tests, all of a class, change nothing */
    public Untouched(GatewayExtension gateway) {
        this.gateway = gateway;
    }

    /** Remembers what there is before the first test. */
    @Override
    public void beforeEach(ExtensionContext test) {
        if (rows == null) {
            rows = rows();
            stripe = gateway.sandbox().ledger();
        }
    }

    /** Asserts that no row and nothing at Stripe was added or taken away. */
    @Override
    public void afterEach(ExtensionContext test) {
        assertThat(rows()).as("rows of the tables").isEqualTo(rows);
        assertThat(gateway.sandbox().ledger()).as("Stripe's ledger").isEqualTo(stripe);
    }

    private String rows() {
        return gateway.database().rows(COUNTS).toString();
    }
}
