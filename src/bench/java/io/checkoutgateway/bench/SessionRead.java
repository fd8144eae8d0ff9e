package io.checkoutgateway.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the gateway's way to a row costs: {@code GET} of one session, with credential, contract and resource,
 * against a handler that reads the same columns of the same row and writes them as JSON.
 */
final class SessionRead implements Measurement {
    private static final double RATIO_LEAST = 0.6;
    private static final int CONNECTIONS = 64;
    private static final int SESSIONS = 200;
    private static final String PATH = "/api/v1/checkout-sessions/";

    /** The columns that the gateway reads. */
    private static final String READ =
            """
            SELECT id, djstripe_id, namespace, app_id, stripe_account_id, livemode, customer_id, stripe_customer_id,
                status, failure_code, failure_detail, stripe, stripe_as_of, requested_metadata, setup_intent_id,
                setup_intent_status, payment_method_id, setup_error, setup_intent_as_of, created_at, updated_at,
                completed_at, version
            FROM checkout_gateway.checkout_sessions
            WHERE namespace = $1 AND id = $2
            """;

    @Override
    public String name() {
        return "read";
    }

    @Override
    public String question() {
        return "Requests a second for one session, against a bare Vert.x handler that reads the same columns of the same"
                + " row and writes them as JSON. One event loop and " + Stage.POOL_SIZE
                + " connections to Postgres each, "
                + CONNECTIONS + " connections.";
    }

    @Override
    public Outcome measure(Plan plan) {
        Vertx plain = Vertx.vertx();
        try (Stage stage = new Stage(Duration.ZERO)) {
            List<String> paths = sessions(stage);
            int bare = Stage.await(bare(plain, stage)).actualPort();
            return compare(plan, paths, stage, bare);
        } finally {
            Stage.await(plain.close());
        }
    }

    private static Outcome compare(Plan plan, List<String> requests, Stage stage, int bare) {
        List<Run> runs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < plan.rounds(); round++) {
            Run baseline = Measurement.run("bare handler", load(bare, requests, plan));
            Run gateway = AccessLines.without(() -> Measurement.run("gateway", load(stage.port(), requests, plan)));
            Run logging = Measurement.run("gateway, a log line each", load(stage.port(), requests, plan));
            runs.addAll(List.of(baseline, gateway, logging));
            ratios.add(gateway.result().perSecond() / baseline.result().perSecond());
        }
        return new Outcome(
                runs,
                List.of(new Target("read of a session, share of the baseline's rate", ratios, true, RATIO_LEAST)));
    }

    private static Load load(int port, List<String> requests, Plan plan) {
        return new Load(port, requests, CONNECTIONS, 0, plan.warmUp(), plan.time());
    }

    /** Requests that read a session each. */
    private static List<String> sessions(Stage stage) {
        Load.Result opened = new Load(
                        stage.port(), stage.creates(SESSIONS), 8, SESSIONS, Duration.ZERO, Duration.ofSeconds(1))
                .run();
        if (opened.errors() > 0) {
            throw new IllegalStateException("sessions could not be opened: " + opened);
        }
        return stage.sql().rows("SELECT id FROM checkout_gateway.checkout_sessions").stream()
                .map(id -> Load.get(PATH + id, stage.apiKey()))
                .toList();
    }

    private static Future<HttpServer> bare(Vertx vertx, Stage stage) {
        Pool pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(Stage.POOL_SIZE))
                .connectingTo(PgConnectOptions.fromUri(stage.databaseUrl()).setCachePreparedStatements(true))
                .using(vertx)
                .build();
        return vertx.createHttpServer()
                .requestHandler(request -> pool.preparedQuery(READ)
                        .execute(Tuple.of(Stage.NAMESPACE, request.path().substring(PATH.length())))
                        .onSuccess(rows -> request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(json(rows.iterator().next()).toBuffer()))
                        .onFailure(
                                failure -> request.response().setStatusCode(500).end()))
                .listen(0, "127.0.0.1");
    }

    private static JsonObject json(Row row) {
        return row.toJson();
    }
}
