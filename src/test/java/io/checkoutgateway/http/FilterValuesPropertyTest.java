package io.checkoutgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.listing.Condition;
import io.checkoutgateway.listing.Kind;
import io.checkoutgateway.listing.Operator;
import io.checkoutgateway.testing.Fuzz;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every filter. */
class FilterValuesPropertyTest {
    private static final Set<Operator> SEVERAL = Set.of(Operator.OEQ, Operator.OCONTAINS);
    private static final Set<Operator> NONE = Set.of(Operator.EXISTS, Operator.NEXISTS);

    private static List<Condition> read(Kind kind, Object value) {
        return FilterValues.read(
                new JsonObject().put("filter", new JsonObject(Map.of("field", value))),
                name -> Optional.of(name).filter("field"::equals),
                field -> kind,
                (field, condition) -> condition);
    }

    private static JsonObject conditionOf(String operator, String value) {
        return new JsonObject(Map.of(operator, value));
    }

    /** Whatever comes is either understood or refused as the caller's mistake; nothing else is thrown. */
    @Property(tries = 2_000, seed = Fuzz.PROPERTY_SEED)
    void read_anything_isTakenWithinItsLimitsOrRefused(
            @ForAll Kind kind, @ForAll("words") String operator, @ForAll("texts") String value) {
        try {
            assertThat(read(kind, conditionOf(operator, value))).singleElement().satisfies(condition -> {
                assertThat(condition.values()).hasSizeLessThanOrEqualTo(50);
                assertThat(condition.values().isEmpty())
                        .isEqualTo(NONE.contains(condition.operator())
                                || (SEVERAL.contains(condition.operator())
                                        && value.replace(",", "").isBlank()));
                assertThat(value.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
                assertThat(String.join("", condition.values())).doesNotContain("\0");
            });
        } catch (GatewayException refused) {
            assertThat(refused.reason()).isEqualTo(Reason.INVALID_REQUEST);
            assertThat(refused.invalidParameters()).singleElement().satisfies(parameter -> assertThat(parameter.field())
                    .startsWith("filter[field]"));
        }
    }

    @Property(tries = 500, seed = Fuzz.PROPERTY_SEED)
    void read_textWithOneValue_isThatValue(@ForAll("single") Operator operator, @ForAll("plain") String value) {
        assertThat(read(Kind.STRING, conditionOf(operator.word(), value)))
                .containsExactly(new Condition(operator, List.of(value)));
    }

    @Property(tries = 500, seed = Fuzz.PROPERTY_SEED)
    void read_severalValues_areThoseBetweenTheCommas(@ForAll("lists") List<String> values) {
        String joined = String.join(" , ", values);
        List<String> kept = values.stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();

        for (Operator operator : SEVERAL) {
            assertThat(read(Kind.STRING, conditionOf(operator.word(), joined)))
                    .containsExactly(new Condition(operator, kept));
        }
    }

    @Property(tries = 300, seed = Fuzz.PROPERTY_SEED)
    void read_shortForm_isEqualOrExists(@ForAll("plain") String value) {
        Condition expected = value.isEmpty()
                ? new Condition(Operator.EXISTS, List.of())
                : new Condition(Operator.EQ, List.of(value));

        assertThat(read(Kind.STRING, value)).containsExactly(expected);
    }

    @Property(tries = 300, seed = Fuzz.PROPERTY_SEED)
    void read_severalOperators_areAllRead(@ForAll("operatorSets") Set<Operator> operators) {
        JsonObject given = new JsonObject();
        operators.forEach(operator -> given.put(operator.word(), "true"));

        assertThat(read(Kind.STRING, given).stream().map(Condition::operator).collect(Collectors.toSet()))
                .isEqualTo(operators);
    }

    @Example
    void read_falseExistence_isTheOpposite() {
        assertThat(read(Kind.ULID, conditionOf("exists", "false")))
                .containsExactly(new Condition(Operator.NEXISTS, List.of()));
        assertThat(read(Kind.ULID, conditionOf("nexists", "false")))
                .containsExactly(new Condition(Operator.EXISTS, List.of()));
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        Arrays.stream(Operator.values()).map(Operator::word).toList()),
                Arbitraries.strings().ofMaxLength(10));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(40),
                Arbitraries.strings().withChars("a, ,").ofMaxLength(200),
                Arbitraries.strings().withChars('ü', 'x').ofMinLength(500).ofMaxLength(1100),
                Arbitraries.of("true", "false", "7", "2026-01-31T12:00:00Z", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "\0"));
    }

    @Provide
    Arbitrary<String> plain() {
        return Arbitraries.strings().alpha().numeric().withChars(" ,%_'\"[]").ofMaxLength(40);
    }

    @Provide
    Arbitrary<List<String>> lists() {
        return Arbitraries.strings()
                .alpha()
                .withChars(' ')
                .ofMaxLength(8)
                .list()
                .ofMinSize(1)
                .ofMaxSize(50);
    }

    @Provide
    Arbitrary<Operator> single() {
        return Arbitraries.of(Operator.class)
                .filter(operator -> !SEVERAL.contains(operator) && !NONE.contains(operator));
    }

    @Provide
    Arbitrary<Set<Operator>> operatorSets() {
        return Arbitraries.of(Operator.class).set();
    }
}
