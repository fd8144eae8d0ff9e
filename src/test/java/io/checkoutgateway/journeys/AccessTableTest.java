package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.access.Scope;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.PublishedOperations;
import io.checkoutgateway.testing.PublishedOperations.Described;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.TestIdentityProvider;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation that needs a credential, and every scope, with keys and with tokens: who is let in is what the contract
 * says. Requests carry a parameter that no operation has, so that those which are let in do nothing.
 */
class AccessTableTest {
    private static final String SOMETHING = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final String NONSENSE = "?no_operation_has_this=1";

    private static TestIdentityProvider provider;
    private static TestGateway gateway;
    private static final Map<Scope, List<ContractClient>> CALLERS = new EnumMap<>(Scope.class);

    @BeforeAll
    static void start() {
        provider = TestIdentityProvider.start();
        gateway = TestGateway.start(provider.settings());
        for (Scope scope : Scope.values()) {
            CALLERS.put(
                    scope,
                    Stream.of(gateway.key(NAMESPACE, scope), provider.token(NAMESPACE, scope.word()))
                            .map(credential -> new ContractClient(gateway.url(), credential))
                            .toList());
        }
        ContractClient token = new ContractClient(gateway.url(), provider.token(NAMESPACE, "admin"));
        Awaitility.await().until(() -> token.get("/api/v1/checkout-sessions").status() == 200);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    static Stream<Arguments> operations() {
        return PublishedOperations.all().stream()
                .filter(Described::needsCredential)
                .map(operation -> argumentSet(operation.id(), operation));
    }

    private static Answer send(ContractClient client, Described operation) {
        return client.send(
                operation.method(), operation.path(template -> SOMETHING) + NONSENSE, BodyPublishers.noBody(), null);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_noCredential_is401(Described operation) {
        send(gateway.client().anonymous(), operation).expect(401);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_eachScope_isLetInAsTheContractSays(Described operation) {
        for (Scope held : Scope.values()) {
            boolean expected = mayBy(held.word(), operation.scope());
            for (ContractClient caller : CALLERS.getOrDefault(held, List.of())) {
                int status = send(caller, operation).status();
                if (expected) {
                    assertThat(status)
                            .as("%s with %s", operation.id(), held.word())
                            .isIn(400, 404);
                } else {
                    assertThat(status)
                            .as("%s with %s", operation.id(), held.word())
                            .isEqualTo(403);
                }
            }
        }
    }

    /** The rule in words: admin may everything; who may change a thing may read it. */
    private static boolean mayBy(String held, String needed) {
        String area = held.replaceFirst(":.*", ":");
        return held.equals("admin") || held.equals(needed) || (!held.endsWith(":read") && needed.equals(area + "read"));
    }

    @Test
    void contract_operations_takeBothKindsOfCredentialWithTheSameScope() {
        assertThat(PublishedOperations.all().stream().filter(Described::needsCredential))
                .isNotEmpty()
                .allSatisfy(operation -> assertThat(operation.security())
                        .isEqualTo(Map.of("apiKey", List.of(operation.scope()), "oidc", List.of(operation.scope()))));
    }

    @Test
    void contract_scopes_areAllNeededSomewhereOrMeanEverything() {
        assertThat(Arrays.stream(Scope.values()).map(Scope::word))
                .containsAll(PublishedOperations.all().stream()
                        .filter(Described::needsCredential)
                        .map(Described::scope)
                        .toList());
    }
}
