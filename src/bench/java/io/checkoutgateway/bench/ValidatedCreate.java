package io.checkoutgateway.bench;

import io.checkoutgateway.access.ApiKey;
import io.checkoutgateway.access.ApiKeyStore;
import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.access.Callers;
import io.checkoutgateway.access.IssuedKey;
import io.checkoutgateway.access.KeyUses;
import io.checkoutgateway.access.NewApiKey;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.http.ApiServer;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.limits.BucketStore;
import io.checkoutgateway.limits.RateLimits;
import io.checkoutgateway.management.VertxMetrics;
import io.checkoutgateway.settings.HttpSettings;
import io.checkoutgateway.settings.RateSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway's way in costs: id, limits, credential, contract and metrics, against a route that reads
 * the body and nothing else. Both answer a constant, so neither Postgres nor Stripe takes part.
 */
final class ValidatedCreate implements Measurement {
    private static final double RATIO_LEAST = 0.5;
    private static final int CONNECTIONS = 64;
    private static final int BODY_MAX_BYTES = 65_536;
    private static final String ROUTE = "/api/v3/openmeter/customers/%s/billing/stripe/checkout-sessions";
    private static final String CUSTOMER = "01JD3Q9ZK5V8W2X4Y6A7B8C9D0";
    private static final Buffer ANSWER = Buffer.buffer("{\"session_id\":\"cs_test_constant\"}");

    @Override
    public String name() {
        return "create";
    }

    @Override
    public String question() {
        return "Requests a second that the validated create route takes, against the same route with a bare"
                + " `BodyHandler`; both answer a constant. One event loop each, " + CONNECTIONS + " connections.";
    }

    @Override
    public Outcome measure(Plan plan) {
        Vertx plain = Vertx.vertx();
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Vertx measured = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(VertxMetrics.options()))
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .build();
        try {
            KeysInMemory store = new KeysInMemory();
            ApiKeys keys = new ApiKeys(store, new KeyUses(store), new SecureRandom(), Clock.systemUTC());
            RateLimits limits = new RateLimits(
                    new RateSettings(100_000, 1_000_000, 0), new BucketsInMemory(), Clock.systemUTC(), metrics);
            String key = Stage.await(keys.issue("bench", "bench", Set.of(Scope.ADMIN), null))
                    .reveal();
            List<String> requests = List.of(Stage.create(CUSTOMER, key));
            int bare = Stage.await(bare(plain)).actualPort();
            int ours = Stage.await(ApiServer.start(
                            measured, settings(), new Callers(keys, null), limits, constants(measured), metrics))
                    .port();
            return compare(plan, requests, ours, bare);
        } finally {
            Stage.await(measured.close());
            Stage.await(plain.close());
        }
    }

    private static Outcome compare(Plan plan, List<String> requests, int ours, int bare) {
        List<Run> runs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < plan.rounds(); round++) {
            Run baseline = Measurement.run("bare BodyHandler", load(bare, requests, plan));
            Run gateway = AccessLines.without(() -> Measurement.run("gateway", load(ours, requests, plan)));
            Run logging = Measurement.run("gateway, a log line each", load(ours, requests, plan));
            runs.addAll(List.of(baseline, gateway, logging));
            ratios.add(gateway.result().perSecond() / baseline.result().perSecond());
        }
        return new Outcome(
                runs, List.of(new Target("validated create, share of the baseline's rate", ratios, true, RATIO_LEAST)));
    }

    private static Load load(int port, List<String> requests, Plan plan) {
        return new Load(port, requests, CONNECTIONS, 0, plan.warmUp(), plan.time());
    }

    private static Future<HttpServer> bare(Vertx vertx) {
        Router router = Router.router(vertx);
        router.post(ROUTE.formatted(":customerId"))
                .handler(BodyHandler.create(false).setBodyLimit(BODY_MAX_BYTES))
                .handler(context -> context.response()
                        .setStatusCode(201)
                        .putHeader("Content-Type", "application/json")
                        .end(ANSWER)
                        .onFailure(context::fail));
        return vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1");
    }

    /** The presets. */
    private static HttpSettings settings() {
        Duration seconds = Duration.ofSeconds(10);
        return new HttpSettings(
                "127.0.0.1", 0, 1, 10_000, BODY_MAX_BYTES, 1 << 20, seconds, Duration.ofSeconds(75), seconds);
    }

    private static List<Operation> constants(Vertx vertx) {
        JsonObject contract =
                vertx.fileSystem().readFileBlocking("contract/openapi.json").toJsonObject();
        List<Operation> operations = new ArrayList<>();
        contract.getJsonObject("paths").forEach(path -> ((JsonObject) path.getValue()).forEach(method -> {
            if (method.getValue() instanceof JsonObject operation) {
                operations.add(new Constant(operation.getString("operationId")));
            }
        }));
        return operations;
    }

    /** Stands in for every operation. */
    private record Constant(String id) implements Operation {
        @Override
        public Future<Reply> handle(Call call) {
            return Future.succeededFuture(new Reply(201, "application/json", ANSWER, Map.of()));
        }
    }

    /** Keys without a database. */
    private static final class KeysInMemory implements ApiKeyStore {
        private final Map<String, Row> rows = new ConcurrentHashMap<>();

        @Override
        public Future<Optional<Row>> find(String id) {
            return Future.succeededFuture(Optional.ofNullable(rows.get(id)));
        }

        @Override
        public Future<Answered> add(
                Actor actor,
                ApiKey key,
                NewApiKey wanted,
                int most,
                Optional<IdempotencyKey> idempotencyKey,
                Function<IssuedKey, StoredAnswer> answer) {
            rows.put(key.id(), new Row(actor.namespace(), key.hash(), wanted.scopes()));
            return Future.succeededFuture(Answered.first(new StoredAnswer(204, "application/json", Buffer.buffer())));
        }

        @Override
        public Future<List<IssuedKey>> list(String namespace, long after, int most) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Optional<IssuedKey>> describe(String namespace, String id) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Optional<IssuedKey>> revoke(Actor actor, String id) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Void> used(Set<String> ids, Duration moment) {
            return Future.succeededFuture();
        }
    }

    /** Counts as with the presets but for the limit, which is out of reach; the shared part lies in memory. */
    private static final class BucketsInMemory implements BucketStore {
        private final Map<String, Buffer> buckets = new ConcurrentHashMap<>();

        @Override
        public Future<Optional<Buffer>> read(String id) {
            return Future.succeededFuture(Optional.ofNullable(buckets.get(id)));
        }

        @Override
        public Future<Boolean> replace(String id, @Nullable Buffer expected, Buffer state, Duration keep) {
            return Future.succeededFuture(
                    expected == null ? buckets.putIfAbsent(id, state) == null : buckets.replace(id, expected, state));
        }

        @Override
        public Future<Boolean> forget() {
            return Future.succeededFuture(false);
        }
    }
}
