package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.world.Ledger;

/** What the gateway and Stripe hold at one moment, to show later that nothing has happened since. */
public final class Untouched {
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

    private final TestGateway gateway;
    private final String rows;
    private final Ledger stripe;

    private Untouched(TestGateway gateway) {
        this.gateway = gateway;
        this.rows = rows();
        this.stripe = gateway.sandbox().ledger();
    }

    /** Remembers what there is now. */
    public static Untouched since(TestGateway gateway) {
        return new Untouched(gateway);
    }

    /** Asserts that no row and nothing at Stripe was added or taken away. */
    public void check() {
        assertThat(rows()).as("rows of the tables").isEqualTo(rows);
        assertThat(gateway.sandbox().ledger()).as("Stripe's ledger").isEqualTo(stripe);
    }

    private String rows() {
        return gateway.database().rows(COUNTS).toString();
    }
}
