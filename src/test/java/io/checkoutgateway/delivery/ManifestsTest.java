package io.checkoutgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.checkoutgateway.settings.Setting;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.settings.SslMode;
import io.checkoutgateway.testing.TestCertificate;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds {@code k8s/base} against the program. The numbers come from both sides, never from this file, so that neither
 * can be changed alone.
 */
class ManifestsTest {
    /** What the example cannot show, since everybody makes his own. */
    private static final String SECRETS_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static final String AUTHORITIES = "DATABASE_SSL_ROOT_CERT";
    private static final String OWNERS_URL = "DATABASE_MIGRATION_URL";
    private static final String FILE = "_FILE";
    private static final String SECRET = "checkout-gateway";
    private static final String OWNERS_SECRET = "checkout-gateway-migration";

    /** Between the end of the grace and the kill: the pools are closed and the last log lines leave. */
    private static final int SECONDS_TO_CLOSE = 10;

    private static String authorities = "";

    @BeforeAll
    static void makeAuthorities(@TempDir Path directory) {
        authorities = TestCertificate.of("dns:postgres.example.internal", directory)
                .certificate()
                .toString();
    }

    @Test
    void variables_ofEveryContainer_areSettings() {
        assertThat(Manifests.configured().keySet()).isSubsetOf(names(setting -> true));
        for (JsonNode container : Manifests.containers()) {
            assertThat(Manifests.items(container.path("env")).map(variable -> name(variable)))
                    .as("variables of " + name(container))
                    .allSatisfy(variable -> assertThat(names(setting -> true)).contains(withoutFile(variable)));
        }
    }

    private static String withoutFile(String variable) {
        return variable.endsWith(FILE) ? variable.substring(0, variable.length() - FILE.length()) : variable;
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
            assertThat(Manifests.items(container.path("env"))
                            .filter(variable -> !name(variable).endsWith(FILE)))
                    .allSatisfy(variable -> {
                        assertThat(names(Setting::secret)).contains(name(variable));
                        assertThat(variable.has("value"))
                                .as("a value in the open")
                                .isFalse();
                        assertThat(variable.at("/valueFrom/secretKeyRef/name").asText())
                                .isEqualTo(name(variable).equals(OWNERS_URL) ? OWNERS_SECRET : SECRET);
                        assertThat(variable.at("/valueFrom/secretKeyRef/key").asText())
                                .isEqualTo(name(variable));
                    });
            assertThat(container.at("/envFrom/0/configMapRef/name").asText())
                    .isEqualTo(Manifests.kustomization()
                            .at("/configMapGenerator/0/name")
                            .asText());
            assertThat(container.path("envFrom")).hasSize(1);
        }
    }

    @Test
    void gateway_getsEverySecretSettingButTheOwnersRole() {
        Set<String> given = Stream.concat(
                        Manifests.secretVariables(Manifests.gateway()).keySet().stream(), Stream.of(mountedSetting()))
                .collect(Collectors.toSet());
        assertThat(given).isEqualTo(names(setting -> setting.secret() && !OWNERS_URL.equals(setting.name())));
    }

    /** Accounts that are connected over the API need neither key nor signing secret here. */
    @Test
    void gateway_withoutAnAccountInTheSettings_starts() {
        assertThat(Manifests.secretVariables(Manifests.gateway())).allSatisfy((name, reference) -> assertThat(
                        reference.path("optional").asBoolean())
                .as(name)
                .isEqualTo(name.startsWith("STRIPE_")));
        Map<String, String> values = values();
        assertThat(values.keySet().removeAll(Set.of("STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET")))
                .isTrue();
        assertThat(Settings.of(values)).isNotNull();
    }

    @Test
    void migration_getsTheDatabaseAndNothingElseThatIsSecret() {
        JsonNode migration = Manifests.containers().get(0);
        assertThat(Manifests.secretVariables(migration)).containsOnlyKeys("DATABASE_URL", OWNERS_URL);
        assertThat(Manifests.secretVariables(migration)).hasEntrySatisfying(OWNERS_URL, reference -> assertThat(
                        reference.path("optional").asBoolean())
                .isTrue());
        assertThat(Manifests.items(migration.path("env")))
                .noneMatch(variable -> name(variable).contains("SECRETS_KEY"));
        assertThat(Manifests.items(migration.path("volumeMounts")))
                .noneMatch(mount -> name(mount).equals("secrets-key"));
    }

    /** The setting that the gateway reads from a file: the variable, the mount and the volume belong together. */
    private static String mountedSetting() {
        JsonNode variable = Manifests.items(Manifests.gateway().path("env"))
                .filter(each -> name(each).endsWith(FILE))
                .findFirst()
                .orElseThrow();
        JsonNode mount = Manifests.items(Manifests.gateway().path("volumeMounts"))
                .filter(each -> variable.path("value")
                        .asText()
                        .startsWith(each.path("mountPath").asText() + "/"))
                .findFirst()
                .orElseThrow();
        JsonNode secret = Manifests.items(Manifests.pod().path("volumes"))
                .filter(volume -> name(volume).equals(name(mount)))
                .findFirst()
                .orElseThrow()
                .path("secret");
        assertThat(secret.path("secretName").asText()).isEqualTo(SECRET);
        assertThat(mount.path("readOnly").asBoolean()).isTrue();
        assertThat(mount.path("mountPath").asText() + "/"
                        + secret.at("/items/0/path").asText())
                .isEqualTo(variable.path("value").asText());
        assertThat(secret.at("/items/0/key").asText()).isEqualTo(withoutFile(name(variable)));
        return withoutFile(name(variable));
    }

    @Test
    void authorities_lieInEveryContainerWhereTheSettingsSay() {
        JsonNode configMap = Manifests.items(Manifests.pod().path("volumes"))
                .filter(volume -> name(volume).equals("postgres-ca"))
                .findFirst()
                .orElseThrow()
                .path("configMap");
        String key = configMap.at("/items/0/key").asText();
        for (JsonNode container : Manifests.containers()) {
            JsonNode mount = Manifests.items(container.path("volumeMounts"))
                    .filter(each -> name(each).equals("postgres-ca"))
                    .findFirst()
                    .orElseThrow();
            assertThat(mount.path("mountPath").asText() + "/"
                            + configMap.at("/items/0/path").asText())
                    .isEqualTo(Manifests.configured().get(AUTHORITIES));
            assertThat(mount.path("readOnly").asBoolean()).isTrue();
        }
        assertThat(Manifests.readme())
                .contains("create configmap %s --from-file %s="
                        .formatted(configMap.path("name").asText(), key));
    }

    @Test
    void exampleSecret_asksForTheCertificateOfBothRoles() {
        assertThat(settings().database().sslMode()).isEqualTo(SslMode.VERIFY_FULL);
        assertThat(settings().database().migrationSslMode()).isEqualTo(SslMode.VERIFY_FULL);
    }

    @Test
    void exampleSecret_holdsWhatTheContainersAskFor_andIsNotApplied() {
        List<JsonNode> examples = Manifests.documents("secret.example.yaml");
        assertThat(examples)
                .extracting(example -> example.at("/metadata/name").asText())
                .containsExactly(SECRET, OWNERS_SECRET);
        assertThat(examples.get(0).path("stringData").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(
                        names(setting -> setting.secret() && !OWNERS_URL.equals(setting.name())));
        assertThat(examples.get(1).path("stringData").fieldNames()).toIterable().containsExactly(OWNERS_URL);
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
        assertThat(Manifests.items(Manifests.pod().path("volumes"))
                        .filter(volume -> !volume.has("secret") && !volume.has("configMap")))
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
        return Settings.of(values());
    }

    private static Map<String, String> values() {
        Map<String, String> values = new HashMap<>(Manifests.configured());
        Manifests.documents("secret.example.yaml").forEach(secret -> secret.path("stringData")
                .fields()
                .forEachRemaining(
                        entry -> values.put(entry.getKey(), entry.getValue().asText())));
        values.put("GATEWAY_SECRETS_KEY", SECRETS_KEY);
        // Mounted in a pod.
        values.put(AUTHORITIES, authorities);
        return values;
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
