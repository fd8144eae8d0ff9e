package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway that may tell this machine, looks for news only when the test says so, and has a feed of the test's own. */
final class OutgoingScene implements AutoCloseable {
    static final String ENDPOINTS = "/api/v1/webhook-endpoints";
    static final String COMPLETED = "checkout_session.completed";
    static final String OPENED = "checkout_session.opened";

    private static final AtomicInteger SEQUENCE = new AtomicInteger();

    private final TestGateway gateway;

    private OutgoingScene(TestGateway gateway) {
        this.gateway = gateway;
    }

    static OutgoingScene start() {
        return start(Map.of());
    }

    static OutgoingScene start(Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "GATEWAY_OUTGOING_NETWORKS", "127.0.0.0/8",
                "GATEWAY_OUTGOING_INTERVAL", "PT10M"));
        settings.putAll(overrides);
        return new OutgoingScene(TestGateway.start(settings));
    }

    TestGateway gateway() {
        return gateway;
    }

    ContractClient client() {
        return gateway.client();
    }

    /** An endpoint as the create answered it. */
    JsonObject endpoint(StandardReceiver receiver) {
        return client().post(ENDPOINTS, new JsonObject().put("url", receiver.url()))
                .expect(201)
                .json();
    }

    JsonObject read(JsonObject endpoint) {
        return client().get(ENDPOINTS + "/" + endpoint.getString("id"))
                .expect(200)
                .json();
    }

    ContractClient.Answer patch(JsonObject endpoint, JsonObject change) {
        return client().send(
                        "PATCH",
                        ENDPOINTS + "/" + endpoint.getString("id"),
                        BodyPublishers.ofString(change.encode()),
                        "application/json");
    }

    ContractClient.Answer delete(JsonObject endpoint) {
        return client().send("DELETE", ENDPOINTS + "/" + endpoint.getString("id"), BodyPublishers.noBody(), null);
    }

    /** The endpoint's deliveries, the newest first. */
    List<JsonObject> deliveries(JsonObject endpoint, String query) {
        return client()
                .get(ENDPOINTS + "/" + endpoint.getString("id") + "/deliveries" + query)
                .expect(200)
                .json()
                .getJsonArray("data")
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** The endpoint's only delivery. */
    JsonObject delivery(JsonObject endpoint) {
        List<JsonObject> all = deliveries(endpoint, "");
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    ContractClient.Answer redeliver(JsonObject endpoint, JsonObject delivery) {
        return client().post("%s/%s/deliveries/%d/redeliver"
                .formatted(ENDPOINTS, endpoint.getString("id"), delivery.getLong("id")));
    }

    /** Something happened to a session of the gateway's namespace; answers what the message will be called. */
    String news(String type) {
        return news(TestGateway.NAMESPACE, type);
    }

    String news(String namespace, String type) {
        return news(namespace, anySession(), type);
    }

    /** A session that nothing has happened to yet. */
    static String anySession() {
        return "01KAMZ2V5Q8XG6T4N9R3%06d".formatted(SEQUENCE.incrementAndGet());
    }

    /** Something happened to this session. */
    String newsOf(String session, String type) {
        return news(TestGateway.NAMESPACE, session, type);
    }

    private String news(String namespace, String session, String type) {
        int sequence = SEQUENCE.incrementAndGet();
        JsonObject data = new JsonObject()
                .put("id", session)
                .put("status", "complete")
                .put("sequence", sequence)
                .put("occurred_at", "2026-11-22T08:30:58Z");
        execute(
                "INSERT INTO checkout_gateway.feed (namespace, session_id, sequence, type, data) VALUES ('%s', '%s', %d, '%s', '%s')"
                        .formatted(namespace, session, sequence, type, data.encode()));
        return "msg_" + session + "_" + sequence;
    }

    /** Asks for what the endpoint missed. */
    ContractClient.Answer recover(JsonObject endpoint, JsonObject wish) {
        return client().post(ENDPOINTS + "/" + endpoint.getString("id") + "/recover", wish);
    }

    /** Looks at the feed and at what is due, and waits until everything that was begun has come to an end. */
    void deliver() {
        TestGateway.await(gateway.gateway().deliverNow());
    }

    /** Lets all pauses be over, then does the same. */
    void deliverLater() {
        execute("UPDATE checkout_gateway.webhook_deliveries SET next_attempt_at = now() WHERE state = 'pending'");
        execute("UPDATE checkout_gateway.webhook_endpoints SET not_before = NULL");
        deliver();
    }

    /** Settles and forgets, as happens once a minute. */
    void tidy() {
        assertThat(TestGateway.await(gateway.gateway().tidyDeliveriesNow())).isFalse();
    }

    void execute(String sql) {
        gateway.database().execute(sql);
    }

    /** By the clock of the database, which all times of deliveries are told by. */
    Instant now() {
        return Instant.parse(rows("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                .get(0)
                .get(0));
    }

    List<List<String>> rows(String sql) {
        return gateway.database().rows(sql);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
