package io.checkoutgateway.sandbox.world;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An immutable picture of what exists at the sandbox at one moment, the oldest first: the truth a gateway's tables
 * are compared with.
 *
 * @param executedCreates how often a create really ran under an idempotency key, replays not counted; more than 1
 *     means that a key had been forgotten, or was used by two accounts
 */
public record Ledger(List<Session> sessions, List<Customer> customers, Map<String, Integer> executedCreates) {

    /** A checkout session; times in Unix seconds. */
    public record Session(
            String account,
            String id,
            String mode,
            String status,
            String paymentStatus,
            @Nullable String customer,
            @Nullable String setupIntent,
            @Nullable String clientReferenceId,
            Map<String, String> metadata,
            long created,
            long expiresAt) {

        public boolean isOpen() {
            return status.equals("open");
        }
    }

    /** A customer, deleted ones included. */
    public record Customer(
            String account,
            String id,
            boolean deleted,
            @Nullable String defaultPaymentMethod,
            Map<String, String> metadata,
            long created) {}

    /** Copies what it is given, so that a picture never changes. */
    public Ledger {
        sessions = List.copyOf(sessions);
        customers = List.copyOf(customers);
        executedCreates = Map.copyOf(executedCreates);
    }

    static Ledger of(Collection<Account> accounts) {
        List<Session> sessions = new ArrayList<>();
        List<Customer> customers = new ArrayList<>();
        Map<String, Integer> executed = new LinkedHashMap<>();
        for (Account account : accounts) {
            account.all(Kind.SESSION).oldestFirst().forEach(json -> sessions.add(session(account, json)));
            account.all(Kind.CUSTOMER).oldestFirst().forEach(json -> customers.add(customer(account, json)));
            account.createsByKey().forEach((key, count) -> executed.merge(key, count, Integer::sum));
        }
        return new Ledger(sessions, customers, executed);
    }

    /** The sessions that are open, by the value of one metadata key; those without the key are left out. */
    public Map<String, List<Session>> openSessionsByMetadata(String key) {
        return sessions.stream()
                .filter(Session::isOpen)
                .filter(session -> session.metadata().containsKey(key))
                .collect(Collectors.groupingBy(session -> session.metadata().get(key)));
    }

    /** All sessions whose metadata say so. */
    public List<Session> sessionsWithMetadata(String key, String value) {
        return sessions.stream()
                .filter(session -> value.equals(session.metadata().get(key)))
                .toList();
    }

    /** All customers whose metadata say so, deleted ones included. */
    public List<Customer> customersWithMetadata(String key, String value) {
        return customers.stream()
                .filter(customer -> value.equals(customer.metadata().get(key)))
                .toList();
    }

    /** The session of that id, or an exception that names it. */
    public Session session(String id) {
        return sessions.stream()
                .filter(session -> session.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no session " + id + " at the sandbox"));
    }

    /** How often a create ran under that idempotency key; 0 when never. */
    public int executedCreates(String idempotencyKey) {
        return executedCreates.getOrDefault(idempotencyKey, 0);
    }

    private static Session session(Account account, JsonObject json) {
        return new Session(
                account.id(),
                json.getString("id"),
                json.getString("mode"),
                json.getString("status"),
                json.getString("payment_status"),
                json.getString("customer"),
                json.getString("setup_intent"),
                json.getString("client_reference_id"),
                metadata(json),
                json.getLong("created"),
                json.getLong("expires_at"));
    }

    private static Customer customer(Account account, JsonObject json) {
        JsonObject invoices = json.getJsonObject("invoice_settings", new JsonObject());
        return new Customer(
                account.id(),
                json.getString("id"),
                json.getBoolean("deleted", false),
                invoices.getString("default_payment_method"),
                metadata(json),
                json.getLong("created", 0L));
    }

    private static Map<String, String> metadata(JsonObject json) {
        Map<String, String> metadata = new LinkedHashMap<>();
        json.getJsonObject("metadata", new JsonObject())
                .forEach(pair -> metadata.put(pair.getKey(), (String) pair.getValue()));
        return Collections.unmodifiableMap(metadata);
    }
}
