package io.checkoutgateway.http;

import io.checkoutgateway.failure.GatewayException;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells operations that take the body as it arrives of requests that were refused before they had them. Nobody who sends
 * such requests reads the answers; whoever runs the gateway is to see that there were some.
 */
final class RefusedOnTheWay {
    private static final String ARRIVED = "arrived";

    private final List<Target> targets;

    /** Where requests for an operation go. */
    private record Target(Operation operation, HttpMethod method, List<String> template) {
        /** What the path has in the places of the template's parameters; empty when it is another path. */
        Optional<Map<String, String>> valuesIn(List<String> path) {
            if (path.size() != template.size()) {
                return Optional.empty();
            }
            Map<String, String> values = new HashMap<>();
            for (int i = 0; i < path.size(); i++) {
                String expected = template.get(i);
                if (expected.startsWith("{")) {
                    values.put(expected.substring(1, expected.length() - 1), path.get(i));
                } else if (!expected.equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(values);
        }
    }

    RefusedOnTheWay(OpenAPIContract contract, Collection<Operation> operations) {
        this.targets = operations.stream()
                .filter(Operation::takesRawBody)
                .map(operation -> target(operation, Objects.requireNonNull(contract.operation(operation.id()))))
                .toList();
    }

    private static Target target(Operation operation, io.vertx.openapi.contract.Operation described) {
        return new Target(operation, described.getHttpMethod(), segments(described.getOpenAPIPath()));
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/"));
    }

    /** The operation has the request from here on, and sees for itself what becomes of it. */
    static void arrived(RoutingContext context) {
        context.put(ARRIVED, true);
    }

    void tell(RoutingContext context, Throwable failure) {
        if (context.get(ARRIVED) != null || !(failure instanceof GatewayException known)) {
            return;
        }
        // As it was sent: what is refused may be a path that cannot be normalized.
        String sent = context.request().path();
        List<String> path = sent == null ? List.of() : segments(sent);
        String address = context.request().remoteAddress().hostAddress();
        for (Target target : targets) {
            if (target.method().equals(context.request().method())) {
                target.valuesIn(path).ifPresent(values -> target.operation().refused(values, address, known));
            }
        }
    }
}
