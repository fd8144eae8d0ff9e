package io.checkoutgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.checkoutgateway.Main;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Holds the Job for commands against the Deployment, whose image and settings it borrows, and the command line. */
class CommandJobTest {
    private static final String GATEWAY = "/spec/template/spec/containers/0";
    private static final String IMAGE = "/image";
    private static final String CONFIG_MAP = "/envFrom/0/configMapRef/name";

    private final JsonNode job = Manifests.documents("../job.example.yaml").get(0);
    private final JsonNode pod = job.at("/spec/template/spec");
    private final JsonNode command = pod.at("/containers/0");

    @Test
    void arguments_areACommandOfTheGateway() {
        List<String> arguments = Manifests.texts(command.path("args"));

        CommandLine.ParseResult parsed = new CommandLine(new Main()).parseArgs(arguments.toArray(String[]::new));

        CommandLine.ParseResult keys = parsed.subcommand();
        assertThat(keys.commandSpec().name()).isEqualTo("keys");
        assertThat(keys.subcommand().commandSpec().name()).isEqualTo("create");
    }

    @Test
    void job_runsOnce() {
        assertThat(job.at("/metadata/name").isMissingNode()).isTrue();
        assertThat(job.at("/metadata/generateName").asText()).endsWith("-");
        assertThat(job.at("/spec/backoffLimit").asInt(-1)).isZero();
        assertThat(job.at("/spec/ttlSecondsAfterFinished").asInt()).isPositive();
        assertThat(pod.path("restartPolicy").asText()).isEqualTo("Never");
    }

    /** Else the Service would send requests to a command, and the budget count it. */
    @Test
    void pod_isNoneOfTheServingOnes() {
        assertThat(job.at("/spec/template/metadata/labels/app.kubernetes.io~1name")
                        .asText())
                .isNotEmpty()
                .isNotEqualTo(Manifests.deployment()
                        .at("/spec/selector/matchLabels/app.kubernetes.io~1name")
                        .asText());
    }

    @Test
    void pod_hasWhatServes_andNoMoreRights() {
        JsonNode gateway = Manifests.gateway();
        assertThat(command.path("env")).isEqualTo(gateway.path("env"));
        assertThat(command.path("volumeMounts")).isEqualTo(gateway.path("volumeMounts"));
        assertThat(command.path("securityContext")).isEqualTo(gateway.path("securityContext"));
        assertThat(command.at("/resources/limits")).isEqualTo(gateway.at("/resources/limits"));
        assertThat(command.at("/resources/requests/memory")).isEqualTo(command.at("/resources/limits/memory"));
        for (String same : List.of(
                "volumes",
                "securityContext",
                "serviceAccountName",
                "automountServiceAccountToken",
                "enableServiceLinks")) {
            assertThat(pod.path(same)).as(same).isEqualTo(Manifests.pod().path(same));
        }
    }

    @Test
    void readme_fillsInWhatTheDeploymentSays() {
        assertThat(Manifests.deployment().at(GATEWAY + IMAGE).asText()).isNotEmpty();
        assertThat(Manifests.deployment().at(GATEWAY + CONFIG_MAP).asText()).isNotEmpty();
        assertThat(command.path("image").asText()).isEqualTo("IMAGE");
        assertThat(command.at("/envFrom/0/configMapRef/name").asText()).isEqualTo("CONFIG_MAP");
        assertThat(Manifests.readme())
                .contains(
                        "jsonpath=\"{%s.$1}\"".formatted(jsonPath(GATEWAY)),
                        "s|IMAGE|$(serving %s)|".formatted(jsonPath(IMAGE).substring(1)),
                        "s|CONFIG_MAP|$(serving '%s')|"
                                .formatted(jsonPath(CONFIG_MAP).substring(1)),
                        "kubectl create");
    }

    private static String jsonPath(String pointer) {
        return pointer.replaceAll("/(\\d+)", "[$1]").replace('/', '.');
    }
}
