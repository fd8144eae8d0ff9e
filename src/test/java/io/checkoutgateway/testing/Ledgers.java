package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.sandbox.world.Ledger;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Stripe's ledger and ours, side by side. They agree when every session at Stripe has a row with the same status, no
 * row says otherwise, every one of our sessions has at most one open counterpart, and no row stays {@code creating}.
 */
public final class Ledgers {
    private static final String SESSION_ID = "gateway_session_id";

    private final StripeSandbox sandbox;
    private final TestDatabase database;

    Ledgers(StripeSandbox sandbox, TestDatabase database) {
        this.sandbox = sandbox;
        this.database = database;
    }

    /** The ledgers of this sandbox and this database. */
    public static Ledgers of(StripeSandbox sandbox, TestDatabase database) {
        return new Ledgers(sandbox, database);
    }

    /** Asserts that they agree, soon: events take a moment to be delivered and applied. */
    public void agree() {
        Awaitility.await().untilAsserted(this::agreeNow);
    }

    /** Asserts that they agree at this moment. */
    public void agreeNow() {
        Ledger stripe = sandbox.ledger();
        Map<String, String> rows = statusByStripeId();
        Map<String, String> theirs = stripe.sessions().stream()
                .filter(session -> adopted(session, rows))
                .collect(Collectors.toMap(Ledger.Session::id, Ledger.Session::status));
        assertThat(rows).as("statuses of the rows by Stripe's id").isEqualTo(theirs);
        stripe.openSessionsByMetadata(SESSION_ID).forEach((ours, open) -> assertThat(open)
                .as("open sessions at Stripe of our session " + ours)
                .hasSize(1));
        assertThat(database.rows("SELECT id FROM checkout_gateway.checkout_sessions WHERE status = 'creating'"))
                .as("rows that stay creating")
                .isEmpty();
        customersAgree(stripe);
    }

    /** An attempt that was overtaken is expired at Stripe and has no row of its own; everything else has one. */
    private static boolean adopted(Ledger.Session session, Map<String, String> rows) {
        return rows.containsKey(session.id())
                || !session.status().equals("expired")
                || !session.metadata().containsKey(SESSION_ID);
    }

    private void customersAgree(Ledger stripe) {
        Map<String, Long> perCustomer = stripe.customers().stream()
                .filter(customer -> !customer.deleted() && customer.metadata().containsKey("om_customer_id"))
                .collect(Collectors.groupingBy(
                        customer -> customer.metadata().get("om_customer_id"), Collectors.counting()));
        assertThat(perCustomer.values()).as("Stripe customers of one customer").allMatch(count -> count == 1);
    }

    private Map<String, String> statusByStripeId() {
        List<List<String>> rows =
                database.rows("SELECT stripe_session_id, status FROM checkout_gateway.checkout_sessions"
                        + " WHERE stripe_session_id IS NOT NULL");
        return rows.stream().collect(Collectors.toMap(row -> row.get(0), row -> row.get(1)));
    }
}
