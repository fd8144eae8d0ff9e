package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.sandbox.world.Ledger;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * What the gateway remembers beside what Stripe says now, member by member: every ended session whole, its SetupIntent,
 * the payment method of what it is paid through, and the customers' default payment methods.
 */
public final class MirrorTruth {
    private static final String ROWS =
            """
            SELECT s.stripe_session_id, s.stripe, s.setup_intent_id, s.setup_intent_status, s.payment_method_id,
                   s.setup_error ->> 'code', nullif(s.stripe_account_id, a.stripe_account_id)
            FROM checkout_gateway.checkout_sessions s
            JOIN checkout_gateway.apps a ON a.id = s.app_id
            WHERE s.stripe_session_id IS NOT NULL
            """;
    private static final String WAITING =
            """
            SELECT event_id FROM checkout_gateway.stripe_events WHERE state = 'pending'
            UNION ALL
            SELECT subject FROM checkout_gateway.follow_ups WHERE state = 'pending'
            """;

    private final StripeSandbox sandbox;
    private final TestDatabase database;
    private final String stripeKey;

    public MirrorTruth(StripeSandbox sandbox, TestDatabase database, String stripeKey) {
        this.sandbox = sandbox;
        this.database = database;
        this.stripeKey = stripeKey;
    }

    /** Of the gateway that a class of tests shares. */
    public static MirrorTruth of(GatewayExtension gateway) {
        return new MirrorTruth(
                gateway.sandbox(),
                gateway.database(),
                String.valueOf(gateway.get().settings().get("STRIPE_API_KEY")));
    }

    /** Asserts that they agree, soon. */
    public void agree() {
        Awaitility.await().pollInterval(Duration.ofMillis(100)).untilAsserted(this::agreeNow);
    }

    private void agreeNow() {
        assertThat(database.rows(WAITING)).as("events and follow-ups that wait").isEmpty();
        Map<String, List<String>> rows =
                database.rows(ROWS).stream().collect(Collectors.toMap(row -> row.get(0), row -> row));
        for (Ledger.Session session : sandbox.ledger().sessions()) {
            if (!session.isOpen()) {
                List<String> row = rows.getOrDefault(session.id(), List.of());
                assertThat(row).as("the row of " + session.id()).isNotEmpty();
                assertThat(said(row)).as(session.id()).isEqualTo(truth(session.id(), row.get(6)));
            }
        }
        defaultsAgree();
    }

    /** A session and what is kept of its SetupIntent. */
    private record Said(JsonObject session, List<String> setupIntent) {}

    private static Said said(List<String> row) {
        return new Said(new JsonObject(row.get(1)), row.subList(2, 6));
    }

    /** @param account the connected account, {@code "null"} for the key's own */
    private Said truth(String sessionId, String account) {
        JsonObject session = read(
                "/v1/checkout/sessions/" + sessionId + "?expand[]=setup_intent"
                        + "&expand[]=payment_intent&expand[]=subscription",
                account);
        List<String> setUp = new ArrayList<>();
        if (session.getValue("setup_intent") instanceof JsonObject intent) {
            session.put("setup_intent", intent.getString("id"));
            JsonObject error = intent.getJsonObject("last_setup_error", new JsonObject());
            setUp.add(intent.getString("id"));
            setUp.add(intent.getString("status"));
            setUp.add(String.valueOf(intent.getString("payment_method")));
            setUp.add(String.valueOf(error == null ? null : error.getString("code")));
        } else {
            setUp.addAll(List.of("null", "null", methodOf(session), "null"));
        }
        collapse(session, "payment_intent");
        collapse(session, "subscription");
        return new Said(session, setUp);
    }

    private static String methodOf(JsonObject session) {
        if (session.getValue("payment_intent") instanceof JsonObject intent) {
            return String.valueOf(intent.getString("payment_method"));
        }
        return session.getValue("subscription") instanceof JsonObject subscription
                ? String.valueOf(subscription.getString("default_payment_method"))
                : "null";
    }

    private static void collapse(JsonObject session, String name) {
        if (session.getValue(name) instanceof JsonObject expanded) {
            session.put(name, expanded.getString("id"));
        }
    }

    private void defaultsAgree() {
        Map<String, String> theirs = sandbox.ledger().customers().stream()
                .filter(customer -> !customer.deleted())
                .collect(Collectors.toMap(
                        Ledger.Customer::id, customer -> Objects.toString(customer.defaultPaymentMethod())));
        database.rows("SELECT stripe_customer_id, default_payment_method_id FROM checkout_gateway.stripe_customer_links"
                        + " WHERE stripe_customer_id IS NOT NULL")
                .forEach(link ->
                        assertThat(link.get(1)).as("default of " + link.get(0)).isEqualTo(theirs.get(link.get(0))));
    }

    private JsonObject read(String path, String account) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(sandbox.baseUri() + path.replace("[", "%5B").replace("]", "%5D")))
                .header("Authorization", "Bearer " + stripeKey);
        if (!account.equals("null")) {
            request.header("Stripe-Account", account);
        }
        return new JsonObject(PlainHttp.send(request).body());
    }
}
