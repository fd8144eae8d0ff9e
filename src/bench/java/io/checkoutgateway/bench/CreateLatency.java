package io.checkoutgateway.bench;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the gateway adds to Stripe's own time: creates at a constant rate through the gateway, against the same calls
 * made directly to the sandbox at the same rate. The sandbox answers after 300 ms. Customers are linked beforehand.
 */
final class CreateLatency implements Measurement {
    private static final Duration STRIPE = Duration.ofMillis(300);
    private static final int PER_SECOND = 100;

    /** 30 are busy on average; the rest is room for a stall of a second. */
    private static final int CONNECTIONS = 150;

    private static final int CUSTOMERS = 100;

    /** As many as Stripe calls may be under way: 200 creates a second. */
    private static final int WORKERS_BUSY = 64;

    private static final Duration LONG_WARM_UP = Duration.ofSeconds(30);
    private static final double P50_MILLIS_MOST = 5;
    private static final double P99_MILLIS_MOST = 25;

    private static final String LAST_CALL =
            "SELECT parameters FROM checkout_gateway.checkout_sessions WHERE status = 'open' LIMIT 1";

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String question() {
        return "Milliseconds that the gateway adds to a create of linked customers at " + PER_SECOND
                + " a second (constant rate, times counted from when a request was due) while the sandbox takes "
                + STRIPE.toMillis() + " ms, against the same calls made directly to the sandbox at the same rate.";
    }

    @Override
    public Outcome measure(Plan plan) {
        try (Stage stage = new Stage(STRIPE)) {
            List<String> creates = stage.creates(CUSTOMERS);
            linkAndWarmUp(stage, creates);
            List<String> direct = List.of(directCall(stage));
            List<Run> runs = new ArrayList<>();
            List<Double> medians = new ArrayList<>();
            List<Double> tails = new ArrayList<>();
            for (int round = 0; round < plan.rounds(); round++) {
                Run baseline = Measurement.run("direct", load(stage.sandboxPort(), direct, plan));
                Run gateway = Measurement.run("gateway", load(stage.port(), creates, plan));
                runs.addAll(List.of(baseline, gateway));
                medians.add(gateway.result().p50Millis() - baseline.result().p50Millis());
                tails.add(gateway.result().p99Millis() - baseline.result().p99Millis());
            }
            return new Outcome(
                    runs,
                    List.of(
                            new Target("added to a create, p50, ms", medians, false, P50_MILLIS_MOST),
                            new Target("added to a create, p99, ms", tails, false, P99_MILLIS_MOST)));
        }
    }

    private static Load load(int port, List<String> requests, Plan plan) {
        return new Load(port, requests, CONNECTIONS, PER_SECOND, plan.warmUp(), plan.time());
    }

    /**
     * The first create of a customer makes its counterpart at Stripe, which is another call; and a process that has
     * seen a few hundred requests still spends more time compiling than answering.
     */
    private static void linkAndWarmUp(Stage stage, List<String> creates) {
        Load.Result linked = new Load(stage.port(), creates, WORKERS_BUSY, 0, Duration.ZERO, LONG_WARM_UP).run();
        if (linked.errors() > 0 || linked.answers() < creates.size()) {
            throw new IllegalStateException("customers could not be linked: " + linked);
        }
    }

    /** What the gateway sent to Stripe, sent without the gateway. */
    private static String directCall(Stage stage) {
        List<String> form = new ArrayList<>();
        addTo(form, "", new JsonObject(stage.sql().rows(LAST_CALL).get(0)));
        return Load.post(
                "/v1/checkout/sessions", Stage.STRIPE_KEY, "application/x-www-form-urlencoded", String.join("&", form));
    }

    /** Nested members as Stripe's form encoding writes them: {@code metadata[order]=4711}. */
    private static void addTo(List<String> form, String prefix, JsonObject members) {
        members.forEach(member -> {
            String name = prefix.isEmpty() ? member.getKey() : prefix + "[" + member.getKey() + "]";
            if (member.getValue() instanceof JsonObject nested) {
                addTo(form, name, nested);
            } else {
                form.add(name + "=" + URLEncoder.encode(String.valueOf(member.getValue()), StandardCharsets.UTF_8));
            }
        });
    }
}
