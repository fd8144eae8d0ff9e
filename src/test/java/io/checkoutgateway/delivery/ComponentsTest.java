package io.checkoutgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.settings.StripeSettings;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the optional parts of {@code k8s/components} against the base and the program. */
class ComponentsTest {
    private static final Path COMPONENTS = Manifests.BASE.resolveSibling("components");
    private static final String KUSTOMIZATION = "kustomization.yaml";

    /** Of a live account, of all operations and of one. (Stripe, "Rate limits".) */
    private static final int STRIPE_ACCOUNT = 100;

    private static final int STRIPE_OPERATION = 25;

    /** Postgres' presets: {@code max_connections} less {@code superuser_reserved_connections}. */
    private static final int POSTGRES_CONNECTIONS = 97;

    private static final JsonNode LABELS = Manifests.deployment().at("/spec/selector/matchLabels");

    static List<String> components() throws IOException {
        try (Stream<Path> directories = Files.list(COMPONENTS)) {
            return directories
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("components")
    void component_namesItsFiles_andTheReadmeNamesIt(String component) throws IOException {
        JsonNode kustomization = Manifests.ofComponent(component, KUSTOMIZATION);
        assertThat(kustomization.path("kind").asText()).isEqualTo("Component");
        try (Stream<Path> files = Files.list(COMPONENTS.resolve(component))) {
            List<String> names = new ArrayList<>(
                    files.map(file -> file.getFileName().toString()).toList());
            assertThat(names.remove(KUSTOMIZATION)).isTrue();
            assertThat(Manifests.texts(kustomization.path("resources"))).containsExactlyInAnyOrderElementsOf(names);
        }
        assertThat(Manifests.readme()).contains("`components/" + component + "`");
    }

    private static List<JsonNode> policies() {
        return Manifests.documents("../components/network-policy/network-policy.yaml");
    }

    @Test
    void networkPolicy_letsEverybodyToTheApi_andOneNamespaceToTheMetrics() {
        JsonNode policy = policies().get(0).path("spec");
        assertThat(policy.at("/podSelector/matchLabels")).isEqualTo(LABELS);
        assertThat(Manifests.texts(policy.path("policyTypes"))).containsExactly("Ingress");
        assertThat(policy.path("ingress")).hasSize(2);
        assertThat(policy.at("/ingress/0/ports/0/port").asText()).isEqualTo("http");
        assertThat(policy.at("/ingress/0/ports")).hasSize(1);
        assertThat(policy.at("/ingress/1/ports/0/port").asText()).isEqualTo("management");
        assertThat(policy.at("/ingress/1/from")).hasSize(1);
        assertThat(policy.at("/ingress/1/from/0/namespaceSelector/matchLabels")).isNotEmpty();
        assertThat(Manifests.items(Manifests.gateway().path("ports"))
                        .map(port -> port.path("name").asText()))
                .contains("http", "management");
    }

    @Test
    void networkPolicy_letsServingPodsAndCommandsReachWhatTheyNeed() {
        JsonNode policy = policies().get(1).path("spec");
        assertThat(Manifests.texts(policy.at("/podSelector/matchExpressions/0/values")))
                .containsExactlyInAnyOrder(LABELS.path("app.kubernetes.io/name").asText(), commandsLabel());
        assertThat(Manifests.texts(policy.path("policyTypes"))).containsExactly("Egress");
        assertThat(Manifests.items(policy.path("egress"))
                        .flatMap(rule -> Manifests.items(rule.path("ports")))
                        .map(port -> port.path("port").asInt()))
                .containsExactly(53, 53, 443, postgresPort());
        assertThat(Manifests.texts(policy.at("/egress/1/to/0/ipBlock/except")))
                .contains("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16");
    }

    @Test
    void networkPolicy_letsNobodyToCommands() {
        JsonNode policy = policies().get(2).path("spec");
        assertThat(policy.at("/podSelector/matchLabels/app.kubernetes.io~1name").asText())
                .isEqualTo(commandsLabel());
        assertThat(Manifests.texts(policy.path("policyTypes"))).containsExactly("Ingress");
        assertThat(policy.has("ingress")).isFalse();
    }

    private static String commandsLabel() {
        return Manifests.documents("../job.example.yaml")
                .get(0)
                .at("/spec/template/metadata/labels/app.kubernetes.io~1name")
                .asText();
    }

    private static int postgresPort() {
        String url = Manifests.documents("secret.example.yaml")
                .get(0)
                .at("/stringData/DATABASE_URL")
                .asText();
        return URI.create(url).getPort();
    }

    @Test
    void autoscaler_scalesTheDeployment_whichNamesNoNumberThen() {
        JsonNode spec = Manifests.ofComponent("autoscaler", "autoscaler.yaml").path("spec");
        JsonNode kustomization = Manifests.ofComponent("autoscaler", KUSTOMIZATION);
        for (String member : List.of("apiVersion", "kind")) {
            assertThat(spec.path("scaleTargetRef").path(member))
                    .isEqualTo(Manifests.deployment().path(member));
        }
        assertThat(spec.at("/scaleTargetRef/name"))
                .isEqualTo(Manifests.deployment().at("/metadata/name"));
        assertThat(kustomization.at("/patches/0/target/name"))
                .isEqualTo(Manifests.deployment().at("/metadata/name"));
        assertThat(kustomization.at("/patches/0/patch").asText()).contains("op: remove", "path: /spec/replicas");
        assertThat(spec.path("minReplicas").asInt())
                .isEqualTo(Manifests.deployment().at("/spec/replicas").asInt());
    }

    @Test
    void autoscaler_atItsMost_staysBelowWhatAllPodsShare() throws IOException {
        int most = Manifests.ofComponent("autoscaler", "autoscaler.yaml")
                        .at("/spec/maxReplicas")
                        .asInt()
                + Manifests.deployment()
                        .at("/spec/strategy/rollingUpdate/maxSurge")
                        .asInt();
        JsonNode generator = Manifests.ofComponent("autoscaler", KUSTOMIZATION).at("/configMapGenerator/0");
        assertThat(generator.path("name")).isEqualTo(Manifests.kustomization().at("/configMapGenerator/0/name"));
        assertThat(generator.path("behavior").asText()).isEqualTo("merge");

        Settings settings = settings(Manifests.texts(generator.path("literals")));

        StripeSettings stripe = settings.stripe();
        assertThat(most * stripe.requestsPerSecond()).isLessThanOrEqualTo(STRIPE_ACCOUNT);
        assertThat(most * stripe.createsPerSecond()).isLessThanOrEqualTo(STRIPE_OPERATION);
        assertThat(most * (settings.database().poolSize() + 1)).isLessThanOrEqualTo(POSTGRES_CONNECTIONS);
    }

    private static Settings settings(List<String> literals) throws IOException {
        Properties merged = new Properties();
        merged.putAll(Manifests.configured());
        merged.load(new StringReader(String.join("\n", literals)));
        Map<String, String> values = new HashMap<>();
        merged.stringPropertyNames().forEach(name -> values.put(name, merged.getProperty(name)));
        values.put("DATABASE_URL", "postgresql://localhost/checkout");
        values.remove("DATABASE_SSL_ROOT_CERT");
        return Settings.of(values);
    }

    @Test
    void podMonitor_findsThePodsAndTheirMetrics() {
        JsonNode spec = Manifests.ofComponent("monitoring", "pod-monitor.yaml").path("spec");
        assertThat(spec.at("/selector/matchLabels")).isEqualTo(LABELS);
        assertThat(spec.at("/podMetricsEndpoints/0/port").asText()).isEqualTo("management");
        assertThat(spec.at("/podMetricsEndpoints/0/path").asText()).isEqualTo("/metrics");
    }

    @Test
    void ingress_leadsToTheApiAndNowhereElse() throws IOException {
        JsonNode ingress = Manifests.ofComponent("ingress", "ingress.yaml");
        JsonNode service = Manifests.documents("service.yaml").get(0);
        JsonNode paths = ingress.at("/spec/rules/0/http/paths");
        assertThat(paths).hasSize(1);
        assertThat(paths.at("/0/backend/service/name")).isEqualTo(service.at("/metadata/name"));
        assertThat(paths.at("/0/backend/service/port/name")).isEqualTo(service.at("/spec/ports/0/name"));
        assertThat(ingress.at("/spec/tls/0/hosts/0")).isEqualTo(ingress.at("/spec/rules/0/host"));
        assertThat(ingress.at("/metadata/annotations/nginx.ingress.kubernetes.io~1proxy-body-size")
                        .asText())
                .isEqualTo(settings(List.of()).http().webhookBodyMaxBytes() / 1_048_576 + "m");
    }

    @Test
    void httpRoute_leadsToTheApiAndNowhereElse() {
        JsonNode rules = Manifests.ofComponent("gateway-api", "http-route.yaml").at("/spec/rules");
        JsonNode service = Manifests.documents("service.yaml").get(0);
        assertThat(rules).hasSize(1);
        assertThat(rules.at("/0/backendRefs")).hasSize(1);
        assertThat(rules.at("/0/backendRefs/0/name")).isEqualTo(service.at("/metadata/name"));
        assertThat(rules.at("/0/backendRefs/0/port")).isEqualTo(service.at("/spec/ports/0/port"));
    }
}
