package io.checkoutgateway.journeys;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** What tests of customers have in common. */
final class CustomerScene {
    static final String CUSTOMERS = "/api/v3/openmeter/customers";

    private CustomerScene() {}

    static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID();
    }

    static JsonObject named(String name) {
        return new JsonObject().put("name", name);
    }

    static JsonObject withSubjects(String... subjectKeys) {
        return named("ACME")
                .put("usage_attribution", new JsonObject().put("subject_keys", JsonArray.of((Object[]) subjectKeys)));
    }

    /** Makes a customer under a key of its own. */
    static Answer create(ContractClient client, JsonObject customer) {
        return client.post(CUSTOMERS, customer.copy().put("key", unique("key")));
    }

    /** A customer that was made; answers its path. */
    static String created(ContractClient client, JsonObject customer) {
        return create(client, customer).expect(201).header("Location");
    }

    static Answer put(ContractClient client, String path, JsonObject customer) {
        return client.send("PUT", path, BodyPublishers.ofString(customer.encode()), "application/json");
    }

    static Answer delete(ContractClient client, String path) {
        return client.send("DELETE", path, BodyPublishers.noBody(), null);
    }

    /** Sends all of them at once; answers in their order. */
    static List<Answer> together(List<Supplier<Answer>> requests) {
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        try {
            List<CompletableFuture<Answer>> underWay = requests.stream()
                    .map(request -> CompletableFuture.supplyAsync(request, threads))
                    .toList();
            return underWay.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }
}
