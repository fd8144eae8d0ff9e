package io.checkoutgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.PlainHttp;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds the alerts against the metrics of a gateway that runs: a rule about a name that nobody tells never fires. */
class AlertsTest {
    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension();

    private static final Pattern NAME = Pattern.compile("\\b(?:gateway|http_server)_[a-z0-9_]+");
    private static final Pattern SELECTOR =
            Pattern.compile("\\b((?:gateway|http_server)_[a-z0-9_]+)\\{([a-z_]+)[=!~]+\"([^\"]*)\"}");

    /** Label values that stand for themselves; others are numbers with gaps, or excluded. */
    private static final Pattern WORDS = Pattern.compile("[a-z_]+(\\|[a-z_]+)*");

    @BeforeAll
    static void causeWhatIsToldOnlyWhenItHappens() {
        GATEWAY.client().get("/api/v1/checkout-sessions").expect(200);
        HttpRequest.Builder unsigned = HttpRequest.newBuilder(GATEWAY.get().webhookUrl())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(PlainHttp.send(unsigned).statusCode()).isEqualTo(400);
        // What is read from the database comes with the rounds.
        Awaitility.await().until(() -> names().stream().allMatch(AlertsTest::isTold));
    }

    private static List<JsonNode> alerts() {
        return Manifests.items(
                        Manifests.ofComponent("monitoring", "alerts.yaml").at("/spec/groups"))
                .flatMap(group -> Manifests.items(group.path("rules")))
                .toList();
    }

    private static List<String> expressions() {
        return alerts().stream().map(alert -> alert.path("expr").asText()).toList();
    }

    private static Set<String> names() {
        return expressions().stream()
                .flatMap(expression -> NAME.matcher(expression).results())
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    private static boolean isTold(String name) {
        return GATEWAY.get()
                .metrics()
                .lines()
                .anyMatch(line -> line.startsWith(name + " ") || line.startsWith(name + "{"));
    }

    @Test
    void metrics_ofEveryAlert_areServed() {
        assertThat(names())
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(isTold(name)).as(name).isTrue());
    }

    @Test
    void labels_ofEveryAlert_areThoseOfTheMetric() {
        List<MatchResult> selectors = expressions().stream()
                .flatMap(expression -> SELECTOR.matcher(expression).results())
                .toList();
        assertThat(selectors).hasSizeGreaterThan(3);
        for (MatchResult selector : selectors) {
            List<String> series = GATEWAY.get()
                    .metrics()
                    .lines()
                    .filter(line -> line.startsWith(selector.group(1) + "{"))
                    .toList();
            assertThat(series).as(selector.group()).anyMatch(line -> line.contains(selector.group(2) + "=\""));
            if (WORDS.matcher(selector.group(3)).matches() && !selector.group().contains("!=")) {
                for (String value : selector.group(3).split("\\|")) {
                    assertThat(series)
                            .as(selector.group())
                            .anyMatch(line -> line.contains("%s=\"%s\"".formatted(selector.group(2), value)));
                }
            }
        }
    }

    @Test
    void alerts_haveNamesOfTheirOwn_andSayHowBadItIsAndWhatToDo() {
        assertThat(alerts()).extracting(alert -> alert.path("alert").asText()).doesNotHaveDuplicates();
        assertThat(alerts()).allSatisfy(alert -> {
            assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
            assertThat(alert.at("/annotations/summary").asText()).isNotEmpty();
            assertThat(alert.at("/annotations/description").asText()).isNotEmpty();
        });
    }
}
