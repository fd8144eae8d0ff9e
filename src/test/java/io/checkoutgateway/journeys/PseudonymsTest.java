package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.TestIdentityProvider;
import io.checkoutgateway.testing.WrittenLines;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Whose token it was is told to the audit log; log lines have a name for it that is nobody's. */
class PseudonymsTest {
    private static final String CUSTOMERS = "/api/v3/openmeter/customers";
    private static final Pattern CALLER = Pattern.compile("caller=\"(oidc~[0-9a-f]{16})\"");

    private static TestIdentityProvider provider;
    private static TestGateway gateway;

    private final WrittenLines written = new WrittenLines(Logger.ROOT_LOGGER_NAME, "io.checkoutgateway.http.access");
    private final String subject = "canary-" + UUID.randomUUID() + "@example.com";

    @BeforeAll
    static void start() {
        provider = TestIdentityProvider.start();
        gateway = TestGateway.start(provider.settings());
        String token = provider.token(NAMESPACE, "admin");
        Awaitility.await()
                .until(() ->
                        new ContractClient(gateway.url(), token).get(CUSTOMERS).status() == 200);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @AfterEach
    void stopListening() {
        written.close();
    }

    private ContractClient caller(TestGateway of, String namespace) {
        return new ContractClient(
                of.url(),
                provider.token(
                        provider.claims(namespace, "admin").subject(subject).build()));
    }

    private List<String> names() {
        return written.soFar().stream()
                .flatMap(line ->
                        CALLER.matcher(String.valueOf(line.getKeyValuePairs())).results())
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private List<String> awaitNames(int count) {
        return Awaitility.await().until(this::names, found -> found.size() >= count);
    }

    @Test
    void logLines_ofATokensCaller_haveAPseudonymAndTheAuditLogTheSubject() {
        String id = caller(gateway, NAMESPACE)
                .post(
                        CUSTOMERS,
                        new JsonObject().put("key", subject.substring(0, 20)).put("name", "A"))
                .expect(201)
                .json()
                .getString("id");
        awaitNames(1);

        assertThat(written.soFar())
                .extracting(line -> line.getFormattedMessage() + line.getKeyValuePairs())
                .noneMatch(line -> line.contains("@example.com") || line.contains("canary-"));
        assertThat(gateway.database()
                        .rows("SELECT actor FROM checkout_gateway.audit_log WHERE resource = 'customer:" + id + "'"))
                .containsExactly(List.of("oidc:" + subject));
    }

    @Test
    void pseudonym_isTheSameOnEveryReplicaAndAnotherInEachNamespace() {
        caller(gateway, NAMESPACE).get(CUSTOMERS).expect(200);
        try (TestGateway replica = gateway.replica()) {
            Awaitility.await()
                    .until(() -> caller(replica, NAMESPACE).get(CUSTOMERS).status() == 200);
        }
        List<String> same = awaitNames(2);
        assertThat(same.stream().distinct()).hasSize(1);

        caller(gateway, "another").get(CUSTOMERS).expect(200);

        assertThat(awaitNames(same.size() + 1).stream().distinct()).hasSize(2);
    }
}
