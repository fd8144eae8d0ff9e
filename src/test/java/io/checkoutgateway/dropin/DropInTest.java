package io.checkoutgateway.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.stripe.exception.StripeException;
import io.checkoutgateway.testing.ContractClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client made from OpenMeter's v3 contract works here unchanged: nothing that the contract allows is refused, and every
 * answer is one that it describes, but for what {@code api/README.md} lists. {@code -Dfuzz.seed=random} tries other
 * requests.
 */
@EnabledIfSystemProperty(
        named = DropInTest.CONTRACT,
        matches = ".+",
        disabledReason = "needs OpenMeter's v3 contract: mvn verify -Dopenmeter.contract=FILE")
@TestMethodOrder(OrderAnnotation.class)
class DropInTest {
    static final String CONTRACT = "openmeter.contract";

    private static final Path NAMES = Path.of("target/openmeter-names.txt");
    private static final String NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final int LAST = Integer.MAX_VALUE;

    private static final Set<Difference> MET = EnumSet.noneOf(Difference.class);
    private static final Set<String> TRIED = new HashSet<>();
    private static Stage stage;

    @BeforeAll
    static void start() throws StripeException {
        stage = new Stage();
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    static Stream<Described> theirs() {
        return contract().family().stream();
    }

    private static OpenApi contract() {
        return OpenApi.read(Path.of(System.getProperty(CONTRACT, "")));
    }

    @Test
    void everyNameOfTheirs_isOursToo() throws IOException {
        Set<String> theirs = Names.of(contract());
        Files.write(NAMES, theirs);

        assertThat(Names.of(OwnContract.read())).containsAll(theirs);
        assertThat(RecordedNamesTest.recorded())
                .as("%s, which is to be the new %s", NAMES, RecordedNamesTest.RECORDED)
                .containsAll(theirs);
    }

    @ParameterizedTest
    @MethodSource("theirs")
    void ordinaryRequests_areTakenButForWhatIsListed(Described operation) {
        Findings findings = new Findings(operation);

        new OrdinaryRequests(stage).of(operation).forEach(findings::exchange);

        findings.assertNone();
        assertThat(findings.neverTaken()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("theirs")
    void strangeRequests_areTakenButForWhatIsListed(Described operation) {
        Findings findings = new Findings(operation);

        new WildRequests(stage).of(operation).forEach(findings::exchange);

        findings.assertNone();
        TRIED.add(operation.id());
    }

    @ParameterizedTest
    @MethodSource("theirs")
    void callersThatMayNot_areToldSoInTheirWords(Described operation) {
        Request request = new OrdinaryRequests(stage).of(operation).get(0);
        String path = stage.target(request).path();

        for (ContractClient client : List.of(stage.client().anonymous(), stage.stranger())) {
            Exchange exchange = new Exchange(request, Stage.send(client, request, path));
            assertThat(exchange.answer().status()).isIn(401, 403);
            assertThat(exchange.mistakes()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("theirs")
    void thingsThatAreNotThere_areToldSoInTheirWords(Described operation) {
        Request request = new OrdinaryRequests(stage).of(operation).get(0);
        assumeThat(operation.declares(404)).isTrue();

        for (String id : List.of(NOBODY, "nobody")) {
            String path = Stage.filled(new Request(operation, "", Map.of("appType", id), "", null), id, id);
            Exchange exchange = new Exchange(request, Stage.send(stage.client(), request, path));
            assertThat(exchange.answer().status()).as(exchange.answer().body()).isEqualTo(404);
            assertThat(exchange.mistakes()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("theirs")
    void deletedCustomers_areToldSoInTheirWords(Described operation) {
        assumeThat(operation.declares(410)).isTrue();
        Findings findings = new Findings(operation);
        String path = Stage.filled(Request.of(operation, ""), stage.deletedCustomer(), "");

        for (Request request : findings.taken(new OrdinaryRequests(stage).of(operation))) {
            Exchange exchange = new Exchange(request, Stage.send(stage.client(), request, path));
            assertThat(exchange.answer().status()).as(exchange.toString()).isEqualTo(410);
            assertThat(exchange.mistakes()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("theirs")
    void badBodies_areToldSoInTheirWords(Described operation) {
        assumeThat(operation.body()).isPresent();
        for (String body : List.of("{\"unknown\": 1}", "[]", "null", "{")) {
            Request request = Request.of(operation, body);
            var answer = stage.sendText(request.with(JsonNodeFactory.instance.objectNode()), body);
            Exchange exchange = new Exchange(request, answer);
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(exchange.mistakes()).isEmpty();
        }
    }

    /** A row that nothing was refused for is not true any more, or not tried; other seeds may miss one by chance. */
    @Test
    @Order(LAST)
    void everyRowThatRefuses_wasMet() {
        assumeThat(System.getProperty("fuzz.seed")).isNull();
        assumeThat(TRIED).isEqualTo(theirs().map(Described::id).collect(Collectors.toSet()));

        assertThat(MET)
                .containsAll(Arrays.stream(Difference.values())
                        .filter(Difference::refuses)
                        .toList());
    }

    /** What the exchanges of one operation bring to light. */
    private static final class Findings {
        private static final int TOLD = 25;

        private final Described operation;
        private final List<String> found = new ArrayList<>();
        private final Set<String> taken = new TreeSet<>();

        Findings(Described operation) {
            this.operation = operation;
        }

        @CanIgnoreReturnValue
        boolean exchange(Request request) {
            assertThat(request.strays())
                    .as("%s is one that their contract allows", request)
                    .isEmpty();
            Exchange exchange = new Exchange(request, stage.send(request));
            found.addAll(exchange.mistakes());
            found.addAll(exchange.unexplained(MET));
            found.addAll(exchange.changed());
            if (exchange.accepted()) {
                taken.addAll(request.traces());
            }
            return exchange.accepted();
        }

        /** The first few requests that the gateway takes. */
        List<Request> taken(List<Request> requests) {
            return requests.stream().filter(this::exchange).limit(3).toList();
        }

        void assertNone() {
            assertThat(found.stream().limit(TOLD).collect(Collectors.joining("\n")))
                    .as("%d findings, the first", found.size())
                    .isEmpty();
        }

        /** The members, words and parameters that no taken request had, and no row of the list explains. */
        Set<String> neverTaken() {
            Set<String> never = Request.allTraces(operation);
            never.removeAll(taken);
            never.removeIf(Difference::neverTaken);
            return never;
        }
    }
}
