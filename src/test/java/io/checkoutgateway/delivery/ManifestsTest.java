package io.checkoutgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.checkoutgateway.settings.Setting;
import io.checkoutgateway.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code k8s/base} against the program. The numbers come from both sides, never from this file, so that neither
 * can be changed alone.
 */
class ManifestsTest {
    /** A value of the right shape for each secret setting, so that the settings can be read as a pod would. */
    private static final Map<String, String> SECRETS = Map.of(
            "DATABASE_URL", "postgresql://user:password@localhost:5432/checkout",
            "STRIPE_API_KEY", "sk_test_sample",
            "STRIPE_WEBHOOK_SECRET", "whsec_sample");

    /** Between the end of the grace and the kill: the pools are closed and the last log lines leave. */
    private static final int SECONDS_TO_CLOSE = 10;

    @Test
    void variables_ofEveryContainer_areSettings() {
        assertThat(Manifests.configured().keySet()).isSubsetOf(names(setting -> true));
        for (JsonNode container : Manifests.containers()) {
            assertThat(Manifests.items(container.path("env")).map(variable -> name(variable)))
                    .as("variables of " + name(container))
                    .isSubsetOf(names(setting -> true));
        }
    }

    @Test
    void requiredSettings_areGivenToEveryContainer() {
        for (JsonNode container : Manifests.containers()) {
            Set<String> given = Stream.concat(
                            Manifests.configured().keySet().stream(),
                            Manifests.secretVariables(container).keySet().stream())
                    .collect(Collectors.toSet());
            assertThat(given).as("settings of " + name(container)).containsAll(names(Setting::required));
        }
    }

    @Test
    void secretSettings_comeFromTheSecret_andOthersFromTheConfigMap() {
        assertThat(Manifests.configured())
                .doesNotContainKeys(names(Setting::secret).toArray(String[]::new));
        for (JsonNode container : Manifests.containers()) {
            assertThat(Manifests.items(container.path("env"))).allSatisfy(variable -> {
                assertThat(names(Setting::secret)).contains(name(variable));
                assertThat(variable.has("value")).as("a value in the open").isFalse();
                assertThat(variable.at("/valueFrom/secretKeyRef/name").asText()).isEqualTo("checkout-gateway");
                assertThat(variable.at("/valueFrom/secretKeyRef/key").asText()).isEqualTo(name(variable));
            });
            assertThat(container.at("/envFrom/0/configMapRef/name").asText())
                    .isEqualTo(Manifests.kustomization()
                            .at("/configMapGenerator/0/name")
                            .asText());
            assertThat(container.path("envFrom")).hasSize(1);
        }
    }

    @Test
    void gateway_getsEverySecretSetting() {
        assertThat(Manifests.secretVariables(Manifests.gateway()).keySet()).isEqualTo(names(Setting::secret));
    }

    @Test
    void exampleSecret_holdsWhatTheContainersAskFor_andIsNotApplied() {
        JsonNode example = Manifests.documents("secret.example.yaml").get(0);
        assertThat(example.at("/metadata/name").asText()).isEqualTo("checkout-gateway");
        assertThat(example.path("stringData").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(names(Setting::secret));
        assertThat(Manifests.texts(Manifests.kustomization().path("resources"))).doesNotContain("secret.example.yaml");
    }

    @Test
    void kustomization_namesEveryFileOfTheBase() {
        List<String> files = Manifests.files();
        files.removeAll(List.of("kustomization.yaml", "settings.env", "secret.example.yaml"));
        assertThat(Manifests.texts(Manifests.kustomization().path("resources")))
                .containsExactlyInAnyOrderElementsOf(files);
        assertThat(Manifests.texts(Manifests.kustomization().at("/configMapGenerator/0/envs")))
                .containsExactly("settings.env");
    }

    @Test
    void image_hasTheVersionOfTheBuild() throws IOException {
        String tag = Manifests.kustomization().at("/images/0/newTag").asText();
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains(
                        """
                <artifactId>checkout-gateway</artifactId>
                  <version>%s</version>"""
                                .formatted(tag));
        assertThat(Manifests.containers()).allSatisfy(container -> assertThat(
                        container.path("image").asText())
                .isEqualTo(Manifests.kustomization().at("/images/0/name").asText()));
    }

    @Test
    void ports_areThoseThatTheProgramListensOn() {
        assertThat(port("http")).isEqualTo(settings().http().port());
        assertThat(port("management")).isEqualTo(settings().management().port());
        assertThat(Manifests.documents("service.yaml")).hasSize(2).allSatisfy(service -> assertThat(
                        service.at("/spec/ports/0/targetPort").asText())
                .isEqualTo(service.at("/spec/ports/0/name").asText())
                .isIn("http", "management"));
    }

    @Test
    void probes_askTheManagementPort_eachItsOwnQuestion() {
        Map<String, String> paths = Map.of(
                "startupProbe", "/startupz",
                "livenessProbe", "/livez",
                "readinessProbe", "/readyz");
        paths.forEach((probe, path) -> {
            JsonNode request = Manifests.gateway().path(probe).path("httpGet");
            assertThat(request.path("path").asText()).isEqualTo(path);
            assertThat(request.path("port").asText()).isEqualTo("management");
        });
    }

    @Test
    void shutdown_endsBeforeTheKill() {
        long preStop =
                Manifests.gateway().at("/lifecycle/preStop/sleep/seconds").asLong();
        long grace = settings().http().shutdownGrace().toSeconds();
        assertThat(preStop).isPositive();
        assertThat(preStop + grace + SECONDS_TO_CLOSE)
                .isLessThanOrEqualTo(
                        Manifests.pod().path("terminationGracePeriodSeconds").asLong());
    }

    @Test
    void rollout_neverTakesAPodAwayFirst() {
        JsonNode rollout = Manifests.deployment().at("/spec/strategy/rollingUpdate");
        assertThat(rollout.path("maxUnavailable").asText()).isEqualTo("0");
        assertThat(rollout.path("maxSurge").asInt()).isPositive();
    }

    @Test
    void migrations_runBeforeServing_andOnlyThere() {
        assertThat(Manifests.texts(Manifests.pod().at("/initContainers/0/args")))
                .containsExactly("migrate");
        assertThat(Manifests.texts(Manifests.gateway().path("args"))).containsExactly("serve");
        assertThat(settings().database().migrate()).isFalse();
    }

    @Test
    void podAndContainers_meetTheRestrictedStandard() {
        JsonNode pod = Manifests.pod().path("securityContext");
        assertThat(pod.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.path("runAsUser").asInt()).isPositive();
        assertThat(pod.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(Manifests.items(Manifests.pod().path("volumes")))
                .allSatisfy(volume ->
                        assertThat(volume.at("/emptyDir/sizeLimit").asText()).isNotEmpty());
        assertThat(Manifests.containers()).hasSize(2).allSatisfy(container -> {
            JsonNode context = container.path("securityContext");
            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(Manifests.texts(context.at("/capabilities/drop"))).containsExactly("ALL");
            assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
            assertThat(container.at("/resources/limits/memory").asText())
                    .isNotEmpty()
                    .isEqualTo(container.at("/resources/requests/memory").asText());
        });
    }

    @Test
    void pod_getsNothingOfTheClusterThatItDoesNotNeed() {
        assertThat(Manifests.pod().path("automountServiceAccountToken").asBoolean(true))
                .isFalse();
        assertThat(Manifests.pod().path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(Manifests.documents("service-account.yaml")
                        .get(0)
                        .path("automountServiceAccountToken")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void selectors_findThePods() {
        JsonNode labels = Manifests.deployment().at("/spec/template/metadata/labels");
        assertThat(Manifests.deployment().at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(Manifests.documents("disruption-budget.yaml").get(0).at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        assertThat(Manifests.documents("service.yaml"))
                .allSatisfy(service -> assertThat(service.at("/spec/selector")).isEqualTo(labels));
    }

    /** What a pod would read; fails when the ConfigMap holds a value that the program refuses. */
    private static Settings settings() {
        Map<String, String> values = new HashMap<>(Manifests.configured());
        values.putAll(SECRETS);
        return Settings.of(values);
    }

    private static Set<String> names(Predicate<Setting> wanted) {
        return Settings.catalogue().stream().filter(wanted).map(Setting::name).collect(Collectors.toSet());
    }

    private static int port(String name) {
        return Manifests.items(Manifests.gateway().path("ports"))
                .filter(port -> name(port).equals(name))
                .mapToInt(port -> port.path("containerPort").asInt())
                .sum();
    }

    private static String name(JsonNode named) {
        return named.path("name").asText();
    }
}
