package io.checkoutgateway.faults;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.checkout.UnfinishedSessions;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.faults.Faults;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.Ledgers;
import io.checkoutgateway.testing.PlainHttp;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** A gateway that tries once and works little in the background: a test says when unfinished work is done. */
final class Scene implements AutoCloseable {
    static final String CUSTOMERS = "/v1/customers";
    static final String SESSIONS = "/v1/checkout/sessions";

    private static final Map<String, String> ONCE = Map.of("STRIPE_RETRIES", "0");

    private final TestGateway gateway;
    private final ContractClient client;

    private Scene(TestGateway gateway) {
        this.gateway = gateway;
        this.client = gateway.client();
    }

    static Scene start() {
        return start(Map.of());
    }

    static Scene start(Map<String, String> overrides) {
        return start(overrides, SandboxOptions.defaults());
    }

    static Scene start(Map<String, String> overrides, SandboxOptions options) {
        Map<String, String> settings = new HashMap<>(ONCE);
        settings.putAll(overrides);
        return new Scene(TestGateway.start(settings, options));
    }

    /** A request that can be repeated. */
    record Request(String customer, String key) {}

    Request request() {
        return new Request(gateway.customer(), UUID.randomUUID().toString());
    }

    CompletableFuture<Answer> sendAsync(Request request) {
        return sendAsync(request, hosted());
    }

    CompletableFuture<Answer> sendAsync(Request request, JsonObject body) {
        return client.with("Idempotency-Key", request.key()).postAsync(checkoutSessionsOf(request.customer()), body);
    }

    Answer send(Request request) {
        return sendAsync(request).join();
    }

    /** Repeats the request as if every lease and pause were over. */
    Answer repeatNow(Request request) {
        endLeases();
        return send(request);
    }

    /**
     * Finishes what is unfinished as if every lease and pause were over. A row that an event is being applied to is
     * passed over, as it should be, so that one look may find nothing.
     */
    void reconcile() {
        endLeases();
        Awaitility.await().until(() -> {
            UnfinishedSessions.Counts counts =
                    TestGateway.await(gateway.gateway().reconcileNow());
            return counts.finished() + counts.unsettled() > 0;
        });
    }

    private void endLeases() {
        execute("UPDATE checkout_gateway.checkout_sessions SET lease_until = now() WHERE status = 'creating'");
    }

    void execute(String sql) {
        gateway.database().execute(sql);
    }

    /** One column of the request's newest row. */
    String row(Request request, String column) {
        List<List<String>> rows = gateway.database()
                .rows("SELECT %s FROM checkout_gateway.checkout_sessions WHERE customer_id = '%s' ORDER BY id DESC"
                        .formatted(column, request.customer()));
        return rows.isEmpty() ? "none" : rows.get(0).get(0);
    }

    /** Changes the request's row, to make a past that the test has no time to wait for. */
    void change(Request request, String assignments) {
        execute("UPDATE checkout_gateway.checkout_sessions SET %s WHERE customer_id = '%s'"
                .formatted(assignments, request.customer()));
    }

    /** How many sessions Stripe has ever opened for the customer, and how many are open. */
    void assertAtStripe(Request request, int all, int open) {
        assertThat(gateway.sandbox().ledger().sessionsWithMetadata("om_customer_id", request.customer()))
                .as("sessions at Stripe")
                .hasSize(all)
                .filteredOn(session -> session.isOpen())
                .hasSize(open);
    }

    /** Waits until the newest event of the type is in this state after it was tried, as if pauses were over. */
    void awaitEvent(String type, String state) {
        Awaitility.await().until(() -> {
            execute("UPDATE checkout_gateway.stripe_events SET next_attempt_at = now() WHERE state = 'pending'");
            TestGateway.await(gateway.gateway().applyEventsNow());
            List<List<String>> newest = gateway.database()
                    .rows(
                            "SELECT state, attempts > 0 FROM checkout_gateway.stripe_events WHERE type = '%s' ORDER BY id DESC"
                                    .formatted(type));
            return !newest.isEmpty() && newest.get(0).equals(List.of(state, "t"));
        });
    }

    /** A call to the sandbox behind the gateway's back. */
    String atStripe(String method, String path, String form) {
        return PlainHttp.send(
                        HttpRequest.newBuilder(URI.create(gateway.sandbox().baseUri() + path))
                                .header("Authorization", "Bearer sk_test_canary_gateway")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .method(method, HttpRequest.BodyPublishers.ofString(form)))
                .body();
    }

    TestGateway gateway() {
        return gateway;
    }

    ContractClient client() {
        return client;
    }

    Faults faults() {
        return gateway.sandbox().faults();
    }

    Ledgers ledgers() {
        return gateway.ledgers();
    }

    @Override
    public void close() {
        faults().clear();
        gateway.close();
    }
}
